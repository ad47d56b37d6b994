import type { Tag } from '@aws-sdk/client-kinesis';
import type { Stream } from './engine/stream.ts';
import { errors } from './errors.ts';
import { checkTagCharacters } from './inputs.ts';
import { MAX_TAGS } from './limits.ts';

export function addTags({ name, accountId, tags }: Stream, added: Readonly<Record<string, string>>): void {
  checkTagCharacters('add', Object.entries(added).flat(), name, accountId);
  if (new Set([...tags.keys(), ...Object.keys(added)]).size > MAX_TAGS) {
    throw errors.invalid(
      `Failed to add tags to stream ${name} under account ${accountId} because a given stream cannot have more than ` +
        `${MAX_TAGS} tags associated with it.`,
    );
  }
  for (const [key, value] of Object.entries(added)) tags.set(key, value);
}

export function removeTags({ name, accountId, tags }: Stream, keys: readonly string[]): void {
  checkTagCharacters('remove', keys, name, accountId);
  for (const key of keys) tags.delete(key);
}

/** In the order of their keys. */
export function listTags({ tags }: Stream): Tag[] {
  return [...tags].sort(([a], [b]) => (a < b ? -1 : 1)).map(([Key, Value]) => ({ Key, Value }));
}
