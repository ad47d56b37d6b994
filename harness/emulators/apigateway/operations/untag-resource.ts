import { UntagResource$, type UntagResourceRequest } from '@aws-sdk/client-api-gateway';
import { operation } from './operation.ts';
import { tagsOf } from './tagged.ts';

export const untagResource = operation(UntagResource$, ({ store }, input: UntagResourceRequest, call) => {
  const tags = tagsOf(store, call, input.resourceArn);
  for (const key of input.tagKeys ?? []) tags.delete(key);
  return {};
});
