import { TagResource$, type TagResourceRequest } from '@aws-sdk/client-pinpoint';
import { operation } from './operation.ts';
import { tagsOf } from './tagged.ts';
import { readTags } from './tags.ts';

export const tagResource = operation(TagResource$, (home, { ResourceArn, TagsModel }: TagResourceRequest): void => {
  const tags = tagsOf(home, ResourceArn);
  for (const [key, value] of readTags(TagsModel?.tags, tags)) tags.set(key, value);
});
