import {
  StopDeliveryStreamEncryption$,
  type StopDeliveryStreamEncryptionInput,
  type StopDeliveryStreamEncryptionOutput,
} from '@aws-sdk/client-firehose';
import type { Operation } from '../../../edge/emulator.ts';
import type { DeliveryStreams } from '../delivery-streams.ts';
import { Violations } from '../violations.ts';
import { streamToEncrypt } from './encryption.ts';
import { checkName } from './names.ts';

export function stopDeliveryStreamEncryption(
  streams: DeliveryStreams,
): Operation<StopDeliveryStreamEncryptionInput, StopDeliveryStreamEncryptionOutput> {
  return {
    schema: StopDeliveryStreamEncryption$,
    run({ DeliveryStreamName: name }, call) {
      const violations = new Violations();
      checkName(name, violations);
      violations.raise();
      streamToEncrypt(streams, name ?? '', call).encryption.stop();
      return {};
    },
  };
}
