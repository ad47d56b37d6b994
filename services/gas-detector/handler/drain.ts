import type { Log } from './log.ts';
import type { Reading } from './reading.ts';
import { Refused, type Store } from './store.ts';
import { reasonOf } from './take.ts';

/** What Lambda hands to a function for a batch of SQS messages, as far as it is used here. */
export interface SqsEvent {
  readonly Records: readonly SqsRecord[];
}

export interface SqsRecord {
  readonly messageId: string;
  readonly body: string;
}

/** The messages that Lambda is to leave in the queue; it deletes the others. An empty list: all went well. */
export interface SqsBatchResponse {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/**
 * Stores readings that waited in the queue, with the `date` at which they were posted. What cannot be stored stays in
 * the queue and, after as many tries as its redrive policy says, in the dead-letter queue. Once OpenSearch is found to
 * be away, the rest of the batch is not tried.
 */
export async function drain(records: readonly SqsRecord[], store: Store, log: Log): Promise<SqsBatchResponse> {
  const failed: SqsRecord[] = [];
  let away = false;
  for (const record of records) {
    if (!away) {
      try {
        await store.put(JSON.parse(record.body) as Reading);
        continue;
      } catch (error) {
        away = !(error instanceof Refused || error instanceof SyntaxError);
        log('error', 'A waiting reading could not be stored', { messageId: record.messageId, reason: reasonOf(error) });
      }
    }
    failed.push(record);
  }
  log('info', 'Waiting readings were worked on', { messages: records.length, failed: failed.length });
  return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
}
