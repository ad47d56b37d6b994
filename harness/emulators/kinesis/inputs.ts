import { errors } from './errors.ts';
import {
  MAX_ARN_LENGTH,
  MAX_NAME_LENGTH,
  MAX_TAG_KEY_LENGTH,
  MAX_TAG_VALUE_LENGTH,
  MAX_TAGS,
  NAME_PATTERN,
  STREAM_ARN_PATTERN,
} from './limits.ts';
import type { StreamNames } from './streams.ts';
import { Violations } from './violations.ts';

/** Name or ARN of a stream, one of which there must be. */
export function checkNames(violations: Violations, { StreamName, StreamARN }: StreamNames): void {
  if (StreamARN === undefined && !violations.required('streamName', StreamName)) return;
  violations.text('streamName', StreamName, 1, MAX_NAME_LENGTH, NAME_PATTERN);
  violations.text('streamARN', StreamARN, 1, MAX_ARN_LENGTH, STREAM_ARN_PATTERN);
}

/** For operations of which the stream is all there is to check. */
export function requireNames(names: StreamNames): void {
  const violations = new Violations();
  checkNames(violations, names);
  violations.raise();
}

export function checkShardId(violations: Violations, path: string, shardId: string | undefined): void {
  violations.text(path, shardId, 1, MAX_NAME_LENGTH, NAME_PATTERN);
}

/** The index of the shard that an id names: AWS takes it with or without what comes before the number. */
export function shardIndexOf(shardId: string): number | undefined {
  const digits = /^(?:[^-]*-)?(\d+)$/.exec(shardId)?.[1];
  const index = Number(digits ?? Number.NaN);
  return index <= 0x7fff_ffff ? index : undefined;
}

const INVALID_CHARACTER = /[^\u00C0-\u1FFF\u2C00-\uD7FF\w./\-=+_ @%:]/;

/** What may be in a tag's key and value (developer guide, tagging). */
export function checkTagCharacters(
  action: 'add' | 'remove',
  texts: readonly string[],
  stream: string,
  account: string,
) {
  if (texts.some((text) => INVALID_CHARACTER.test(text))) {
    throw errors.invalid(
      'Some tags contain invalid characters. Valid characters: Unicode letters, digits, white space, _ . / = + - % @.',
    );
  }
  if (texts.some((text) => text.includes('%'))) {
    const what = action === 'add' ? 'add tags to' : 'remove tags from';
    throw errors.invalid(
      `Failed to ${what} stream ${stream} under account ${account} because some tags contained illegal characters. ` +
        "The allowed characters are Unicode letters, white-spaces, '_',',','/','=','+','-','@'.",
    );
  }
}

export function checkTags(violations: Violations, tags: Readonly<Record<string, string>>): void {
  violations.size('tags', Object.keys(tags).length, 1, 200);
  for (const [key, value] of Object.entries(tags)) {
    violations.text('tags.key', key, 1, MAX_TAG_KEY_LENGTH);
    violations.text('tags.value', value, 0, MAX_TAG_VALUE_LENGTH);
  }
}

export function checkTagKeys(violations: Violations, keys: readonly string[]): void {
  violations.size('tagKeys', keys.length, 1, MAX_TAGS);
  for (const [at, key] of keys.entries()) {
    violations.text(`tagKeys.${at + 1}.member`, key, 1, MAX_TAG_KEY_LENGTH);
  }
}

/** The ARN of a stream, where its name will not do; consumers, which have tags of their own on AWS, are not here. */
export function checkArn(violations: Violations, path: 'streamARN' | 'resourceARN', arn: string | undefined): void {
  if (violations.required(path, arn)) violations.text(path, arn, 1, MAX_ARN_LENGTH, STREAM_ARN_PATTERN);
}
