import * as es from '@aws-sdk/client-elasticsearch-service';
import * as os from '@aws-sdk/client-opensearch';
import type { Call, Operation } from '../../../edge/emulator.ts';
import type { Domains } from '../domains.ts';
import { errors } from '../errors.ts';

/** Source: API reference, AddTags and Tag. */
const MAX_TAGS = 50;
const MAX_KEY_LENGTH = 128;
const MAX_VALUE_LENGTH = 256;

/** AddTags, RemoveTags and ListTags, which both APIs have alike. */
export function tags(domains: Domains): Operation[] {
  const add = ({ ARN = '', TagList = [] }: os.AddTagsRequest, call: Call): void => {
    const domain = domains.byArn(ARN, call);
    const all = new Map([...domain.tags, ...checkTags(TagList)]);
    checkCount(all.size);
    for (const [key, value] of all) domain.tags.set(key, value);
  };
  const remove = ({ ARN = '', TagKeys = [] }: os.RemoveTagsRequest, call: Call): void => {
    const domain = domains.byArn(ARN, call);
    for (const key of TagKeys) domain.tags.delete(key);
  };
  const list = ({ ARN = '' }: os.ListTagsRequest, call: Call): os.ListTagsResponse => ({
    TagList: [...domains.byArn(ARN, call).tags].map(([Key, Value]) => ({ Key, Value })),
  });
  return [os, es].flatMap(({ AddTags$, RemoveTags$, ListTags$ }): Operation[] => [
    { schema: AddTags$, run: add } as Operation,
    { schema: RemoveTags$, run: remove } as Operation,
    { schema: ListTags$, run: list } as Operation,
  ]);
}

export function checkTags(list: readonly os.Tag[]): Map<string, string> {
  const checked = new Map<string, string>();
  for (const { Key = '', Value = '' } of list) {
    if (Key === '' || Key.length > MAX_KEY_LENGTH) {
      throw errors.invalid(`Tag keys must have 1 to ${MAX_KEY_LENGTH} characters.`);
    }
    if (Value.length > MAX_VALUE_LENGTH) {
      throw errors.invalid(`Tag values must have at most ${MAX_VALUE_LENGTH} characters.`);
    }
    checked.set(Key, Value);
  }
  checkCount(checked.size);
  return checked;
}

function checkCount(count: number): void {
  if (count > MAX_TAGS) throw errors.invalid(`A domain can have at most ${MAX_TAGS} tags.`);
}
