import {
  GetFunctionCodeSigningConfig$,
  type GetFunctionCodeSigningConfigRequest,
  type GetFunctionCodeSigningConfigResponse,
} from '@aws-sdk/client-lambda';
import { readFunctionName } from '../names.ts';
import { operation } from './operation.ts';

/** No function has one; then AWS answers without a member, for which the SDK's type has no room. Terraform asks. */
export const getFunctionCodeSigningConfig = operation(
  GetFunctionCodeSigningConfig$,
  ({ functions }, input: GetFunctionCodeSigningConfigRequest, call): Partial<GetFunctionCodeSigningConfigResponse> => {
    functions.latest(readFunctionName('GetFunctionCodeSigningConfig', call, input.FunctionName));
    return {};
  },
);
