import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateStreamCommand,
  KinesisClient,
  PutRecordsCommand,
  SplitShardCommand,
  waitUntilStreamExists,
} from '@aws-sdk/client-kinesis';
import {
  CreateQueueCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createRandom } from '../../../clock/index.ts';
import type { EmulatorContext } from '../../../edge/emulator.ts';
import { testEdge } from '../../../edge/testing.ts';
import type { RunningEngine } from '../../../engines/engine.ts';
import { nativeLocalStack } from '../../../engines/localstack/index.ts';
import { startEngine } from '../../../engines/testing.ts';
import { checkConservation, ids, LedgerStore } from '../../../ledger/index.ts';
import { createSqs } from '../../sqs/index.ts';
import type { AsyncSettings, KinesisMapping, SqsMapping } from '../functions/model.ts';
import { createAsyncInvoker, createEventSources } from './index.ts';
import { FakeHost, FUNCTION_ARN, fails, kinesisMapping, revision, sqsMapping } from './testing.ts';

const REGION = 'us-east-1';
const MINUTE = 60_000;
const arnOf = (queue: string) => `arn:aws:sqs:${REGION}:000000000000:${queue}`;

interface SqsEvent {
  readonly Records: readonly {
    readonly messageId: string;
    readonly body: string;
    readonly attributes: Readonly<Record<string, string>>;
  }[];
}

interface KinesisEvent {
  readonly Records: readonly { readonly eventID: string; readonly kinesis: { readonly data: string } }[];
}

let localstack: RunningEngine | undefined;
let bench: Awaited<ReturnType<typeof startBench>>;

beforeEach(async () => {
  bench = await startBench();
  return () => bench.stop();
});

/** Scripted functions before the SQS emulator and, where there is one, LocalStack's Kinesis. */
async function startBench() {
  const store: { ledger?: LedgerStore } = {};
  const edge = await testEdge({
    upstream: () => localstack?.endpoint,
    ledger: { append: (entry, t) => (store.ledger as LedgerStore).append(entry, t) },
  });
  const { clock } = edge;
  await clock.hold();
  const ledger = new LedgerStore(':memory:', () => clock.now());
  store.ledger = ledger;
  const aws = edge.edge.access;
  const metrics = { count: () => undefined };
  const context: EmulatorContext = {
    clock,
    random: createRandom('events'),
    ledger,
    aws,
    dataDir: '',
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    defaults: { region: REGION, accountId: '000000000000' },
  };
  const sqs = createSqs(context, { metrics });
  edge.edge.register(sqs);
  const host = new FakeHost(clock);
  const settings: { -readonly [K in keyof AsyncSettings]: AsyncSettings[K] } = {
    maximumRetryAttempts: 2,
    maximumEventAgeMs: 6 * 60 * MINUTE,
    onSuccess: undefined,
    onFailure: undefined,
    deadLetterArn: undefined,
  };
  const functions = { find: () => revision(), asyncSettings: () => settings };
  const parts = { ...context, metrics, queues: sqs.watch, host, functions };
  const invoker = createAsyncInvoker(parts);
  const sources = createEventSources(parts, invoker);
  const client = aws.client(SQSClient);
  const urls = new Map<string, string>();
  return {
    clock,
    ledger,
    host,
    settings,
    invoker,
    sources,
    kinesis: aws.client(KinesisClient),
    conservation: () => checkConservation(ledger, [...(sqs.held?.() ?? []), ...invoker.held()]),
    async createQueue(name: string, attributes: Record<string, string> = {}) {
      const { QueueUrl = '' } = await client.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }));
      urls.set(name, QueueUrl);
    },
    /** Sends texts, ten at a time, as something that happens on the clock. */
    send: (name: string, texts: readonly string[], group?: (text: string) => string) =>
      clock.run('a sender', async () => {
        for (let from = 0; from < texts.length; from += 10) {
          const Entries = texts.slice(from, from + 10).map((MessageBody, index) => ({
            Id: String(index),
            MessageBody,
            ...(group ? { MessageGroupId: group(MessageBody), MessageDeduplicationId: MessageBody } : {}),
          }));
          const answer = await client.send(new SendMessageBatchCommand({ QueueUrl: urls.get(name), Entries }));
          expect(answer.Failed ?? []).toEqual([]);
        }
      }),
    receive: (name: string): Promise<Message[]> =>
      clock.run('a reader', async () => {
        const input = { QueueUrl: urls.get(name), MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] };
        return (await client.send(new ReceiveMessageCommand(input))).Messages ?? [];
      }),
    map: (changes: Partial<SqsMapping> = {}) =>
      sources.start(sqsMapping({ eventSourceArn: arnOf('events'), ...changes })),
    async stop() {
      await sources.clear();
      await invoker.stop();
      await sqs.stop?.();
      await clock.settled();
      await edge[Symbol.asyncDispose]();
    },
  };
}

const texts = (count: number) => Array.from({ length: count }, (_, n) => `event ${n}`);

describe('a queue of the SQS emulator', () => {
  test('one poison message in ten ends in the dead-letter queue after its receives, the others are done once', async () => {
    await bench.createQueue('dead');
    await bench.createQueue('events', {
      VisibilityTimeout: '30',
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arnOf('dead'), maxReceiveCount: '3' }),
    });
    const done: string[] = [];
    const receives: string[] = [];
    bench.host.script = ({ Records }: SqsEvent) => {
      const failed = Records.filter(({ body }) => body === 'event 6');
      receives.push(...failed.map(({ attributes }) => attributes.ApproximateReceiveCount ?? ''));
      done.push(...Records.filter(({ body }) => body !== 'event 6').map(({ body }) => body));
      return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
    };
    bench.map({ reportBatchItemFailures: true });
    await bench.send('events', texts(10));
    await bench.clock.advance(10 * MINUTE);
    expect(done.sort()).toEqual(texts(10).filter((text) => text !== 'event 6'));
    expect(receives).toEqual(['1', '2', '3']);
    const [first] = bench.host.runs;
    expect(bench.host.runs.map(({ at }) => at - (first?.at ?? 0))).toEqual([0, 30_000, 60_000]);
    expect((await bench.receive('dead')).map(({ Body }) => Body)).toEqual(['event 6']);
    expect(bench.conservation()).toMatchObject({ ok: true, accepted: 10, consumed: 9, deadLettered: 1, missing: 0 });
  });

  test('a thousand messages, every third batch failing in some way: each is done in the end, none is lost', async () => {
    await bench.createQueue('events', { VisibilityTimeout: '30' });
    const random = createRandom('outcomes');
    const done = new Set<string>();
    bench.host.script = ({ Records }: SqsEvent) => {
      const kind = random.integer(9);
      if (kind === 0) throw fails.function();
      if (kind === 1) throw fails.throttled();
      const failed = kind === 2 ? Records.filter(() => random.integer(2) === 0) : [];
      for (const record of Records) if (!failed.includes(record)) done.add(record.body);
      return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
    };
    bench.map({ reportBatchItemFailures: true, batchSize: 25, batchingWindowMs: 2000 });
    await bench.send('events', texts(1000));
    await bench.clock.advance(20 * MINUTE);
    expect(done.size).toBe(1000);
    expect(bench.conservation()).toMatchObject({ ok: true, accepted: 1000, consumed: 1000, held: 0 });
  });

  test('the groups of a FIFO queue keep their order through failures', async () => {
    await bench.createQueue('events.fifo', { FifoQueue: 'true', VisibilityTimeout: '30' });
    const groups: Record<string, string[]> = { a: [], b: [] };
    const failures = new Map([
      ['a2', 2],
      ['b1', 1],
    ]);
    bench.host.script = ({ Records }: SqsEvent) => {
      expect(new Set(Records.map(({ attributes }) => attributes.MessageGroupId)).size).toBe(1);
      const from = Records.findIndex(({ body }) => (failures.get(body) ?? 0) > 0);
      const [done, failed] = from === -1 ? [Records, []] : [Records.slice(0, from), Records.slice(from)];
      const [first] = failed;
      if (first) failures.set(first.body, (failures.get(first.body) ?? 0) - 1);
      for (const { body } of done) groups[body[0] ?? '']?.push(body);
      return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
    };
    bench.map({ eventSourceArn: arnOf('events.fifo'), fifo: true, reportBatchItemFailures: true });
    const sent = Array.from({ length: 10 }, (_, n) => [`a${n}`, `b${n}`]).flat();
    await bench.send('events.fifo', sent, (text) => text[0] ?? '');
    await bench.clock.advance(5 * MINUTE);
    const inOrder = (group: string) => sent.filter((text) => text.startsWith(group));
    expect(groups).toEqual({ a: inOrder('a'), b: inOrder('b') });
  });

  test('a queue that is created after the mapping was started is read; delays are waited for', async () => {
    bench.map();
    await bench.clock.advance(MINUTE);
    await bench.createQueue('events', { DelaySeconds: '10' });
    const before = bench.clock.now();
    await bench.send('events', ['a']);
    await bench.clock.advance(MINUTE);
    expect(bench.host.runs.map(({ at }) => at - before)).toEqual([10_000]);
  });

  test('events of asynchronous invocations that fail reach a dead-letter queue and a destination', async () => {
    await bench.createQueue('dead');
    await bench.createQueue('failures');
    Object.assign(bench.settings, { deadLetterArn: arnOf('dead'), onFailure: arnOf('failures') });
    bench.host.script = () => {
      throw fails.function('실패');
    };
    bench.invoker.enqueue({ functionArn: FUNCTION_ARN, requestId: 'r1', payload: Buffer.from('{"a":"냇물"}') });
    await bench.clock.advance(4 * MINUTE);
    const [dead] = await bench.receive('dead');
    expect(dead).toMatchObject({
      Body: '{"a":"냇물"}',
      MessageAttributes: {
        ErrorCode: { StringValue: '200', DataType: 'Number' },
        ErrorMessage: { StringValue: '실패' },
      },
    });
    const [failure] = await bench.receive('failures');
    expect(JSON.parse(failure?.Body ?? '')).toMatchObject({ requestContext: { approximateInvokeCount: 3 } });
    expect(bench.ledger.about(ids.request('r1')).at(-1)).toMatchObject({
      what: 'dead-lettered',
      into: [ids.message(dead?.MessageId ?? ''), ids.message(failure?.MessageId ?? '')],
    });
    expect(bench.conservation()).toMatchObject({ ok: true, missing: 0 });
  });
});

describe('a stream of LocalStack', () => {
  let rootDir: string;
  let serial = 0;

  beforeAll(async () => {
    rootDir = await mkdtemp(join(tmpdir(), 'naetmul-lambda-events-'));
    localstack = await startEngine(nativeLocalStack(), rootDir);
  });

  afterAll(async () => {
    await localstack?.stop();
    await rm(rootDir, { recursive: true, force: true });
  });

  async function createStream(shards: number): Promise<string> {
    const StreamName = `ingest-${serial++}`;
    await bench.kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: shards }));
    await isActive(StreamName);
    return StreamName;
  }

  const isActive = (StreamName: string) =>
    waitUntilStreamExists({ client: bench.kinesis, maxWaitTime: 30, minDelay: 1, maxDelay: 1 }, { StreamName });

  /** One after the other, so that their order is known. */
  const put = (StreamName: string, records: readonly string[]) =>
    bench.clock.run('a producer', async () => {
      for (const text of records) {
        const Records = [{ Data: Buffer.from(text), PartitionKey: text[0] ?? '' }];
        expect((await bench.kinesis.send(new PutRecordsCommand({ StreamName, Records }))).FailedRecordCount ?? 0).toBe(
          0,
        );
      }
    });

  async function map(stream: string, changes: Partial<KinesisMapping> = {}): Promise<void> {
    const eventSourceArn = `arn:aws:kinesis:${REGION}:000000000000:stream/${stream}`;
    bench.sources.start(kinesisMapping({ eventSourceArn, ...changes }));
    await bench.clock.settled();
  }

  const textsOf = ({ Records }: KinesisEvent) =>
    Records.map(({ kinesis }) => Buffer.from(kinesis.data, 'base64').toString());
  const all = () => bench.host.runs.flatMap(({ event }) => textsOf(event as KinesisEvent));

  test('from LATEST each record comes once, in the order of its key, none from before', async () => {
    const stream = await createStream(2);
    await put(stream, ['z0']);
    await map(stream, { startingPosition: 'LATEST', batchSize: 3 });
    const records = Array.from({ length: 8 }, (_, n) => [`a${n}`, `b${n}`, `f${n}`]).flat();
    await put(stream, records);
    await bench.clock.advance(10_000);
    expect(all()).toHaveLength(records.length);
    for (const key of 'abf') {
      const ofKey = (list: readonly string[]) => list.filter((text) => text.startsWith(key));
      expect(ofKey(all())).toEqual(ofKey(records));
    }
    await bench.clock.advance(10 * MINUTE);
    expect(all()).toHaveLength(records.length);
  });

  test('a bad record is isolated and told of in a queue, the others are run', async () => {
    await bench.createQueue('failures');
    const stream = await createStream(1);
    await map(stream, {
      bisectBatchOnFunctionError: true,
      maximumRetryAttempts: 1,
      onFailure: arnOf('failures'),
    });
    bench.host.script = (event: KinesisEvent) => {
      if (textsOf(event).includes('a5')) throw fails.function();
    };
    await put(
      stream,
      Array.from({ length: 8 }, (_, n) => `a${n}`),
    );
    await bench.clock.advance(2 * MINUTE);
    const [failure] = await bench.receive('failures');
    const { requestContext, KinesisBatchInfo } = JSON.parse(failure?.Body ?? '');
    expect(requestContext).toMatchObject({ condition: 'RetryAttemptsExhausted', approximateInvokeCount: 2 });
    expect(KinesisBatchInfo).toMatchObject({ shardId: 'shardId-000000000000', batchSize: 1 });
    expect(all().at(-1)).toBe('a7');
    expect(bench.ledger.about(ids.record(stream, KinesisBatchInfo.startSequenceNumber)).at(-1)).toMatchObject({
      what: 'dead-lettered',
      into: [ids.message(failure?.MessageId ?? '')],
    });
    expect(bench.conservation()).toMatchObject({ ok: true, missing: 0 });
  });

  test('a shard that is split is dealt with before its children', async () => {
    const stream = await createStream(1);
    await map(stream);
    let isBroken = true;
    bench.host.script = () => {
      if (isBroken) throw fails.function();
    };
    await put(stream, ['a0', 'b0']);
    await bench.clock.run('a split', async () => {
      const half = { NewStartingHashKey: String(2n ** 127n), ShardToSplit: 'shardId-000000000000' };
      await bench.kinesis.send(new SplitShardCommand({ StreamName: stream, ...half }));
      await isActive(stream);
    });
    await put(stream, ['a1', 'b1', 'f1']);
    await bench.clock.advance(MINUTE);
    expect(new Set(all())).toEqual(new Set(['a0', 'b0']));
    isBroken = false;
    await bench.clock.advance(3 * MINUTE);
    expect(all().slice(-3).sort()).toEqual(['a1', 'b1', 'f1']);
  });
});
