import {
  ListTagsForStream$,
  type ListTagsForStreamCommandInput,
  type ListTagsForStreamCommandOutput,
} from '@aws-sdk/client-kinesis';
import type { Operation } from '../../../edge/emulator.ts';
import { checkNames } from '../inputs.ts';
import { MAX_TAG_KEY_LENGTH, MAX_TAGS } from '../limits.ts';
import type { Streams } from '../streams.ts';
import { listTags } from '../tags.ts';
import { Violations } from '../violations.ts';

export function listTagsForStream(
  streams: Streams,
): Operation<ListTagsForStreamCommandInput, Omit<ListTagsForStreamCommandOutput, '$metadata'>> {
  return {
    schema: ListTagsForStream$,
    run(input, call) {
      const { Limit = MAX_TAGS, ExclusiveStartTagKey: after = '' } = input;
      const violations = new Violations();
      checkNames(violations, input);
      violations.range('limit', Limit, 1, MAX_TAGS);
      violations.text('exclusiveStartTagKey', input.ExclusiveStartTagKey, 1, MAX_TAG_KEY_LENGTH);
      violations.raise();
      const tags = listTags(streams.get(input, call)).filter(({ Key = '' }) => Key > after);
      return { Tags: tags.slice(0, Limit), HasMoreTags: tags.length > Limit };
    },
  };
}
