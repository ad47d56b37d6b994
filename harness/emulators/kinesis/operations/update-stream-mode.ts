import { UpdateStreamMode$, type UpdateStreamModeCommandInput } from '@aws-sdk/client-kinesis';
import type { Operation } from '../../../edge/emulator.ts';
import { inTheLastDay } from '../daily.ts';
import type { StreamMode } from '../engine/stream.ts';
import { errors } from '../errors.ts';
import { checkArn } from '../inputs.ts';
import { MAX_MODE_CHANGES_PER_DAY } from '../limits.ts';
import type { Streams } from '../streams.ts';
import { Violations } from '../violations.ts';

export function updateStreamMode(streams: Streams): Operation<UpdateStreamModeCommandInput> {
  return {
    schema: UpdateStreamMode$,
    run(input, call) {
      const { StreamARN, StreamModeDetails, WarmThroughputMiBps } = input;
      const mode = StreamModeDetails?.StreamMode;
      const violations = new Violations();
      checkArn(violations, 'streamARN', StreamARN);
      if (violations.required('streamModeDetails', StreamModeDetails)) {
        if (violations.required('streamModeDetails.streamMode', mode)) {
          violations.oneOf('streamModeDetails.streamMode', mode, ['PROVISIONED', 'ON_DEMAND']);
        }
      }
      violations.raise();
      if (WarmThroughputMiBps !== undefined) throw errors.invalid('WarmThroughputMiBps is not supported by naetmul.');
      const stream = streams.getActive({ StreamARN }, call);
      const now = streams.context.clock.now();
      if (inTheLastDay(stream.modeChanges, now) >= MAX_MODE_CHANGES_PER_DAY) {
        throw errors.limit(
          `The mode of stream ${stream.name} has been changed ${MAX_MODE_CHANGES_PER_DAY} times in 24 hours already.`,
        );
      }
      stream.modeChanges.push(now);
      streams.update(stream, () => {
        stream.mode = mode as StreamMode;
      });
    },
  };
}
