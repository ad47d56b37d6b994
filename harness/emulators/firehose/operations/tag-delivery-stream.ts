import {
  TagDeliveryStream$,
  type TagDeliveryStreamInput,
  type TagDeliveryStreamOutput,
} from '@aws-sdk/client-firehose';
import type { Operation } from '../../../edge/emulator.ts';
import type { DeliveryStreams } from '../delivery-streams.ts';
import { Violations } from '../violations.ts';
import { checkName } from './names.ts';
import { addTags, checkTags } from './tags.ts';

export function tagDeliveryStream(
  streams: DeliveryStreams,
): Operation<TagDeliveryStreamInput, TagDeliveryStreamOutput> {
  return {
    schema: TagDeliveryStream$,
    run({ DeliveryStreamName: name, Tags: tags }, call) {
      const violations = new Violations();
      checkName(name, violations);
      if (violations.required('tags', tags)) checkTags(tags, violations);
      violations.raise();
      addTags(streams.get(name ?? '', call), tags ?? []);
      return {};
    },
  };
}
