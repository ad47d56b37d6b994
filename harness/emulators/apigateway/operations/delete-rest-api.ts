import { DeleteRestApi$, type DeleteRestApiRequest } from '@aws-sdk/client-api-gateway';
import { operation } from './operation.ts';

export const deleteRestApi = operation(DeleteRestApi$, ({ store }, input: DeleteRestApiRequest, call) => {
  store.apis.delete(store.api(call, input.restApiId).id);
  return {};
});
