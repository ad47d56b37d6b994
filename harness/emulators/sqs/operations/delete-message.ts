import { DeleteMessage$, type DeleteMessageRequest } from '@aws-sdk/client-sqs';
import type { Operation } from '../../../edge/emulator.ts';
import { errors } from '../errors.ts';
import type { Queue } from '../queue.ts';
import type { Queues } from '../queues.ts';
import { readReceiptHandle } from '../receipt-handle.ts';

/** API_DeleteMessage.html */
export function deleteMessage(queues: Queues): Operation<DeleteMessageRequest, void> {
  return {
    schema: DeleteMessage$,
    run({ QueueUrl, ReceiptHandle }, call) {
      const queue = queues.get(QueueUrl, call);
      const id = deleteByHandle(queue, ReceiptHandle);
      queues.journal.deleted(queue, id === undefined ? [] : [id], 1, call);
      queue.messages.deliver();
    },
  };
}

/**
 * Deletes what the handle is of, and answers with the message's id. Undefined for a message that is gone already, and
 * for one that was received again since: that stays, and AWS says nothing of it either.
 */
export function deleteByHandle(queue: Queue, handle: string | undefined): string | undefined {
  if (!handle) throw errors.missing('ReceiptHandle');
  const { messageId, receive } = readReceiptHandle(queue.id, handle);
  const outcome = queue.messages.delete(messageId, receive);
  if (outcome === 'expired') throw errors.invalidValue(handle, 'ReceiptHandle', 'The receipt handle has expired.');
  return outcome === 'done' ? messageId : undefined;
}
