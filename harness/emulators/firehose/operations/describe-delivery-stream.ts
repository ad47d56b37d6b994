import {
  DescribeDeliveryStream$,
  type DescribeDeliveryStreamInput,
  type DescribeDeliveryStreamOutput,
} from '@aws-sdk/client-firehose';
import type { Operation } from '../../../edge/emulator.ts';
import type { DeliveryStreams } from '../delivery-streams.ts';
import { DESTINATION_ID } from '../destinations/destination.ts';
import { Violations } from '../violations.ts';
import { checkName, DESTINATION_ID_PATTERN, MAX_DESTINATION_ID_LENGTH } from './names.ts';

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
      const after = input.ExclusiveStartDestinationId;
      violations.text('exclusiveStartDestinationId', after, 1, MAX_DESTINATION_ID_LENGTH, DESTINATION_ID_PATTERN);
      violations.raise();
      const description = streams.get(input.DeliveryStreamName ?? '', call).describe();
      if (after === undefined || after < DESTINATION_ID) return { DeliveryStreamDescription: description };
      return { DeliveryStreamDescription: { ...description, Destinations: [] } };
    },
  };
}
