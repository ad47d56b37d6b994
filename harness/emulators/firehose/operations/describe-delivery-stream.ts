import {
  DescribeDeliveryStream$,
  type DescribeDeliveryStreamInput,
  type DescribeDeliveryStreamOutput,
} from '@aws-sdk/client-firehose';
import type { Operation } from '../../../edge/emulator.ts';
import type { DeliveryStreams } from '../delivery-streams.ts';
import { Violations } from '../violations.ts';
import { checkName } from './names.ts';

const MAX_DESTINATIONS = 10_000;

export function describeDeliveryStream(
  streams: DeliveryStreams,
): Operation<DescribeDeliveryStreamInput, DescribeDeliveryStreamOutput> {
  return {
    schema: DescribeDeliveryStream$,
    run(input, call) {
      const violations = new Violations();
      checkName(input.DeliveryStreamName, violations);
      violations.range('limit', input.Limit, 1, MAX_DESTINATIONS);
      violations.raise();
      return { DeliveryStreamDescription: streams.get(input.DeliveryStreamName ?? '', call).describe() };
    },
  };
}
