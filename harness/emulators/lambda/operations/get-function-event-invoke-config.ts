import {
  type FunctionEventInvokeConfig,
  GetFunctionEventInvokeConfig$,
  type GetFunctionEventInvokeConfigRequest,
} from '@aws-sdk/client-lambda';
import { readFunctionName } from '../names.ts';
import { configShape, findConfig } from './event-invoke.ts';
import { operation } from './operation.ts';

export const getFunctionEventInvokeConfig = operation(
  GetFunctionEventInvokeConfig$,
  (parts, input: GetFunctionEventInvokeConfigRequest, call): FunctionEventInvokeConfig =>
    configShape(
      findConfig(parts, readFunctionName('GetFunctionEventInvokeConfig', call, input.FunctionName, input.Qualifier)),
    ),
);
