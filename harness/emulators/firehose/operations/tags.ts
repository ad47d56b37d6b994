import type { Tag } from '@aws-sdk/client-firehose';
import type { DeliveryStream } from '../delivery-stream.ts';
import { errors } from '../errors.ts';
import { MAX_TAG_KEY_LENGTH, MAX_TAG_VALUE_LENGTH, MAX_TAGS } from '../limits.ts';
import type { Violations } from '../violations.ts';

const KEY_PATTERN = '^(?!aws:)[\\p{L}\\p{Z}\\p{N}_.:\\/=+\\-@%]*$';
const VALUE_PATTERN = '^[\\p{L}\\p{Z}\\p{N}_.:\\/=+\\-@%]*$';

export function checkTags(tags: readonly Tag[], violations: Violations): void {
  violations.list('tags', tags, 1, MAX_TAGS);
  tags.forEach((tag, index) => {
    const path = `tags.${index + 1}.member`;
    if (violations.required(`${path}.key`, tag?.Key)) {
      violations.text(`${path}.key`, tag.Key, 1, MAX_TAG_KEY_LENGTH, KEY_PATTERN);
    }
    violations.text(`${path}.value`, tag?.Value, 0, MAX_TAG_VALUE_LENGTH, VALUE_PATTERN);
  });
}

export function checkTagKey(key: string, path: string, violations: Violations): void {
  violations.text(path, key, 1, MAX_TAG_KEY_LENGTH, KEY_PATTERN);
}

/** @throws LimitExceededException */
export function addTags(stream: DeliveryStream, tags: readonly Tag[]): void {
  const keys = new Set([...stream.tags.keys(), ...tags.map((tag) => tag.Key)]);
  if (keys.size > MAX_TAGS) throw errors.limit(`A delivery stream can have up to ${MAX_TAGS} tags`);
  for (const tag of tags) stream.tags.set(tag.Key ?? '', tag.Value);
}
