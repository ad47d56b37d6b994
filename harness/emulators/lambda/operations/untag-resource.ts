import { UntagResource$, type UntagResourceRequest } from '@aws-sdk/client-lambda';
import { operation } from './operation.ts';
import { tagsOf } from './tagged.ts';
import { Violations } from './violations.ts';

export const untagResource = operation(UntagResource$, (parts, input: UntagResourceRequest, call) => {
  const violations = new Violations();
  violations.required('tagKeys', input.TagKeys);
  violations.raise();
  const tags = tagsOf(parts, call, input.Resource);
  for (const key of input.TagKeys ?? []) tags.delete(key);
});
