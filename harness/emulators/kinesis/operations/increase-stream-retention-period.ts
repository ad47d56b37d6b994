import {
  IncreaseStreamRetentionPeriod$,
  type IncreaseStreamRetentionPeriodCommandInput,
} from '@aws-sdk/client-kinesis';
import type { Operation } from '../../../edge/emulator.ts';
import { errors } from '../errors.ts';
import { readHours } from '../retention.ts';
import type { Streams } from '../streams.ts';

export function increaseStreamRetentionPeriod(streams: Streams): Operation<IncreaseStreamRetentionPeriodCommandInput> {
  return {
    schema: IncreaseStreamRetentionPeriod$,
    run(input, call) {
      const hours = readHours(input);
      const stream = streams.get(input, call);
      if (hours < stream.retentionHours) {
        throw errors.invalid(
          `Requested retention period (${hours} hours) for stream ${stream.name} can not be shorter than existing ` +
            `retention period (${stream.retentionHours} hours). Use DecreaseRetentionPeriod API.`,
        );
      }
      stream.retentionHours = hours;
    },
  };
}
