import {
  GetRuntimeManagementConfig$,
  type GetRuntimeManagementConfigRequest,
  type GetRuntimeManagementConfigResponse,
} from '@aws-sdk/client-lambda';
import { readFunctionName } from '../names.ts';
import { operation } from './operation.ts';

export const getRuntimeManagementConfig = operation(
  GetRuntimeManagementConfig$,
  ({ functions }, input: GetRuntimeManagementConfigRequest, call): GetRuntimeManagementConfigResponse => {
    const name = readFunctionName('GetRuntimeManagementConfig', call, input.FunctionName, input.Qualifier);
    const { runtimeManagement, arn } = functions.latest(name);
    return {
      FunctionArn: `${arn}:$LATEST`,
      UpdateRuntimeOn: runtimeManagement.updateRuntimeOn as never,
      ...(runtimeManagement.runtimeVersionArn ? { RuntimeVersionArn: runtimeManagement.runtimeVersionArn } : {}),
    };
  },
);
