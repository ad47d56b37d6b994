import { UpdateStreamMode$, type UpdateStreamModeCommandInput } from '@aws-sdk/client-kinesis';
import type { Operation } from '../../../edge/emulator.ts';
import type { StreamMode } from '../engine/stream.ts';
import { errors } from '../errors.ts';
import { checkNames } from '../inputs.ts';
import type { Streams } from '../streams.ts';
import { Violations } from '../violations.ts';

export function updateStreamMode(streams: Streams): Operation<UpdateStreamModeCommandInput> {
  return {
    schema: UpdateStreamMode$,
    run(input, call) {
      const { StreamARN, StreamModeDetails, WarmThroughputMiBps } = input;
      const mode = StreamModeDetails?.StreamMode;
      const violations = new Violations();
      checkNames(violations, { StreamARN });
      if (violations.required('streamModeDetails', StreamModeDetails)) {
        if (violations.required('streamModeDetails.streamMode', mode)) {
          violations.oneOf('streamModeDetails.streamMode', mode, ['PROVISIONED', 'ON_DEMAND']);
        }
      }
      violations.raise();
      if (WarmThroughputMiBps !== undefined) throw errors.invalid('WarmThroughputMiBps is not supported by naetmul.');
      const stream = streams.getActive({ StreamARN }, call);
      streams.update(stream, () => {
        stream.mode = mode as StreamMode;
      });
    },
  };
}
