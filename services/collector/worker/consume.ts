import { DatabaseUnavailable } from '../database.ts';
import { type EventMessage, messageSchema } from '../event.ts';
import type { Log } from '../log.ts';
import { type Validated, validate } from '../validate.ts';
import type { EventTable } from './event-table.ts';
import type { SqsBatchResponse, SqsRecord } from './sqs-event.ts';

interface Message {
  readonly record: SqsRecord;
  readonly event: EventMessage;
}

/**
 * Stores a batch of messages and says which of them are to stay in the queue: those that are no events, and those that
 * could not be written. Each of these has a line in the log.
 *
 * Errors: `DatabaseUnavailable` if nothing of the batch could be written because the database is away. The whole batch
 * stays in the queue then too; that it ends as an error makes it seen in the function's metrics.
 */
export async function consume(records: readonly SqsRecord[], table: EventTable, log: Log): Promise<SqsBatchResponse> {
  const failed: SqsRecord[] = [];
  const fail = (record: SqsRecord, reason: string): void => {
    failed.push(record);
    const { ApproximateReceiveCount: receives } = record.attributes ?? {};
    log('error', 'A message failed', { messageId: record.messageId, receives, reason });
  };

  const messages: Message[] = [];
  for (const record of records) {
    const read = readMessage(record.body);
    if (read.ok) messages.push({ record, event: read.value });
    else fail(record, read.reason);
  }
  const rows = await store(messages, table, fail);
  log('info', 'A batch was worked on', { messages: records.length, newRows: rows, failed: failed.length });
  return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
}

function readMessage(body: string): Validated<EventMessage> {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch (error) {
    return { ok: false, reason: `the message is not JSON: ${(error as Error).message}` };
  }
  return validate(messageSchema, value, 'the message');
}

/** All at once; if the database refuses that, one by one, so that each fails for itself. Gives the number of new rows. */
async function store(
  messages: readonly Message[],
  table: EventTable,
  fail: (record: SqsRecord, reason: string) => void,
): Promise<number> {
  if (messages.length === 0) return 0;
  // Two workers that lock the same rows in the same order do not lock each other out.
  const ordered = messages.toSorted((a, b) => (a.event.event_id < b.event.event_id ? -1 : 1));
  try {
    return await table.insert(ordered.map(({ event }) => event));
  } catch (error) {
    if (error instanceof DatabaseUnavailable) throw error;
  }
  let rows = 0;
  let away: DatabaseUnavailable | undefined;
  for (const { record, event } of ordered) {
    if (away !== undefined) {
      fail(record, away.message);
      continue;
    }
    try {
      rows += await table.insert([event]);
    } catch (error) {
      if (error instanceof DatabaseUnavailable) away = error;
      fail(record, reasonOf(error));
    }
  }
  return rows;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
