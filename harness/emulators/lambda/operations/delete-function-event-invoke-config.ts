import { DeleteFunctionEventInvokeConfig$, type DeleteFunctionEventInvokeConfigRequest } from '@aws-sdk/client-lambda';
import type { LambdaFunction } from '../functions/function.ts';
import { readFunctionName } from '../names.ts';
import { findConfig } from './event-invoke.ts';
import { operation } from './operation.ts';

export const deleteFunctionEventInvokeConfig = operation(
  DeleteFunctionEventInvokeConfig$,
  (parts, input: DeleteFunctionEventInvokeConfigRequest, call) => {
    const name = readFunctionName('DeleteFunctionEventInvokeConfig', call, input.FunctionName, input.Qualifier);
    const found: LambdaFunction = findConfig(parts, name);
    found.eventInvokeConfig = undefined;
  },
);
