import { AddPermission$, type AddPermissionRequest } from '@aws-sdk/client-sqs';
import type { Operation } from '../../../edge/emulator.ts';
import { errors } from '../errors.ts';
import { addPermission as add } from '../permissions.ts';
import type { Queues } from '../queues.ts';

/** API_AddPermission.html */
export function addPermission(queues: Queues): Operation<AddPermissionRequest, void> {
  return {
    schema: AddPermission$,
    run({ QueueUrl, Label, AWSAccountIds, Actions }, call) {
      const queue = queues.get(QueueUrl, call);
      if (!Label) throw errors.missing('Label');
      if (!AWSAccountIds?.length) throw errors.missing('AWSAccountIds');
      if (!Actions?.length) throw errors.missing('Actions');
      add(queue, Label, AWSAccountIds, Actions);
    },
  };
}
