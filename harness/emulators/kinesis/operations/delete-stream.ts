import { DeleteStream$, type DeleteStreamCommandInput } from '@aws-sdk/client-kinesis';
import type { Operation } from '../../../edge/emulator.ts';
import { requireNames } from '../inputs.ts';
import type { Streams } from '../streams.ts';

export function deleteStream(streams: Streams): Operation<DeleteStreamCommandInput> {
  return {
    schema: DeleteStream$,
    run(input, call) {
      requireNames(input);
      streams.delete(streams.get(input, call), call);
    },
  };
}
