import { AwsError } from '../../edge/aws-error.ts';
import type { LogGroup } from './catalog.ts';
import { member, size, TAG_KEY, TAG_VALUE } from './constraints.ts';

/** Tags per log group: API_TagResource.html */
const MAX_TAGS = 50;

/** The ways in which `tags` break the API's model. */
export function checkTags(
  tags: Readonly<Record<string, string>> | undefined,
  required = false,
): (string | undefined)[] {
  const entries = Object.entries(tags ?? {});
  return [
    size('tags', tags && entries.length, { required, min: 1, max: MAX_TAGS }),
    ...entries.flatMap(([key, value]) => [
      member('tags', key, TAG_KEY),
      member(`tags.${key}.member`, value, TAG_VALUE),
    ]),
  ];
}

export function addTags(group: LogGroup, tags: Readonly<Record<string, string>>): void {
  const merged = new Map([...group.tags, ...Object.entries(tags)]);
  if (merged.size > MAX_TAGS) {
    throw new AwsError('TooManyTagsException', `A resource can have at most ${MAX_TAGS} tags.`, 400, {
      resourceName: group.arn,
    });
  }
  for (const [key, value] of merged) group.tags.set(key, value);
}
