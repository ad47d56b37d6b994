import { GetApiKey$, type GetApiKeyRequest } from '@aws-sdk/client-api-gateway';
import { operation } from '../../operations/operation.ts';
import { apiKeyShape } from '../shapes.ts';

export const getApiKey = operation(GetApiKey$, ({ store }, input: GetApiKeyRequest, call) =>
  apiKeyShape(store.usage.key(call, input.apiKey), { value: input.includeValue ?? false, tags: true }),
);
