import * as api from '@aws-sdk/client-iot';
import { errors } from '../errors.ts';
import { MAX_TAGS } from '../limits.ts';
import type { Home } from '../registry/home.ts';
import { Violations } from '../violations.ts';
import { type OperationMaker, operation } from './operation.ts';

const tagResource = operation(
  api.TagResource$,
  (home, { resourceArn, tags }: api.TagResourceRequest): api.TagResourceResponse => {
    const present = tagsOf(home, resourceArn);
    const all = new Map([...present, ...readTags(tags)]);
    if (all.size > MAX_TAGS) throw errors.overLimit(`A resource may have at most ${MAX_TAGS} tags.`);
    for (const [key, value] of all) present.set(key, value);
    return {};
  },
);

const untagResource = operation(
  api.UntagResource$,
  (home, { resourceArn, tagKeys = [] }: api.UntagResourceRequest): api.UntagResourceResponse => {
    const present = tagsOf(home, resourceArn);
    for (const key of tagKeys) present.delete(key);
    return {};
  },
);

const listTagsForResource = operation(
  api.ListTagsForResource$,
  (home, { resourceArn }: api.ListTagsForResourceRequest): api.ListTagsForResourceResponse => ({
    tags: [...tagsOf(home, resourceArn)].map(([Key, Value]) => ({ Key, Value })),
  }),
);

export const tags: readonly OperationMaker[] = [tagResource, untagResource, listTagsForResource];

/** @throws InvalidRequestException, LimitExceededException */
export function readTags(given: readonly api.Tag[] | undefined): Map<string, string> {
  const violations = new Violations();
  const read = new Map<string, string>();
  for (const [index, { Key, Value = '' }] of (given ?? []).entries()) {
    read.set(violations.text(`tags.${index + 1}.member.key`, Key, 128), Value);
    violations.text(`tags.${index + 1}.member.value`, Value, 256, undefined, 0);
  }
  violations.raise();
  if (read.size > MAX_TAGS) throw errors.overLimit(`A resource may have at most ${MAX_TAGS} tags.`);
  return read;
}

function tagsOf(home: Home, resourceArn: string | undefined): Map<string, string> {
  const violations = new Violations();
  const arn = violations.text('resourceArn', resourceArn, Number.POSITIVE_INFINITY);
  violations.raise();
  const tagged = [...home.policies.values(), ...home.rules.values()].find((resource) => resource.arn === arn);
  if (!tagged) throw errors.notFound(`Resource not found: ${arn}`);
  return tagged.tags;
}
