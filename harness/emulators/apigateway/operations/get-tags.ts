import { GetTags$, type GetTagsRequest } from '@aws-sdk/client-api-gateway';
import { operation } from './operation.ts';
import { tagsOf } from './tagged.ts';

export const getTags = operation(GetTags$, ({ store }, input: GetTagsRequest, call) => ({
  tags: Object.fromEntries(tagsOf(store, call, input.resourceArn)),
}));
