import { DeleteRestApi$, type DeleteRestApiRequest } from '@aws-sdk/client-api-gateway';
import { operation } from './operation.ts';

export const deleteRestApi = operation(DeleteRestApi$, ({ store }, input: DeleteRestApiRequest, call) => {
  const { id } = store.api(call, input.restApiId);
  store.domains.refuseWhileMapped(id);
  store.apis.delete(id);
  return {};
});
