import {
  DeleteDeliveryStream$,
  type DeleteDeliveryStreamInput,
  type DeleteDeliveryStreamOutput,
} from '@aws-sdk/client-firehose';
import type { Operation } from '../../../edge/emulator.ts';
import type { DeliveryStreams } from '../delivery-streams.ts';
import { Violations } from '../violations.ts';
import { checkName } from './names.ts';

/** `AllowForceDelete` is about grants of KMS keys, which no delivery stream here has. */
export function deleteDeliveryStream(
  streams: DeliveryStreams,
): Operation<DeleteDeliveryStreamInput, DeleteDeliveryStreamOutput> {
  return {
    schema: DeleteDeliveryStream$,
    run(input, call) {
      const violations = new Violations();
      checkName(input.DeliveryStreamName, violations);
      violations.raise();
      streams.delete(input.DeliveryStreamName ?? '', call);
      return {};
    },
  };
}
