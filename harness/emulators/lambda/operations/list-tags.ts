import { ListTags$, type ListTagsRequest, type ListTagsResponse } from '@aws-sdk/client-lambda';
import { operation } from './operation.ts';
import { tagsOf } from './tagged.ts';

export const listTags = operation(
  ListTags$,
  (parts, input: ListTagsRequest, call): ListTagsResponse => ({
    Tags: Object.fromEntries(tagsOf(parts, call, input.Resource)),
  }),
);
