import { TagResource$, type TagResourceRequest } from '@aws-sdk/client-lambda';
import { errors } from '../errors.ts';
import { MAX_TAGS } from '../limits.ts';
import { operation } from './operation.ts';
import { tagsOf } from './tagged.ts';

export const tagResource = operation(TagResource$, (parts, input: TagResourceRequest, call) => {
  const given = Object.entries(input.Tags ?? {});
  if (given.length === 0) throw errors.invalid('An error occurred and the request cannot be processed.');
  const tags = tagsOf(parts, call, input.Resource);
  if (new Set([...tags.keys(), ...given.map(([key]) => key)]).size > MAX_TAGS) {
    throw errors.invalid('Number of tags exceeds resource tag limit.');
  }
  for (const [key, value] of given) tags.set(key, value);
});
