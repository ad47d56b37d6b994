import {
  SendMessageBatch$,
  type SendMessageBatchRequest,
  type SendMessageBatchRequestEntry,
  type SendMessageBatchResult,
} from '@aws-sdk/client-sqs';
import { AwsError } from '../../../edge/aws-error.ts';
import type { Operation } from '../../../edge/emulator.ts';
import { type BatchOutcome, checkBatch, runBatch } from '../batch.ts';
import { errors } from '../errors.ts';
import { MAX_MESSAGE_BYTES } from '../limits.ts';
import { sizeOf } from '../message-attributes.ts';
import type { Queue } from '../queue.ts';
import type { Queues } from '../queues.ts';
import { inBatch, noDeduplicationId, Sending, type Sent } from '../sending.ts';

/** API_SendMessageBatch.html */
export function sendMessageBatch(
  queues: Queues,
): Operation<SendMessageBatchRequest, SendMessageBatchResult | BatchOutcome<Sent>> {
  return {
    schema: SendMessageBatch$,
    run({ QueueUrl, Entries }, call) {
      const queue = queues.get(QueueUrl, call);
      const entries = checkBatch(Entries, 'SendMessageBatchRequestEntry');
      checkFifo(queue, entries);
      const bytes = entries.reduce((sum, entry) => sum + bytesOf(entry), 0);
      if (bytes > MAX_MESSAGE_BYTES) throw errors.batchTooLong(bytes);

      const sending = new Sending(queues, queue, call);
      const outcome = runBatch(entries, (entry) => {
        try {
          return sending.send(entry);
        } catch (error) {
          throw error instanceof AwsError ? inBatch(error) : error;
        }
      });
      sending.finish();
      return outcome;
    },
  };
}

/** What a FIFO queue needs to know of each message is a matter of the whole batch. */
function checkFifo(queue: Queue, entries: readonly SendMessageBatchRequestEntry[]): void {
  if (!queue.fifo) return;
  const byContent = queue.attributes.get('ContentBasedDeduplication') === 'true';
  for (const { MessageDeduplicationId, MessageGroupId } of entries) {
    if (!byContent && MessageDeduplicationId === undefined) throw noDeduplicationId();
    if (MessageGroupId === undefined) {
      throw errors.invalid('The request must contain the parameter MessageGroupId.');
    }
  }
}

function bytesOf({ MessageBody = '', MessageAttributes = {} }: SendMessageBatchRequestEntry): number {
  return Buffer.byteLength(MessageBody) + sizeOf(MessageAttributes);
}
