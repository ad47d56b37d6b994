import { StartStreamEncryption$, type StartStreamEncryptionCommandInput } from '@aws-sdk/client-kinesis';
import type { Operation } from '../../../edge/emulator.ts';
import { checkEncryption } from '../encryption.ts';
import type { Streams } from '../streams.ts';

export function startStreamEncryption(streams: Streams): Operation<StartStreamEncryptionCommandInput> {
  return {
    schema: StartStreamEncryption$,
    run(input, call) {
      checkEncryption(input);
      const stream = streams.getActive(input, call);
      streams.update(stream, () => {
        stream.keyId = input.KeyId;
      });
    },
  };
}
