import { UpdateApiKey$, type UpdateApiKeyRequest } from '@aws-sdk/client-api-gateway';
import { operation } from '../../operations/operation.ts';
import { onlyReplace, type Patch, readPatches, unknownPath } from '../../patch.ts';
import type { ApiKey } from '../model.ts';
import { apiKeyShape } from '../shapes.ts';
import { checkKeyDescription, checkKeyName } from './api-key-checks.ts';

const PATHS = ['/description', '/enabled', '/name', '/customerId'];

export const updateApiKey = operation(UpdateApiKey$, ({ store, clock }, input: UpdateApiKeyRequest, call) => {
  const key = store.usage.key(call, input.apiKey);
  const changes = readPatches(input.patchOperations, 'updateApiKeyInput').map(changeOf);
  for (const change of changes) change(key);
  key.lastUpdatedDate = new Date(clock.now());
  return apiKeyShape(key, { tags: true });
});

function changeOf(patch: Patch): (key: ApiKey) => void {
  const { path, value } = patch;
  if (!PATHS.includes(path)) throw unknownPath(patch, PATHS);
  onlyReplace(patch);
  switch (path) {
    case '/description':
      checkKeyDescription(value);
      return (key) => {
        key.description = value || undefined;
      };
    case '/name':
      checkKeyName(value);
      return (key) => {
        key.name = value || undefined;
      };
    case '/customerId':
      return (key) => {
        key.customerId = value || undefined;
      };
    default:
      // Anything but `true` is false (recorded).
      return (key) => {
        key.enabled = value?.toLowerCase() === 'true';
      };
  }
}
