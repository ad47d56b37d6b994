import {
  ListDeliveryStreams$,
  type ListDeliveryStreamsInput,
  type ListDeliveryStreamsOutput,
} from '@aws-sdk/client-firehose';
import type { Operation } from '../../../edge/emulator.ts';
import type { DeliveryStreams } from '../delivery-streams.ts';
import { DEFAULT_LIST_LIMIT, MAX_LIST_LIMIT, MAX_NAME_LENGTH, NAME_PATTERN } from '../limits.ts';
import { Violations } from '../violations.ts';

const TYPES = ['DirectPut', 'KinesisStreamAsSource', 'MSKAsSource', 'DatabaseAsSource'];

export function listDeliveryStreams(
  streams: DeliveryStreams,
): Operation<ListDeliveryStreamsInput, ListDeliveryStreamsOutput> {
  return {
    schema: ListDeliveryStreams$,
    run(
      { Limit: limit = DEFAULT_LIST_LIMIT, DeliveryStreamType: type, ExclusiveStartDeliveryStreamName: after },
      call,
    ) {
      const violations = new Violations();
      violations.range('limit', limit, 1, MAX_LIST_LIMIT);
      violations.oneOf('deliveryStreamType', type, TYPES);
      violations.text('exclusiveStartDeliveryStreamName', after, 1, MAX_NAME_LENGTH, NAME_PATTERN);
      violations.raise();
      const names = streams
        .list(call)
        .filter((stream) => type === undefined || stream.type === type)
        .map((stream) => stream.name)
        .filter((name) => after === undefined || name > after);
      return { DeliveryStreamNames: names.slice(0, limit), HasMoreDeliveryStreams: names.length > limit };
    },
  };
}
