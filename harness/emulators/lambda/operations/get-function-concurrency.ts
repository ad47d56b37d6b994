import {
  GetFunctionConcurrency$,
  type GetFunctionConcurrencyRequest,
  type GetFunctionConcurrencyResponse,
} from '@aws-sdk/client-lambda';
import { readFunctionName } from '../names.ts';
import { operation } from './operation.ts';

export const getFunctionConcurrency = operation(
  GetFunctionConcurrency$,
  ({ functions }, input: GetFunctionConcurrencyRequest, call): GetFunctionConcurrencyResponse => {
    const { reservedConcurrency } = functions.latest(
      readFunctionName('GetFunctionConcurrency', call, input.FunctionName),
    );
    return reservedConcurrency === undefined ? {} : { ReservedConcurrentExecutions: reservedConcurrency };
  },
);
