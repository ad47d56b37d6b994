import {
  ListTagsForDeliveryStream$,
  type ListTagsForDeliveryStreamInput,
  type ListTagsForDeliveryStreamOutput,
  type Tag,
} from '@aws-sdk/client-firehose';
import type { Operation } from '../../../edge/emulator.ts';
import type { DeliveryStreams } from '../delivery-streams.ts';
import { MAX_TAGS } from '../limits.ts';
import { Violations } from '../violations.ts';
import { checkName } from './names.ts';
import { checkTagKey } from './tags.ts';

export function listTagsForDeliveryStream(
  streams: DeliveryStreams,
): Operation<ListTagsForDeliveryStreamInput, ListTagsForDeliveryStreamOutput> {
  return {
    schema: ListTagsForDeliveryStream$,
    run({ DeliveryStreamName: name, ExclusiveStartTagKey: after, Limit: limit = MAX_TAGS }, call) {
      const violations = new Violations();
      checkName(name, violations);
      if (after !== undefined) checkTagKey(after, 'exclusiveStartTagKey', violations);
      violations.range('limit', limit, 1, MAX_TAGS);
      violations.raise();
      const tags = [...streams.get(name ?? '', call).tags]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .filter(([key]) => after === undefined || key > after)
        .map(([Key, Value]): Tag => (Value === undefined ? { Key } : { Key, Value }));
      return { Tags: tags.slice(0, limit), HasMoreTags: tags.length > limit };
    },
  };
}
