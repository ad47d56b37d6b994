import { DeleteFunctionConcurrency$, type DeleteFunctionConcurrencyRequest } from '@aws-sdk/client-lambda';
import { readFunctionName } from '../names.ts';
import { operation } from './operation.ts';

export const deleteFunctionConcurrency = operation(
  DeleteFunctionConcurrency$,
  ({ functions }, input: DeleteFunctionConcurrencyRequest, call) => {
    const found = functions.latest(readFunctionName('DeleteFunctionConcurrency', call, input.FunctionName));
    found.reservedConcurrency = undefined;
    found.revision = { ...found.revision, reservedConcurrency: undefined };
  },
);
