import { ListFunctions$, type ListFunctionsRequest, type ListFunctionsResponse } from '@aws-sdk/client-lambda';
import { shapeOf } from '../functions/function.ts';
import { DEFAULT_FUNCTIONS_PAGE } from '../limits.ts';
import { operation } from './operation.ts';
import { page } from './paging.ts';
import { Violations } from './violations.ts';

export const listFunctions = operation(
  ListFunctions$,
  ({ functions }, input: ListFunctionsRequest, call): ListFunctionsResponse => {
    const violations = new Violations();
    violations.oneOf('functionVersion', input.FunctionVersion, ['ALL']);
    violations.raise();
    const qualifier = input.FunctionVersion === 'ALL' ? ':$LATEST' : '';
    const { items, next } = page(functions.list(call), input, DEFAULT_FUNCTIONS_PAGE);
    return {
      ...next,
      Functions: items.map((one) => ({ ...shapeOf(one, 'listed'), FunctionArn: one.arn + qualifier })),
    };
  },
);
