import { DeleteQueue$, type DeleteQueueRequest } from '@aws-sdk/client-sqs';
import type { Operation } from '../../../edge/emulator.ts';
import type { Queues } from '../queues.ts';

/** API_DeleteQueue.html */
export function deleteQueue(queues: Queues): Operation<DeleteQueueRequest, void> {
  return {
    schema: DeleteQueue$,
    run: ({ QueueUrl }, call) => queues.delete(queues.get(QueueUrl, call), call),
  };
}
