import { DeleteMethod$, type DeleteMethodRequest } from '@aws-sdk/client-api-gateway';
import { findMethod, findResource, type MethodAddress } from '../store/store.ts';
import { operation } from './operation.ts';

export const deleteMethod = operation(DeleteMethod$, ({ store }, input: DeleteMethodRequest, call) => {
  const method = findMethod(store, call, input as MethodAddress);
  findResource(store, call, input.restApiId, input.resourceId).methods.delete(method.httpMethod);
  return {};
});
