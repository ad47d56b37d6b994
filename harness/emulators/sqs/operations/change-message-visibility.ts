import { ChangeMessageVisibility$, type ChangeMessageVisibilityRequest } from '@aws-sdk/client-sqs';
import type { Operation } from '../../../edge/emulator.ts';
import { errors } from '../errors.ts';
import { MAX_VISIBILITY_TIMEOUT } from '../limits.ts';
import type { Queue } from '../queue.ts';
import type { Queues } from '../queues.ts';
import { readReceiptHandle } from '../receipt-handle.ts';

/** API_ChangeMessageVisibility.html */
export function changeMessageVisibility(queues: Queues): Operation<ChangeMessageVisibilityRequest, void> {
  return {
    schema: ChangeMessageVisibility$,
    run({ QueueUrl, ...change }, call) {
      const queue = queues.get(QueueUrl, call);
      changeByHandle(queue, change);
      queue.messages.deliver();
    },
  };
}

export interface VisibilityChange {
  readonly ReceiptHandle?: string | undefined;
  readonly VisibilityTimeout?: number | undefined;
}

export function changeByHandle(queue: Queue, { ReceiptHandle: handle, VisibilityTimeout: timeout }: VisibilityChange) {
  if (!handle) throw errors.missing('ReceiptHandle');
  if (timeout === undefined) throw errors.missing('VisibilityTimeout');
  if (timeout < 0 || timeout > MAX_VISIBILITY_TIMEOUT) {
    const reason = `VisibilityTimeout must be an integer between 0 and ${MAX_VISIBILITY_TIMEOUT}.`;
    throw errors.invalidValue(timeout, 'VisibilityTimeout', reason);
  }
  const { messageId, receive } = readReceiptHandle(queue.id, handle);
  const outcome = queue.messages.changeVisibility(messageId, receive, timeout * 1000);
  if (outcome === 'beyond the limit') {
    const reason = `Total VisibilityTimeout for the message is beyond the limit [${MAX_VISIBILITY_TIMEOUT} seconds].`;
    throw errors.invalidValue(timeout, 'VisibilityTimeout', reason);
  }
  // A standard queue's message that is visible again, or was received again, stays as it is without a word.
  if (outcome === 'no such message' || (queue.fifo && outcome !== 'done')) {
    const reason = 'Message does not exist or is not available for visibility timeout change.';
    throw errors.invalidValue(handle, 'ReceiptHandle', reason);
  }
}
