import { RATES_TAG, readRates } from '../email/recipient.ts';
import { errors } from '../errors.ts';
import { MAX_TAG_KEY_LENGTH, MAX_TAG_VALUE_LENGTH, MAX_TAGS } from '../limits.ts';

/** @throws BadRequestException */
export function readTags(given: Readonly<Record<string, string>> | undefined, present?: ReadonlyMap<string, string>) {
  const tags = new Map([...(present ?? []), ...Object.entries(given ?? {})]);
  if (tags.size > MAX_TAGS) throw errors.bad(`A resource can have at most ${MAX_TAGS} tags`);
  for (const [key, value] of tags) {
    if (key === '' || key.length > MAX_TAG_KEY_LENGTH) {
      throw errors.bad(`Tag keys must have 1 to ${MAX_TAG_KEY_LENGTH} characters`);
    }
    if (value.length > MAX_TAG_VALUE_LENGTH) {
      throw errors.bad(`Tag values must have at most ${MAX_TAG_VALUE_LENGTH} characters`);
    }
  }
  readRates(tags.get(RATES_TAG));
  return tags;
}

/** As answers have them: not at all where there are none. */
export function writeTags(tags: ReadonlyMap<string, string>): { tags?: Record<string, string> } {
  return tags.size === 0 ? {} : { tags: Object.fromEntries(tags) };
}
