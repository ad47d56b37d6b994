import { GetApiKeys$, type GetApiKeysRequest } from '@aws-sdk/client-api-gateway';
import { operation } from '../../operations/operation.ts';
import { page } from '../../operations/paging.ts';
import { apiKeyShape } from '../shapes.ts';

/** `nameQuery` is what a name begins with, in its case. */
export const getApiKeys = operation(GetApiKeys$, ({ store }, input: GetApiKeysRequest, call) => {
  const found = store.usage
    .keys(call)
    .filter((key) => !input.nameQuery || key.name?.startsWith(input.nameQuery))
    .filter((key) => !input.customerId || key.customerId === input.customerId);
  const { items, position } = page(found, input, (key) => key.id);
  return { items: items.map((key) => apiKeyShape(key, { value: input.includeValues ?? false })), position };
});
