import {
  PutRuntimeManagementConfig$,
  type PutRuntimeManagementConfigRequest,
  type PutRuntimeManagementConfigResponse,
} from '@aws-sdk/client-lambda';
import { readFunctionName } from '../names.ts';
import { operation } from './operation.ts';
import { Violations } from './violations.ts';

/** Kept and shown; what runs functions here is what is installed. */
export const putRuntimeManagementConfig = operation(
  PutRuntimeManagementConfig$,
  ({ functions }, input: PutRuntimeManagementConfigRequest, call): PutRuntimeManagementConfigResponse => {
    const name = readFunctionName('PutRuntimeManagementConfig', call, input.FunctionName, input.Qualifier);
    const violations = new Violations();
    violations.required('updateRuntimeOn', input.UpdateRuntimeOn);
    violations.oneOf('updateRuntimeOn', input.UpdateRuntimeOn, ['Auto', 'Manual', 'FunctionUpdate']);
    violations.raise();
    const found = functions.latest(name);
    const updateRuntimeOn = input.UpdateRuntimeOn ?? 'Auto';
    found.runtimeManagement = { updateRuntimeOn, runtimeVersionArn: input.RuntimeVersionArn };
    return {
      FunctionArn: `${found.arn}:$LATEST`,
      UpdateRuntimeOn: updateRuntimeOn,
      ...(input.RuntimeVersionArn ? { RuntimeVersionArn: input.RuntimeVersionArn } : {}),
    };
  },
);
