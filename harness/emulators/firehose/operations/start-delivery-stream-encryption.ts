import {
  StartDeliveryStreamEncryption$,
  type StartDeliveryStreamEncryptionInput,
  type StartDeliveryStreamEncryptionOutput,
} from '@aws-sdk/client-firehose';
import type { Operation } from '../../../edge/emulator.ts';
import type { DeliveryStreams } from '../delivery-streams.ts';
import { Violations } from '../violations.ts';
import { checkEncryption, readKey, streamToEncrypt } from './encryption.ts';
import { checkName } from './names.ts';

/** Of a stream that is encrypted already it changes the key. */
export function startDeliveryStreamEncryption(
  streams: DeliveryStreams,
): Operation<StartDeliveryStreamEncryptionInput, StartDeliveryStreamEncryptionOutput> {
  return {
    schema: StartDeliveryStreamEncryption$,
    async run({ DeliveryStreamName: name, DeliveryStreamEncryptionConfigurationInput: input }, call) {
      const violations = new Violations();
      checkName(name, violations);
      checkEncryption(input, violations);
      violations.raise();
      const key = await readKey(input ?? {}, streams.context.aws);
      streamToEncrypt(streams, name ?? '', call).encryption.start(key);
      return {};
    },
  };
}
