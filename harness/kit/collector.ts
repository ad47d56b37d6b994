import { GetQueueAttributesCommand, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import type { ControlClient } from '../control/client.ts';
import { type Answer, createSender, type SendOptions } from './http.ts';
import { outputReader } from './outputs.ts';

/** What the collector takes: `POST /api/collect`. */
export interface CollectedEvent {
  readonly event_id: string;
  readonly event: string;
  readonly user_id: string;
  readonly parameters: { readonly order_id: string; readonly currency: string; readonly price: number } | null;
}

/** How often each event id is in a table, and how many rows there are. */
export interface Rows {
  readonly total: number;
  readonly copies: ReadonlyMap<string, number>;
}

/** The collector, as its users meet it, and its sinks. */
export interface Collector {
  /** Its public address, such as `http://127.0.0.1:8080`. */
  readonly url: string;
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
  readonly naiveQueueUrl: string;
  readonly naiveDeadLetterQueueUrl: string;
  readonly worker: string;
  readonly naiveWorker: string;
  /** Sends a request to a path of the API. */
  send(method: 'GET' | 'POST', path: string, options?: SendOptions): Promise<Answer>;
  /** Posts an event to `/api/collect`. */
  collect(event: CollectedEvent): Promise<Answer>;
  /** `POST /api/search`. */
  // biome-ignore lint/suspicious/noExplicitAny: a story looks into whatever came back.
  search(userId: string): Promise<any>;
  /** What is in the worker's table, or in the naive worker's. */
  rows(table?: 'events' | 'naive_events'): Promise<Rows>;
  /** Messages that can be received, those being worked on, and those delayed. */
  depth(queueUrl: string): Promise<number>;
  /** Takes messages out of a queue for a look; they are hidden from others meanwhile. */
  look(queueUrl: string): Promise<readonly { readonly messageId: string; readonly body: string }[]>;
  /** Runs a statement on the collector's database, as its administrator. */
  sql(statement: string): Promise<readonly RowDataPacket[]>;
}

export async function createCollector(bench: ControlClient, sqs: SQSClient): Promise<Collector & { close(): void }> {
  const output = outputReader(await bench.outputs(), 'collector');
  const sender = createSender();
  const url = output('Url');
  const send: Collector['send'] = (method, path, options) => sender.send(method, url + path, options);

  const sql: Collector['sql'] = async (statement) => {
    const { mysql } = await bench.status();
    if (mysql === null) throw new Error('MySQL is away.');
    const { host, port, user, password } = mysql;
    const connection = await createConnection({ host, port, user, password, database: output('DatabaseName') });
    try {
      const [rows] = await connection.query<RowDataPacket[]>(statement);
      return rows;
    } finally {
      connection.destroy();
    }
  };

  return {
    url,
    queueUrl: output('QueueUrl'),
    deadLetterQueueUrl: output('DeadLetterQueueUrl'),
    naiveQueueUrl: output('NaiveQueueUrl'),
    naiveDeadLetterQueueUrl: output('NaiveDeadLetterQueueUrl'),
    worker: output('WorkerName'),
    naiveWorker: output('NaiveWorkerName'),
    send,
    collect: (event) => send('POST', '/api/collect', { body: JSON.stringify(event) }),
    async search(userId) {
      const answer = await send('POST', '/api/search', { body: JSON.stringify({ user_id: userId }) });
      if (answer.status !== 200) throw new Error(`The search was answered with ${answer.status}: ${answer.text}`);
      return answer.json;
    },
    async rows(table = 'events') {
      const counted = await sql(`SELECT event_id, COUNT(*) AS copies FROM ${table} GROUP BY event_id`);
      const copies = new Map(counted.map((row) => [String(row.event_id), Number(row.copies)]));
      return { copies, total: [...copies.values()].reduce((sum, count) => sum + count, 0) };
    },
    async depth(queueUrl) {
      const names = [
        'ApproximateNumberOfMessages',
        'ApproximateNumberOfMessagesNotVisible',
        'ApproximateNumberOfMessagesDelayed',
      ] as const;
      const { Attributes = {} } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: [...names] }),
      );
      return names.reduce((sum, name) => sum + Number(Attributes[name] ?? 0), 0);
    },
    async look(queueUrl) {
      const found: { messageId: string; body: string }[] = [];
      for (;;) {
        const { Messages = [] } = await sqs.send(
          new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 3600 }),
        );
        if (Messages.length === 0) return found;
        found.push(...Messages.map(({ MessageId = '', Body = '' }) => ({ messageId: MessageId, body: Body })));
      }
    },
    sql,
    close: () => sender.close(),
  };
}
