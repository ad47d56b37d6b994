import {
  GetFunctionRecursionConfig$,
  type GetFunctionRecursionConfigRequest,
  type GetFunctionRecursionConfigResponse,
} from '@aws-sdk/client-lambda';
import { readFunctionName } from '../names.ts';
import { operation } from './operation.ts';

export const getFunctionRecursionConfig = operation(
  GetFunctionRecursionConfig$,
  ({ functions }, input: GetFunctionRecursionConfigRequest, call): GetFunctionRecursionConfigResponse => ({
    RecursiveLoop: functions.latest(readFunctionName('GetFunctionRecursionConfig', call, input.FunctionName))
      .recursiveLoop,
  }),
);
