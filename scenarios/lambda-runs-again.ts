import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetQueueAttributesCommand, SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import {
  type AwsClients,
  type Collector,
  checkCopies,
  describe,
  expect,
  type Rows,
  scenario,
} from '../harness/kit/index.ts';

const EVENTS = 10;
/** What the template's redrive policy allows: a message that failed so often goes to the dead-letter queue. */
const RECEIVES = 4;

const body = (n: number) =>
  JSON.stringify({
    event_id: `e${n}`,
    event: 'purchase',
    user_id: 'u1',
    event_datetime: '2022-01-27T05:48:25.000000Z',
    parameters: null,
  });

/** One batch of ten messages; returns their ids. */
async function sendBatch(aws: AwsClients, queueUrl: string): Promise<string[]> {
  const { Successful = [] } = await aws.sqs.send(
    new SendMessageBatchCommand({
      QueueUrl: queueUrl,
      Entries: Array.from({ length: EVENTS }, (_, n) => ({ Id: `m${n}`, MessageBody: body(n) })),
    }),
  );
  expect(Successful).toHaveLength(EVENTS);
  return Successful.map(({ MessageId = '' }) => MessageId);
}

/** The event an SQS mapping would hand over, for invoking a worker in another way. */
function asSqsEvent(): string {
  const Records = Array.from({ length: EVENTS }, (_, n) => ({
    messageId: `m${n}`,
    receiptHandle: `r${n}`,
    body: body(n),
    attributes: { ApproximateReceiveCount: '1' },
    messageAttributes: {},
    eventSource: 'aws:sqs',
    awsRegion: 'ap-northeast-2',
  }));
  return JSON.stringify({ Records });
}

const copiesOf = (rows: Rows) => [...new Set(rows.copies.values())].toSorted();

interface Worker {
  readonly title: string;
  readonly table: 'events' | 'naive_events';
  readonly name: (collector: Collector) => string;
  readonly queueUrl: (collector: Collector) => string;
  readonly deadLetterQueueUrl: (collector: Collector) => string;
  /** How many rows of one event `runs` runs leave behind. */
  readonly rowsAfter: (runs: number) => number;
}

const WORKERS: readonly Worker[] = [
  {
    title: 'the naive worker',
    table: 'naive_events',
    name: (collector) => collector.naiveWorker,
    queueUrl: (collector) => collector.naiveQueueUrl,
    deadLetterQueueUrl: (collector) => collector.naiveDeadLetterQueueUrl,
    rowsAfter: (runs) => runs,
  },
  {
    title: 'the worker',
    table: 'events',
    name: (collector) => collector.worker,
    queueUrl: (collector) => collector.queueUrl,
    deadLetterQueueUrl: (collector) => collector.deadLetterQueueUrl,
    rowsAfter: () => 1,
  },
];

describe.for(WORKERS)('$title', (worker) => {
  const multiplies = worker.table === 'naive_events' ? 'leaves a row for each run' : 'leaves one row';

  scenario(
    `${multiplies} when the answer is lost after the commit, three times`,
    async ({ testbench, aws, clock, collector, eventually, tell }) => {
      await clock.set('2022-01-27T14:48:25+09:00');
      await testbench.addFault({ at: `lambda/${worker.name(collector)}`, kind: 'lose-response', times: RECEIVES - 1 });

      await tell.step('Ten messages; the function commits, and its answer is lost on the way, three times');
      const [message = ''] = await sendBatch(aws, worker.queueUrl(collector));
      await eventually(async () => expect((await collector.rows(worker.table)).total).toBe(EVENTS));
      await clock.advance('30m');

      await tell.step('The fourth run succeeds, and the queue is empty');
      expect(await collector.depth(worker.queueUrl(collector))).toBe(0);
      expect(await collector.depth(worker.deadLetterQueueUrl(collector))).toBe(0);
      const rows = await collector.rows(worker.table);
      tell.figure('rows of each event', copiesOf(rows).join(', '));
      expect(copiesOf(rows)).toEqual([worker.rowsAfter(RECEIVES)]);
      // "One row per event id" holds for the worker, and the same check catches the naive one.
      const sent = Array.from({ length: EVENTS }, (_, n) => `e${n}`);
      expect(checkCopies(sent, rows.copies, { atMost: 1 }).ok).toBe(worker.table === 'events');
      expect(checkCopies(sent, rows.copies, { atMost: RECEIVES }).ok).toBe(true);

      await tell.step('The ledger says of each run how it ended');
      const journey = await tell.journey('One message', message);
      const runs = journey.steps.filter(({ detail }) => detail?.outcome !== undefined);
      expect(runs.map(({ detail }) => [detail?.attempt, detail?.outcome])).toEqual([
        [1, 'committed, response lost'],
        [2, 'committed, response lost'],
        [3, 'committed, response lost'],
        [4, 'succeeded'],
      ]);
    },
  );

  scenario(
    `${multiplies} when it times out after the insert, and its messages end in the dead-letter queue`,
    async ({ testbench, aws, clock, collector, tell }) => {
      await clock.set('2022-01-27T14:48:25+09:00');
      await testbench.addFault({ at: `lambda/${worker.name(collector)}`, kind: 'time-out', times: RECEIVES });
      await tell.step('Every run stores its events and is killed by the time-out before it can say so');
      await sendBatch(aws, worker.queueUrl(collector));
      await clock.advance('30m');

      await tell.step('After four receives the queue gives up: the events are stored, and in the dead-letter queue');
      expect(await collector.depth(worker.queueUrl(collector))).toBe(0);
      expect(await collector.depth(worker.deadLetterQueueUrl(collector))).toBe(EVENTS);
      const rows = await collector.rows(worker.table);
      tell.figure('rows of each event', copiesOf(rows).join(', '));
      expect(copiesOf(rows)).toEqual([worker.rowsAfter(RECEIVES)]);
    },
  );

  scenario(
    `${multiplies} when its environment crashes after the commit`,
    async ({ testbench, aws, clock, collector, tell }) => {
      await clock.set('2022-01-27T14:48:25+09:00');
      await testbench.addFault({ at: `lambda/${worker.name(collector)}`, kind: 'crash' });
      await tell.step('The first run’s process is killed when its rows are committed; the second is a new process');
      await sendBatch(aws, worker.queueUrl(collector));
      await clock.advance('30m');
      const rows = await collector.rows(worker.table);
      tell.figure('rows of each event', copiesOf(rows).join(', '));
      expect(copiesOf(rows)).toEqual([worker.rowsAfter(2)]);
      expect(await collector.depth(worker.queueUrl(collector))).toBe(0);
    },
  );

  scenario(
    worker.table === 'naive_events'
      ? 'has stored the first six again at each run when it throws at the seventh of ten'
      : 'stores nine once and tries only the seventh again when that one cannot be stored',
    async ({ aws, clock, collector, eventually, tell }) => {
      await clock.set('2022-01-27T14:48:25+09:00');
      await tell.step('The database refuses the seventh event');
      await collector.sql(
        `CREATE TRIGGER refuse_seventh BEFORE INSERT ON ${worker.table} FOR EACH ROW
         IF NEW.event_id = 'e6' THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'not now'; END IF`,
      );
      await sendBatch(aws, worker.queueUrl(collector));
      const visibility = await visibilityTimeout(aws, worker.queueUrl(collector));
      const first = worker.table === 'naive_events' ? 6 : 9;
      await eventually(async () => expect((await collector.rows(worker.table)).total).toBe(first));

      await tell.step('It is tried again when the visibility timeout has passed');
      await clock.advance(`${visibility}s`);
      expect((await collector.rows(worker.table)).total).toBe(worker.table === 'naive_events' ? 12 : 9);

      await tell.step('The database recovers');
      await collector.sql('DROP TRIGGER refuse_seventh');
      await clock.advance(`${visibility}s`);
      const rows = await collector.rows(worker.table);
      tell.figure('rows of the first event', rows.copies.get('e0') ?? 0);
      tell.figure('rows of the seventh event', rows.copies.get('e6') ?? 0);
      expect(rows.copies.get('e0')).toBe(worker.rowsAfter(3));
      expect(rows.copies.get('e6')).toBe(1);
      expect(await collector.depth(worker.queueUrl(collector))).toBe(0);
    },
  );
});

describe('who multiplies, and by how much', () => {
  scenario(
    'an asynchronous invocation runs three times, an SDK three times, a queue as often as its redrive policy says',
    async ({ testbench, aws, clock, collector, eventually, tell }) => {
      await clock.set('2022-01-27T14:48:25+09:00');
      const FunctionName = collector.naiveWorker;
      const place = `lambda/${FunctionName}`;
      let before = 0;
      const copiesSince = async () => {
        const { total } = await collector.rows('naive_events');
        const copies = (total - before) / EVENTS;
        before = total;
        return copies;
      };

      await tell.step('Asynchronously: every run stores and times out; AWS tries again after one and two minutes');
      await testbench.addFault({ at: place, kind: 'time-out', times: 3 });
      const began = await clock.now();
      await aws.lambda.send(new InvokeCommand({ FunctionName, InvocationType: 'Event', Payload: asSqsEvent() }));
      await eventually(async () => expect((await collector.rows('naive_events')).total).toBe(EVENTS));
      await clock.advance('59s');
      expect((await collector.rows('naive_events')).total).toBe(EVENTS);
      await clock.advance('1s');
      expect((await collector.rows('naive_events')).total).toBe(2 * EVENTS);
      await clock.advance('119s');
      expect((await collector.rows('naive_events')).total).toBe(2 * EVENTS);
      await clock.advance('1s');
      expect((await clock.now()) - began).toBe(180_000);
      await clock.advance('6h');
      const asynchronous = await copiesSince();
      tell.figure('asynchronous invocation: copies of each event', asynchronous);
      expect(asynchronous).toBe(3);

      await tell.step('By an SDK that waits for the answer: the answer is lost, and the SDK asks again');
      await testbench.addFault({ at: place, kind: 'lose-response', times: 10 });
      const patient = new LambdaClient({
        endpoint: testbench.edge,
        region: 'ap-northeast-2',
        credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      });
      await expect(patient.send(new InvokeCommand({ FunctionName, Payload: asSqsEvent() }))).rejects.toThrow();
      patient.destroy();
      const bySdk = await copiesSince();
      tell.figure('SDK for JavaScript v3 with its default of 3 attempts: copies of each event', bySdk);
      expect(bySdk).toBe(3);

      await tell.step('By a queue: as many receives as its redrive policy allows');
      await sendBatch(aws, collector.naiveQueueUrl);
      await clock.advance('30m');
      const byQueue = await copiesSince();
      tell.figure('SQS event source mapping with maxReceiveCount 4: copies of each event', byQueue);
      expect(byQueue).toBe(RECEIVES);
    },
  );
});

async function visibilityTimeout(aws: AwsClients, queueUrl: string): Promise<number> {
  const { Attributes } = await aws.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['VisibilityTimeout'] }),
  );
  return Number(Attributes?.VisibilityTimeout);
}
