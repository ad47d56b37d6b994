import { RemovePermission$, type RemovePermissionRequest } from '@aws-sdk/client-sqs';
import type { Operation } from '../../../edge/emulator.ts';
import { errors } from '../errors.ts';
import { removePermission as remove } from '../permissions.ts';
import type { Queues } from '../queues.ts';

/** API_RemovePermission.html */
export function removePermission(queues: Queues): Operation<RemovePermissionRequest, void> {
  return {
    schema: RemovePermission$,
    run({ QueueUrl, Label }, call) {
      const queue = queues.get(QueueUrl, call);
      if (!Label) throw errors.missing('Label');
      remove(queue, Label);
    },
  };
}
