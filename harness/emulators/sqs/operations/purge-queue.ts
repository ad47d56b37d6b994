import { PurgeQueue$, type PurgeQueueRequest } from '@aws-sdk/client-sqs';
import type { Operation } from '../../../edge/emulator.ts';
import { errors } from '../errors.ts';
import { PURGE_AGAIN_AFTER_MS } from '../limits.ts';
import type { Queues } from '../queues.ts';

/** API_PurgeQueue.html */
export function purgeQueue(queues: Queues): Operation<PurgeQueueRequest, void> {
  return {
    schema: PurgeQueue$,
    run({ QueueUrl }, call) {
      const queue = queues.get(QueueUrl, call);
      const now = queues.context.clock.now();
      if (queue.purgedAt !== undefined && Math.abs(now - queue.purgedAt) < PURGE_AGAIN_AFTER_MS) {
        throw errors.purgeInProgress(queue.name);
      }
      queue.purgedAt = now;
      queues.journal.dropped(queue, queue.messages.drain(), call, 'PurgeQueue');
      queue.deduplication.clear();
    },
  };
}
