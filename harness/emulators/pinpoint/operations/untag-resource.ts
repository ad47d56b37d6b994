import { UntagResource$, type UntagResourceRequest } from '@aws-sdk/client-pinpoint';
import { operation } from './operation.ts';
import { tagsOf } from './tagged.ts';

export const untagResource = operation(UntagResource$, (home, input: UntagResourceRequest): void => {
  const tags = tagsOf(home, input.ResourceArn);
  for (const key of input.TagKeys ?? []) tags.delete(key);
});
