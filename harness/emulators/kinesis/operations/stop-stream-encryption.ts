import { StopStreamEncryption$, type StopStreamEncryptionCommandInput } from '@aws-sdk/client-kinesis';
import type { Operation } from '../../../edge/emulator.ts';
import { checkEncryption } from '../encryption.ts';
import type { Streams } from '../streams.ts';

export function stopStreamEncryption(streams: Streams): Operation<StopStreamEncryptionCommandInput> {
  return {
    schema: StopStreamEncryption$,
    run(input, call) {
      checkEncryption(input);
      const stream = streams.getActive(input, call);
      streams.update(stream, () => {
        stream.keyId = undefined;
      });
    },
  };
}
