import { DeleteIntegration$, type DeleteIntegrationRequest } from '@aws-sdk/client-api-gateway';
import { findIntegration, findMethod, type MethodAddress } from '../store/store.ts';
import { operation } from './operation.ts';

export const deleteIntegration = operation(DeleteIntegration$, ({ store }, input: DeleteIntegrationRequest, call) => {
  findIntegration(store, call, input as MethodAddress);
  findMethod(store, call, input as MethodAddress).integration = undefined;
  return {};
});
