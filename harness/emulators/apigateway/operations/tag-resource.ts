import { TagResource$, type TagResourceRequest } from '@aws-sdk/client-api-gateway';
import { operation } from './operation.ts';
import { tagsOf } from './tagged.ts';

export const tagResource = operation(TagResource$, ({ store }, input: TagResourceRequest, call) => {
  const tags = tagsOf(store, call, input.resourceArn);
  for (const [key, value] of Object.entries(input.tags ?? {})) tags.set(key, value);
  return {};
});
