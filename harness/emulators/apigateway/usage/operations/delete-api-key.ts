import { DeleteApiKey$, type DeleteApiKeyRequest } from '@aws-sdk/client-api-gateway';
import { operation } from '../../operations/operation.ts';

export const deleteApiKey = operation(DeleteApiKey$, ({ store }, input: DeleteApiKeyRequest, call) => {
  store.usage.removeKey(store.usage.key(call, input.apiKey).id);
  return {};
});
