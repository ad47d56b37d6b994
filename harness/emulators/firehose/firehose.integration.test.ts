import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import {
  CreateDeliveryStreamCommand,
  type CreateDeliveryStreamInput,
  DeleteDeliveryStreamCommand,
  DescribeDeliveryStreamCommand,
  FirehoseClient,
  PutRecordBatchCommand,
  PutRecordCommand,
} from '@aws-sdk/client-firehose';
import {
  CreateStreamCommand,
  KinesisClient,
  PutRecordsCommand,
  SplitShardCommand,
  waitUntilStreamExists,
} from '@aws-sdk/client-kinesis';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createRandom, parseInstant } from '../../clock/index.ts';
import { type TestEdge, testEdge } from '../../edge/testing.ts';
import type { Engine, RunningEngine } from '../../engines/engine.ts';
import { createEngines } from '../../engines/index.ts';
import { startEngine } from '../../engines/testing.ts';
import { checkConservation, LedgerStore } from '../../ledger/index.ts';
import { createFirehose } from './index.ts';
import { ROLE_ARN } from './testing.ts';

let dataDir: string;
let localstack: RunningEngine;
let bench: Awaited<ReturnType<typeof startBench>>;
let serial = 0;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'naetmul-firehose-'));
  localstack = await startLocalStack('first');
});

afterAll(async () => {
  await localstack?.stop();
  await rm(dataDir, { recursive: true, force: true });
});

async function startLocalStack(folder: string): Promise<RunningEngine> {
  const engine = createEngines({ overrides: { kinesis: 'localstack' } }).find(({ name }) => name === 'localstack');
  return await startEngine(engine as Engine, join(dataDir, folder));
}

beforeEach(async () => {
  bench = await startBench();
  return async () => {
    await bench.stop();
  };
});

/** A new edge with a new emulator before the same LocalStack, and SDK clients inside it. */
async function startBench() {
  const ledgerHolder: { store?: LedgerStore } = {};
  const edge: TestEdge = await testEdge({
    upstream: () => localstack.endpoint,
    ledger: { append: (entry, t) => (ledgerHolder.store as LedgerStore).append(entry, t) },
  });
  const ledger = new LedgerStore(':memory:', () => edge.clock.now());
  ledgerHolder.store = ledger;
  const emulator = createFirehose(
    {
      clock: edge.clock,
      random: createRandom(`firehose ${serial}`),
      ledger,
      aws: edge.edge.access,
      dataDir,
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
      defaults: { region: 'us-east-1', accountId: '000000000000' },
    },
    { metrics: { count: () => undefined }, logs: { put: () => undefined } },
  );
  edge.edge.register(emulator);
  const { access } = edge.edge;
  const name = `brook-${serial++}`;
  const clients = {
    s3: access.client(S3Client),
    kinesis: access.client(KinesisClient),
    firehose: access.client(FirehoseClient),
  };
  return {
    ...clients,
    clock: edge.clock,
    url: edge.url,
    emulator,
    ledger,
    name,
    async stop() {
      await emulator.stop?.();
      await edge.clock.settled();
      await edge[Symbol.asyncDispose]();
    },
  };
}

async function createBucket(): Promise<void> {
  await bench.s3.send(new CreateBucketCommand({ Bucket: bench.name }));
}

/** A delivery stream with the bench's name, source stream and bucket. */
async function createDelivery(changes: Partial<CreateDeliveryStreamInput> = {}, s3: object = {}): Promise<void> {
  await bench.firehose.send(
    new CreateDeliveryStreamCommand({
      DeliveryStreamName: bench.name,
      ExtendedS3DestinationConfiguration: {
        RoleARN: ROLE_ARN,
        BucketARN: `arn:aws:s3:::${bench.name}`,
        Prefix: 'rawdata/',
        BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 60 },
        ...s3,
      },
      ...changes,
    }),
  );
  await bench.clock.settled();
  const { DeliveryStreamDescription: description } = await bench.firehose.send(
    new DescribeDeliveryStreamCommand({ DeliveryStreamName: bench.name }),
  );
  expect(description?.DeliveryStreamStatus).toBe('ACTIVE');
}

async function createKinesisStream(shards: number): Promise<Partial<CreateDeliveryStreamInput>> {
  await bench.kinesis.send(new CreateStreamCommand({ StreamName: bench.name, ShardCount: shards }));
  await waitUntilStreamExists(
    { client: bench.kinesis, maxWaitTime: 30, minDelay: 1, maxDelay: 1 },
    { StreamName: bench.name },
  );
  return {
    DeliveryStreamType: 'KinesisStreamAsSource',
    KinesisStreamSourceConfiguration: {
      KinesisStreamARN: `arn:aws:kinesis:us-east-1:000000000000:stream/${bench.name}`,
      RoleARN: ROLE_ARN,
    },
  };
}

/** Puts texts into the source stream as something that happens on the clock. */
async function putToKinesis(...texts: string[]): Promise<void> {
  await bench.clock.run('a producer', async () => {
    const Records = texts.map((text) => ({ Data: Buffer.from(text), PartitionKey: text }));
    const answer = await bench.kinesis.send(new PutRecordsCommand({ StreamName: bench.name, Records }));
    expect(answer.FailedRecordCount ?? 0).toBe(0);
  });
}

async function objects(): Promise<{ key: string; body: Buffer; type: string; encoding: string | undefined }[]> {
  const { Contents = [] } = await bench.s3.send(new ListObjectsV2Command({ Bucket: bench.name }));
  const keys = Contents.map(({ Key }) => Key ?? '').sort();
  return await Promise.all(
    keys.map(async (key) => {
      const answer = await bench.s3.send(new GetObjectCommand({ Bucket: bench.name, Key: key }));
      const body = Buffer.from((await answer.Body?.transformToByteArray()) ?? []);
      return { key, body, type: answer.ContentType ?? '', encoding: answer.ContentEncoding };
    }),
  );
}

const folder = (key: string) => key.slice(0, 'rawdata/yyyy/MM/dd/HH/'.length);
const conservation = () => checkConservation(bench.ledger, bench.emulator.held?.() ?? []);

describe('a Kinesis stream as source', () => {
  test('records of four shards land in S3 byte-equal, each once, none from before ACTIVE', async () => {
    await bench.clock.hold();
    await createBucket();
    const source = await createKinesisStream(4);
    await putToKinesis('before');
    await createDelivery(source);
    const texts = Array.from({ length: 200 }, (_, index) => `{"n":${index},"name":"냇물"}`);
    await putToKinesis(...texts);
    await bench.clock.advance(62_000);
    const delivered = (await objects()).map(({ body }) => body.toString()).join('');
    expect(delivered.match(/\{.*?\}/g)?.sort()).toEqual(texts.toSorted());
    expect(conservation()).toMatchObject({ ok: true, accepted: 201, stored: 200, held: 1, duplicates: 0 });
  });

  test('a shard that is split is read to its end, then its children', async () => {
    await bench.clock.hold();
    await createBucket();
    await createDelivery(await createKinesisStream(1));
    await putToKinesis('a', 'b');
    const half = String(2n ** 127n);
    const split = { StreamName: bench.name, ShardToSplit: 'shardId-000000000000', NewStartingHashKey: half };
    await bench.clock.run('a split', async () => {
      await bench.kinesis.send(new SplitShardCommand(split));
      await waitUntilStreamExists({ client: bench.kinesis, maxWaitTime: 30, minDelay: 1, maxDelay: 1 }, split);
    });
    await bench.clock.advance(11_000);
    await putToKinesis('c', 'd', 'e', 'f', 'g', 'h');
    await bench.clock.advance(80_000);
    const delivered = (await objects()).map(({ body }) => body.toString()).join('');
    expect([...delivered].sort().join('')).toBe('abcdefgh');
    expect(conservation()).toMatchObject({ ok: true, accepted: 8, stored: 8, duplicates: 0 });
  });

  test('an object lies in the UTC hour of its oldest record: across 14:59/15:00 and 23:59/00:00', async () => {
    await bench.clock.travelTo(parseInstant('2022-01-27T14:58:00Z'));
    await createBucket();
    await createDelivery(await createKinesisStream(1));
    const visits: [instant: string, text: string][] = [
      ['2022-01-27T14:59:30Z', 'a'],
      ['2022-01-27T15:00:10Z', 'b'],
      ['2022-01-27T15:02:00Z', 'c'],
      ['2022-01-27T23:59:59Z', 'd'],
      ['2022-01-28T00:00:20Z', 'e'],
      ['2022-01-28T00:05:00Z', 'f'],
    ];
    for (const [instant, text] of visits) {
      await bench.clock.travelTo(parseInstant(instant));
      await putToKinesis(text);
      await bench.clock.settled();
    }
    await bench.clock.advance(120_000);
    expect((await objects()).map(({ key, body }) => [folder(key), body.toString()])).toEqual([
      ['rawdata/2022/01/27/14/', 'ab'],
      ['rawdata/2022/01/27/15/', 'c'],
      ['rawdata/2022/01/27/23/', 'de'],
      ['rawdata/2022/01/28/00/', 'f'],
    ]);
  });
});

describe('a LocalStack that dies and starts anew', () => {
  test('what was accepted is delivered there, and the new stream is read from its beginning', async () => {
    await bench.clock.hold();
    await createBucket();
    const source = await createKinesisStream(1);
    await createDelivery(source);
    await putToKinesis('a');
    await bench.clock.advance(2000);
    await localstack.stop();
    await bench.clock.run('something happens', async () => undefined);
    await bench.clock.advance(5 * 60_000);
    expect(conservation()).toMatchObject({ ok: true, held: 1 });

    localstack = await startLocalStack('second');
    await bench.clock.run('a deployment', async () => {
      await createBucket();
      await createKinesisStream(3);
    });
    await putToKinesis('b', 'c', 'd', 'e', 'f', 'g');
    await bench.clock.advance(10 * 60_000);
    const delivered = (await objects()).map(({ body }) => body.toString()).join('');
    expect([...delivered].sort().join('')).toBe('abcdefg');
    expect(conservation()).toMatchObject({ ok: true, accepted: 7, stored: 7, duplicates: 0 });
  });
});

describe('direct puts', () => {
  test('over HTTP, boundaries kept, RecordIds known to the ledger', async () => {
    await bench.clock.hold();
    await createBucket();
    await createDelivery();
    const outside = new FirehoseClient({
      endpoint: bench.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
    const Records = ['one', 'two', 'three'].map((text) => ({ Data: Buffer.from(text) }));
    const answer = await outside.send(new PutRecordBatchCommand({ DeliveryStreamName: bench.name, Records }));
    outside.destroy();
    expect(answer.FailedPutCount).toBe(0);
    await bench.clock.advance(60_000);
    expect((await objects()).map(({ body, type, encoding }) => [body.toString(), type, encoding])).toEqual([
      ['onetwothree', 'application/octet-stream', undefined],
    ]);
    const name = `put/${bench.name}/${answer.RequestResponses?.[1]?.RecordId}`;
    expect(bench.ledger.about(name).map(({ what }) => what)).toEqual(['accepted', 'stored']);
  });

  test('GZIP objects open, end in .gz and say what they are', async () => {
    await bench.clock.hold();
    await createBucket();
    await createDelivery({}, { CompressionFormat: 'GZIP' });
    await put('a'.repeat(10_000));
    await put('b');
    await bench.clock.advance(60_000);
    const [object] = await objects();
    expect(object?.key).toMatch(/\.gz$/);
    expect(object).toMatchObject({ type: 'application/octet-stream', encoding: 'gzip' });
    expect(gunzipSync(object?.body ?? '').toString()).toBe(`${'a'.repeat(10_000)}b`);
  });

  test('a bucket that is missing for an hour loses nothing', async () => {
    await bench.clock.hold();
    await createDelivery();
    for (let n = 0; n < 5; n++) {
      await put(`{"n":${n}}`);
      await bench.clock.advance(12 * 60_000);
    }
    expect(conservation()).toMatchObject({ ok: true, accepted: 5, held: 5, stored: 0 });
    expect(bench.ledger.ofKind('retried')[0]?.detail?.reason).toBe('NoSuchBucket: The specified bucket does not exist');
    await createBucket();
    await bench.clock.advance(2 * 60_000);
    expect((await objects()).map(({ body }) => body.toString())).toEqual([0, 1, 2, 3, 4].map((n) => `{"n":${n}}`));
    expect(conservation()).toMatchObject({ ok: true, accepted: 5, held: 0, stored: 5 });
  });

  test('a bucket that stays missing for 24 hours means records lost by name', async () => {
    await bench.clock.hold();
    await createDelivery();
    await put('a');
    await bench.clock.advance(25 * 3_600_000);
    const { ok, losses } = conservation();
    expect(ok).toBe(true);
    expect(losses).toMatchObject([
      {
        reason: 'not delivered within the retention of 24 h: NoSuchBucket: The specified bucket does not exist',
        count: 1,
      },
    ]);
  });

  test('deleting the stream delivers what it holds', async () => {
    await bench.clock.hold();
    await createBucket();
    await createDelivery();
    await put('a');
    await bench.firehose.send(new DeleteDeliveryStreamCommand({ DeliveryStreamName: bench.name }));
    await bench.clock.settled();
    expect((await objects()).map(({ body }) => body.toString())).toEqual(['a']);
  });

  async function put(text: string): Promise<void> {
    const Record = { Data: Buffer.from(text) };
    await bench.firehose.send(new PutRecordCommand({ DeliveryStreamName: bench.name, Record }));
  }
});
