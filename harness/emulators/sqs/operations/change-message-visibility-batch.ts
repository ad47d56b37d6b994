import {
  ChangeMessageVisibilityBatch$,
  type ChangeMessageVisibilityBatchRequest,
  type ChangeMessageVisibilityBatchResult,
} from '@aws-sdk/client-sqs';
import type { Operation } from '../../../edge/emulator.ts';
import { type BatchOutcome, checkBatch, runBatch } from '../batch.ts';
import type { Queues } from '../queues.ts';
import { changeByHandle } from './change-message-visibility.ts';

/** API_ChangeMessageVisibilityBatch.html */
export function changeMessageVisibilityBatch(
  queues: Queues,
): Operation<ChangeMessageVisibilityBatchRequest, ChangeMessageVisibilityBatchResult | BatchOutcome<object>> {
  return {
    schema: ChangeMessageVisibilityBatch$,
    run({ QueueUrl, Entries }, call) {
      const queue = queues.get(QueueUrl, call);
      const entries = checkBatch(Entries, 'ChangeMessageVisibilityBatchRequestEntry');
      const outcome = runBatch(entries, (entry) => {
        changeByHandle(queue, entry);
        return {};
      });
      queue.messages.deliver();
      return outcome;
    },
  };
}
