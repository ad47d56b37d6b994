import {
  ListTagsForResource$,
  type ListTagsForResourceRequest,
  type ListTagsForResourceResponse,
} from '@aws-sdk/client-pinpoint';
import { operation } from './operation.ts';
import { tagsOf } from './tagged.ts';

export const listTagsForResource = operation(
  ListTagsForResource$,
  (home, { ResourceArn }: ListTagsForResourceRequest): ListTagsForResourceResponse => ({
    TagsModel: { tags: Object.fromEntries(tagsOf(home, ResourceArn)) },
  }),
);
