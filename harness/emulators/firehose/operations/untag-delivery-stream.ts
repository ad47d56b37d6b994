import {
  UntagDeliveryStream$,
  type UntagDeliveryStreamInput,
  type UntagDeliveryStreamOutput,
} from '@aws-sdk/client-firehose';
import type { Operation } from '../../../edge/emulator.ts';
import type { DeliveryStreams } from '../delivery-streams.ts';
import { MAX_TAGS } from '../limits.ts';
import { Violations } from '../violations.ts';
import { checkName } from './names.ts';
import { checkTagKey } from './tags.ts';

export function untagDeliveryStream(
  streams: DeliveryStreams,
): Operation<UntagDeliveryStreamInput, UntagDeliveryStreamOutput> {
  return {
    schema: UntagDeliveryStream$,
    run({ DeliveryStreamName: name, TagKeys: keys }, call) {
      const violations = new Violations();
      checkName(name, violations);
      if (violations.required('tagKeys', keys)) {
        violations.list('tagKeys', keys, 1, MAX_TAGS);
        keys.forEach((key, index) => {
          checkTagKey(key, `tagKeys.${index + 1}.member`, violations);
        });
      }
      violations.raise();
      const stream = streams.get(name ?? '', call);
      for (const key of keys ?? []) stream.tags.delete(key);
      return {};
    },
  };
}
