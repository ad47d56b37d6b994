import {
  DecreaseStreamRetentionPeriod$,
  type DecreaseStreamRetentionPeriodCommandInput,
} from '@aws-sdk/client-kinesis';
import type { Operation } from '../../../edge/emulator.ts';
import { errors } from '../errors.ts';
import { readHours } from '../retention.ts';
import type { Streams } from '../streams.ts';

export function decreaseStreamRetentionPeriod(streams: Streams): Operation<DecreaseStreamRetentionPeriodCommandInput> {
  return {
    schema: DecreaseStreamRetentionPeriod$,
    run(input, call) {
      const hours = readHours(input);
      const stream = streams.get(input, call);
      if (hours > stream.retentionHours) {
        throw errors.invalid(
          `Requested retention period (${hours} hours) for stream ${stream.name} can not be longer than existing ` +
            `retention period (${stream.retentionHours} hours). Use IncreaseRetentionPeriod API.`,
        );
      }
      stream.retentionHours = hours;
    },
  };
}
