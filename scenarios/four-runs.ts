import { CreateDeliveryStreamCommand, PutRecordCommand } from '@aws-sdk/client-firehose';
import { IncreaseStreamRetentionPeriodCommand } from '@aws-sdk/client-kinesis';
import { CreateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { CreateQueueCommand, GetQueueAttributesCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import {
  type Book,
  eventsOf,
  identityOf,
  interleave,
  jumpingClock,
  POLICIES,
  type Post,
  play,
  type SenderName,
  type SentEvent,
  totalsOf,
} from '../fixtures/senders/index.ts';
import {
  type AwsClients,
  checkCopies,
  createFunction,
  createRandom,
  expect,
  type StoryClock,
  type Streams,
  scenario,
} from '../harness/kit/index.ts';
import { dedupe } from '../services/webhooks/dedupe.ts';
import { eventIdentity } from '../services/webhooks/dedupe-identity.ts';
import type { WebhookRecord } from '../services/webhooks/record.ts';

const BEGIN = '2022-01-27T00:00:00+09:00';
/** Of each sender. */
const EVENTS = 6;
/** Longer than any sender tries here: what is done for one event is over before the next is posted. */
const SPACING_MS = 90 * 60_000;
/** One of these is drawn for each event: how many times in a row its work is done and nobody is told. */
const BAD_LUCK = [0, 0, 0, 0, 1, 1, 2, 3, 4];
/** What Lambda and Firehose do: lambda.md, firehose.md. */
const ASYNC_RUNS = 3;
const TRANSFORMATION_RUNS = 4;
/** Where Firehose puts what the function did not give back. */
const FAILED = 'processing-failed/';
/** What the queue's redrive policy says. */
const RECEIVES = 4;

type Copy = Pick<WebhookRecord, 'sender' | 'event' | 'received_at'> & Partial<Pick<WebhookRecord, 'request_id'>>;

/** One way of an event to where it is written, and what is known of its retries. */
interface Way {
  readonly name: string;
  /** Who does it again, and when. */
  readonly why: string;
  /** What goes wrong here: each time the event has been written before. */
  readonly fault: { readonly at: string; readonly kind: string };
  /** How often an event can be written that is sent once. */
  mostOf(sender: SenderName): number;
  readonly post: Post;
  written(): Promise<readonly Copy[]>;
  /** Whose request id the records bear, where they bear one: that of a post, or of all that was done for it. */
  readonly requests?: 'as many as records' | 'as many as events';
  /** Of how many events it is said in the end that they failed. */
  failures(book: Book): Promise<number> | number;
}

const idOf = ({ sender, event }: Pick<Copy, 'sender' | 'event'>) => identityOf(sender as SenderName, event);

/** The events, one after the other, and each one's bad luck: the same for every way. */
function eventsFrom(from: number): readonly { readonly event: SentEvent; readonly losses: number }[] {
  const series = { seed: 'four runs', count: EVENTS, from: Date.parse(BEGIN), rate: 1 };
  const chance = createRandom('four runs');
  return [...interleave(eventsOf('050', series), eventsOf('adbrix', series))].map((event, index) => ({
    event: { ...event, at: from + index * SPACING_MS },
    losses: BAD_LUCK[chance.fork(event.id).integer(BAD_LUCK.length)] as number,
  }));
}

function countBy<T>(items: Iterable<T>, keyOf: (item: T) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  return counts;
}

async function withoutCopies<T extends Copy>(records: readonly T[]): Promise<T[]> {
  const once: T[] = [];
  for await (const record of dedupe(records, { identity: eventIdentity })) once.push(record);
  return once;
}

async function depthOf({ sqs }: AwsClients, QueueUrl = ''): Promise<number> {
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['ApproximateNumberOfMessages'] }),
  );
  return Number(Attributes?.ApproximateNumberOfMessages);
}

async function linesOf({ s3 }: AwsClients, Bucket: string, Prefix: string): Promise<string[]> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix }));
  const texts = await Promise.all(
    Contents.map(async ({ Key }) => (await s3.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString()),
  );
  return texts.flatMap((text = '') => text.split('\n')).filter((line) => line !== '');
}

/** The handler of a function that writes what it is given to a stream, which is not what it is asked for. */
const writing = (stream: string, handler: string) => `
import { KinesisClient, PutRecordCommand } from '@aws-sdk/client-kinesis';
const kinesis = new KinesisClient({});
const write = (text) => kinesis.send(
  new PutRecordCommand({ StreamName: '${stream}', PartitionKey: 'all', Data: Buffer.from(text) }),
);
${handler}`;

const TRANSFORMING = `
export const handler = async ({ records }) => {
  for (const { data } of records) await write(Buffer.from(data, 'base64').toString());
  return { records: records.map(({ recordId, data }) => ({ recordId, data, result: 'Ok' })) };
};`;

const WORKING = `
export const handler = async ({ Records }) => {
  for (const { body } of Records) await write(body);
};`;

interface Parts {
  readonly aws: AwsClients;
  readonly clock: StoryClock;
  readonly streams: Streams;
}

/** What a function has written to a stream of its own. */
async function copiesIn(streams: Streams, stream: string): Promise<Copy[]> {
  return [...(await streams.read(stream)).values()].map((line) => JSON.parse(line));
}

async function lineOf({ clock }: Parts, { sender, event }: SentEvent): Promise<string> {
  return `${JSON.stringify({ sender, event, received_at: await clock.now() } satisfies Copy)}\n`;
}

/** A stream that a function writes to, and keeps it longer than a day, which the story takes. */
async function createStream({ aws, streams }: Parts, name: string): Promise<void> {
  await streams.create(name);
  await aws.kinesis.send(new IncreaseStreamRetentionPeriodCommand({ StreamName: name, RetentionPeriodHours: 168 }));
}

/** Records go into S3 through a function that notes them elsewhere, too. */
async function transformationWay(parts: Parts, bucket: string): Promise<Way> {
  const { aws, streams } = parts;
  const name = 'transforming';
  await createStream(parts, name);
  const LambdaArn = await createFunction(aws.lambda, name, writing(name, TRANSFORMING), { timeoutSeconds: 10 });
  await aws.firehose.send(
    new CreateDeliveryStreamCommand({
      DeliveryStreamName: name,
      DeliveryStreamType: 'DirectPut',
      ExtendedS3DestinationConfiguration: {
        BucketARN: `arn:aws:s3:::${bucket}`,
        Prefix: 'transformed/',
        ErrorOutputPrefix: FAILED,
        RoleARN: 'arn:aws:iam::000000000000:role/delivery',
        BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 60 },
        ProcessingConfiguration: {
          Enabled: true,
          Processors: [{ Type: 'Lambda', Parameters: [{ ParameterName: 'LambdaArn', ParameterValue: LambdaArn }] }],
        },
      },
    }),
  );
  return {
    name: 'Firehose, whose transforming function writes elsewhere',
    why: 'Firehose runs it 1 + 3 times',
    fault: { at: `lambda/${name}`, kind: 'time-out' },
    mostOf: () => TRANSFORMATION_RUNS,
    async post(event) {
      const Data = Buffer.from(await lineOf(parts, event));
      await aws.firehose.send(new PutRecordCommand({ DeliveryStreamName: name, Record: { Data } }));
      return { status: 200 };
    },
    written: () => copiesIn(streams, name),
    failures: async () => (await linesOf(aws, bucket, FAILED)).length,
  };
}

/** Messages of a queue are written by a function, and go to a dead-letter queue when they failed too often. */
async function queueWay(parts: Parts): Promise<Way> {
  const { aws, streams } = parts;
  const name = 'working';
  await createStream(parts, name);
  await createFunction(aws.lambda, name, writing(name, WORKING), { timeoutSeconds: 10 });
  const { QueueUrl: deadLetterQueueUrl = '' } = await aws.sqs.send(
    new CreateQueueCommand({ QueueName: `${name}-dead` }),
  );
  const arnOf = (queue: string) => `arn:aws:sqs:ap-northeast-2:000000000000:${queue}`;
  const { QueueUrl } = await aws.sqs.send(
    new CreateQueueCommand({
      QueueName: name,
      Attributes: {
        VisibilityTimeout: '60',
        RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arnOf(`${name}-dead`), maxReceiveCount: RECEIVES }),
      },
    }),
  );
  await aws.lambda.send(new CreateEventSourceMappingCommand({ FunctionName: name, EventSourceArn: arnOf(name) }));
  return {
    name: 'SQS, and a function behind it',
    why: `The message is received again, ${RECEIVES} times at most by the queue's redrive policy`,
    fault: { at: `lambda/${name}`, kind: 'time-out' },
    mostOf: () => RECEIVES,
    async post(event) {
      await aws.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: await lineOf(parts, event) }));
      return { status: 200 };
    },
    written: () => copiesIn(streams, name),
    failures: () => depthOf(aws, deadLetterQueueUrl),
  };
}

const ofSender = (sender: SenderName) => POLICIES[sender].retryAfterMs.length + 1;
const notTaken = ({ entries }: Book) => entries.length - totalsOf(entries).fates.taken;

scenario(
  'five ways with the same bad luck write an event up to three, four or five times, and dedupe leaves each once',
  async ({ aws, clock, streams, tell, testbench, webhooks }) => {
    await clock.set(BEGIN);
    const outputs = (await testbench.outputs()).webhooks ?? {};
    const parts = { aws, clock, streams };
    const through = (way: WebhookRecord['via']) => async () => {
      return (await webhooks.stored()).filter(({ via }) => via === way);
    };
    const ways: readonly Way[] = [
      {
        name: 'API Gateway straight into Kinesis',
        why: 'The sender posts again when no answer comes; nobody else does anything twice',
        fault: { at: 'apigateway/webhooks', kind: 'lose-answer' },
        mostOf: ofSender,
        post: webhooks.poster(),
        written: through('gateway'),
        requests: 'as many as records',
        failures: notTaken,
      },
      {
        name: 'a function that the sender waits for',
        why: 'The sender posts again when it is told 5xx; Lambda runs it once for each post',
        fault: { at: `lambda/${outputs.FunctionName}`, kind: 'time-out' },
        mostOf: ofSender,
        post: webhooks.poster({ way: 'lambda' }),
        written: through('lambda'),
        requests: 'as many as records',
        failures: notTaken,
      },
      {
        name: 'a function that nobody waits for',
        why: 'Lambda runs it 1 + 2 times, with one request id; the sender was told 202 and sends nothing again',
        fault: { at: `lambda/${outputs.AsyncFunctionName}`, kind: 'time-out' },
        mostOf: () => ASYNC_RUNS,
        post: webhooks.poster({ way: 'async' }),
        written: through('async'),
        requests: 'as many as events',
        failures: () => depthOf(aws, outputs.AsyncFailuresUrl),
      },
      await transformationWay(parts, webhooks.bucket),
      await queueWay(parts),
    ];

    for (const way of ways) {
      await tell.step(`${2 * EVENTS} events by way of ${way.name}`);
      const from = await clock.now();
      const sent = eventsFrom(from);
      const ids = sent.map(({ event }) => event.id);
      const lossesOf = new Map(sent.map(({ event, losses }) => [event.id, losses]));
      const unlucky = new Set(ids);
      const book = await play({
        events: sent.map(({ event }) => event),
        async post(event, terms) {
          // More than all attempts cannot go wrong; what is left over would strike the next event.
          const times = Math.min(lossesOf.get(event.id) ?? 0, way.mostOf(event.sender));
          if (unlucky.delete(event.id) && times > 0) await testbench.addFault({ ...way.fault, times });
          return way.post(event, terms);
        },
        clock: jumpingClock(from, (ms) => clock.advance(`${ms}ms`)),
        random: createRandom('nothing is sent twice'),
        pace: 'at',
      });
      await clock.advance('90m');

      const written = await way.written();
      const copies = countBy(written, idOf);
      // Once, and once more for each time that nobody was told, until the patience of whoever tries again is over.
      const expected = sent.map(({ event: { id, sender }, losses }): [string, number] => [
        id,
        Math.min(losses + 1, way.mostOf(sender)),
      ]);
      expect(copies).toEqual(new Map(expected));
      const most = Math.max(...copies.values());
      const allowed = Math.max(...sent.map(({ event }) => way.mostOf(event.sender)));
      expect(checkCopies(ids, copies, { atMost: allowed }).ok).toBe(true);
      expect(checkCopies(ids, copies, { atMost: 1 }).ok).toBe(false);
      if (way.requests !== undefined) {
        const requests = new Set(written.map(({ request_id }) => request_id)).size;
        expect(requests).toBe(way.requests === 'as many as records' ? written.length : sent.length);
      }
      const failed = sent.filter(({ event, losses }) => losses >= way.mostOf(event.sender)).length;
      expect(await way.failures(book)).toBe(failed);

      const once = await withoutCopies(written);
      expect(new Map(once.map((record) => [idOf(record), record.event]))).toEqual(
        new Map(sent.map(({ event }) => [event.id, event.event])),
      );
      expect(once).toHaveLength(sent.length);
      const factor = (written.length / once.length).toFixed(2);
      tell.figure(
        way.name,
        `${written.length} records of ${once.length} events: × ${factor}, at most × ${most}. ${way.why}. ` +
          `Reported as failed, though written: ${failed}.`,
      );
    }
  },
);

scenario(
  'a sender that wants 200 and is told 202 posts five times, and Lambda runs three times for each',
  async ({ clock, tell, testbench, webhooks }) => {
    await clock.set(BEGIN);
    const from = await clock.now();
    const { AsyncFunctionName } = (await testbench.outputs()).webhooks ?? {};
    await testbench.addFault({ at: `lambda/${AsyncFunctionName}`, kind: 'time-out', times: 100 });

    await tell.step(
      'AppsFlyer posts one event to the function that nobody waits for, which is killed when it has written',
    );
    const { entries } = await play({
      events: eventsOf('appsflyer', { seed: 'four runs', count: 1, from, rate: 1 }),
      post: webhooks.poster({ way: 'async' }),
      clock: jumpingClock(from, (ms) => clock.advance(`${ms}ms`)),
      random: createRandom('nothing is sent twice'),
      pace: 'at',
    });
    expect(totalsOf(entries)).toMatchObject({ statuses: { 202: 5 }, fates: { 'given-up': 1 } });
    await clock.advance('30m');

    await tell.step('S3 has fifteen of it, with five request ids; dedupe leaves one');
    const stored = await webhooks.stored();
    tell.figure('records of one event', stored.length);
    expect(stored).toHaveLength(ofSender('appsflyer') * ASYNC_RUNS);
    expect([...countBy(stored, ({ request_id }) => request_id).values()]).toEqual(Array(5).fill(ASYNC_RUNS));
    const once = await withoutCopies(stored);
    expect(once.map(idOf)).toEqual(entries.map(({ id }) => id));
  },
);
