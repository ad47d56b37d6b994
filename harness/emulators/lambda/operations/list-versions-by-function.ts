import {
  ListVersionsByFunction$,
  type ListVersionsByFunctionRequest,
  type ListVersionsByFunctionResponse,
} from '@aws-sdk/client-lambda';
import { shapeOf } from '../functions/function.ts';
import { readFunctionName } from '../names.ts';
import { operation } from './operation.ts';

/** There is only `$LATEST`. Terraform asks. */
export const listVersionsByFunction = operation(
  ListVersionsByFunction$,
  ({ functions }, input: ListVersionsByFunctionRequest, call): ListVersionsByFunctionResponse => {
    const found = functions.latest(readFunctionName('ListVersionsByFunction', call, input.FunctionName));
    return { Versions: [{ ...shapeOf(found, 'listed'), FunctionArn: `${found.arn}:$LATEST` }] };
  },
);
