import { Database } from '../database.ts';
import { jsonLog } from '../log.ts';
import { databaseSettings } from '../settings.ts';
import { consume } from './consume.ts';
import { type EventTable, eventTable } from './event-table.ts';
import type { SqsBatchResponse, SqsEvent } from './sqs-event.ts';

// One invocation at a time runs in an environment, so one connection is enough; the next invocation finds it open. Both
// limits, twice, are less than the function's timeout of 10 s: a connection that died is replaced within one run.
const CONNECTION = { connections: 1, connectWithinMs: 2_000, answerWithinMs: 2_500 };

let table: EventTable | undefined;

/** The event worker: writes the events of a batch of SQS messages to MySQL, each as one row. */
export async function handler(event: SqsEvent): Promise<SqsBatchResponse> {
  table ??= eventTable(new Database(databaseSettings(process.env), CONNECTION));
  return consume(event.Records, table, jsonLog);
}
