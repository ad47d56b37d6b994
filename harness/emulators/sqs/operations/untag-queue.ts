import { UntagQueue$, type UntagQueueRequest } from '@aws-sdk/client-sqs';
import type { Operation } from '../../../edge/emulator.ts';
import { errors } from '../errors.ts';
import type { Queues } from '../queues.ts';

/** API_UntagQueue.html */
export function untagQueue(queues: Queues): Operation<UntagQueueRequest, void> {
  return {
    schema: UntagQueue$,
    run({ QueueUrl, TagKeys }, call) {
      const queue = queues.get(QueueUrl, call);
      if (!TagKeys) throw errors.missing('TagKeys');
      for (const key of TagKeys) queue.tags.delete(key);
    },
  };
}
