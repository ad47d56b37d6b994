import { errors } from '../errors.ts';
import { MAX_TAGS } from '../limits.ts';

/** @param tags all that the queue would have */
export function checkTags(tags: Readonly<Record<string, string>>): void {
  const keys = Object.keys(tags);
  if (keys.length > MAX_TAGS) throw errors.invalid(`A queue can have at most ${MAX_TAGS} tags.`);
  for (const key of keys) {
    if (key === '' || key.length > 128)
      throw errors.invalid('Tag keys must be between 1 and 128 characters in length.');
    if ((tags[key] ?? '').length > 256) {
      throw errors.invalid('Tag values must be between 0 and 256 characters in length.');
    }
  }
}
