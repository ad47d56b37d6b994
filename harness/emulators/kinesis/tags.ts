import type { Tag } from '@aws-sdk/client-kinesis';
import type { Stream } from './engine/stream.ts';
import { errors } from './errors.ts';
import { checkTagCharacters } from './inputs.ts';
import { MAX_TAGS } from './limits.ts';

/** Of a stream, or of one that is to be made. */
export function checkNewTags(
  { name, accountId, tags }: Pick<Stream, 'name' | 'accountId' | 'tags'>,
  added: Readonly<Record<string, string>>,
): void {
  checkTagCharacters('add', Object.entries(added).flat(), name, accountId);
  if (new Set([...tags.keys(), ...Object.keys(added)]).size > MAX_TAGS) {
    throw errors.invalid(
      `Failed to add tags to stream ${name} under account ${accountId} because a given stream cannot have more than ` +
        `${MAX_TAGS} tags associated with it.`,
    );
  }
}

export function addTags(stream: Stream, added: Readonly<Record<string, string>>): void {
  checkNewTags(stream, added);
  for (const [key, value] of Object.entries(added)) stream.tags.set(key, value);
}

export function removeTags({ name, accountId, tags }: Stream, keys: readonly string[]): void {
  checkTagCharacters('remove', keys, name, accountId);
  for (const key of keys) tags.delete(key);
}

/** In the order of their keys. */
export function listTags({ tags }: Stream): Tag[] {
  return [...tags].sort(([a], [b]) => (a < b ? -1 : 1)).map(([Key, Value]) => ({ Key, Value }));
}
