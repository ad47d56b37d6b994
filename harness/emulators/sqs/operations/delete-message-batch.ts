import {
  DeleteMessageBatch$,
  type DeleteMessageBatchRequest,
  type DeleteMessageBatchResult,
} from '@aws-sdk/client-sqs';
import type { Operation } from '../../../edge/emulator.ts';
import { type BatchOutcome, checkBatch, runBatch } from '../batch.ts';
import type { Queues } from '../queues.ts';
import { deleteByHandle } from './delete-message.ts';

/** API_DeleteMessageBatch.html */
export function deleteMessageBatch(
  queues: Queues,
): Operation<DeleteMessageBatchRequest, DeleteMessageBatchResult | BatchOutcome<object>> {
  return {
    schema: DeleteMessageBatch$,
    run({ QueueUrl, Entries }, call) {
      const queue = queues.get(QueueUrl, call);
      const entries = checkBatch(Entries, 'DeleteMessageBatchRequestEntry');
      const deleted: string[] = [];
      const outcome = runBatch(entries, ({ ReceiptHandle }) => {
        const id = deleteByHandle(queue, ReceiptHandle);
        if (id !== undefined) deleted.push(id);
        return {};
      });
      queues.journal.deleted(queue, deleted, outcome.Successful?.length ?? 0, call);
      queue.messages.deliver();
      return outcome;
    },
  };
}
