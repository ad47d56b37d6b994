import { CreateApiKey$, type CreateApiKeyRequest } from '@aws-sdk/client-api-gateway';
import { conflict, refuse } from '../../errors.ts';
import { operation } from '../../operations/operation.ts';
import { newApiId, newApiKeyValue } from '../../store/ids.ts';
import type { ApiKey } from '../model.ts';
import { apiKeyShape } from '../shapes.ts';
import { checkKeyDescription, checkKeyName, checkKeyValue } from './api-key-checks.ts';

/** A key is disabled unless its maker says otherwise. */
export const createApiKey = operation(CreateApiKey$, (parts, input: CreateApiKeyRequest, call) => {
  const { store, clock, random } = parts;
  checkKeyName(input.name);
  checkKeyDescription(input.description);
  if (input.value) checkKeyValue(input.value);
  refuse(input.stageKeys, 'keys of stages, which usage plans have replaced (stageKeys)');
  if (input.value && store.usage.keyOfValue(call, input.value)) throw conflict('API Key already exists');
  const id = newApiId(random);
  const now = new Date(clock.now());
  const key: ApiKey = {
    id,
    region: call.region,
    accountId: call.accountId,
    value: input.value || newApiKeyValue(random),
    createdDate: now,
    lastUpdatedDate: now,
    name: input.generateDistinctId && input.name ? `${input.name}-${id}` : input.name || undefined,
    description: input.description || undefined,
    customerId: input.customerId || undefined,
    enabled: input.enabled ?? false,
    tags: new Map(Object.entries(input.tags ?? {})),
  };
  store.usage.addKey(key);
  return apiKeyShape(key, { value: true });
});
