import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  AddTagsToStreamCommand,
  CreateStreamCommand,
  DecreaseStreamRetentionPeriodCommand,
  DeleteStreamCommand,
  DescribeStreamCommand,
  DescribeStreamSummaryCommand,
  EnableEnhancedMonitoringCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  IncreaseStreamRetentionPeriodCommand,
  type KinesisClient,
  ListShardsCommand,
  ListTagsForStreamCommand,
  MergeShardsCommand,
  PutRecordCommand,
  PutRecordsCommand,
  UpdateShardCountCommand,
  waitUntilStreamExists,
} from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClock, createRandom } from '../../clock/index.ts';
import { createEdge } from '../../edge/index.ts';
import { localstackTool, nativeLocalStack } from '../../engines/localstack/index.ts';
import { startEngine } from '../../engines/testing.ts';
import { startBoto3 } from '../lambda/foreign-clients/testing.ts';
import { createKinesis } from './index.ts';
import { ACCOUNT, arnOf, clientOf, REGION, SHARD } from './testing.ts';

const run = promisify(execFile);
const DEFAULTS = { region: REGION, accountId: ACCOUNT };
const LOG = { info: () => undefined, warn: () => undefined, error: () => undefined };
const HALF = '170141183460469231731687303715884105728';
const WAIT = { maxWaitTime: 30, minDelay: 1, maxDelay: 1 };

let localstack: KinesisClient;
let ours: KinesisClient;
let ourUrl: string;
const cleanups: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'naetmul-kinesis-'));
  cleanups.push(() => rm(dataDir, { recursive: true, force: true }));
  const engine = await startEngine(nativeLocalStack(), join(dataDir, 'localstack'));
  cleanups.push(() => engine.stop());
  const clock = createClock();
  const random = createRandom('kinesis');
  const ledger = { append: () => 0 };
  const shared = { clock, random, ledger, log: LOG, defaults: DEFAULTS, port: 0 };
  const theirEdge = createEdge({ ...shared, upstream: () => engine.endpoint });
  const ourEdge = createEdge({ ...shared, upstream: () => undefined });
  const emulator = createKinesis({ ...shared, aws: ourEdge.access, dataDir }, { metrics: { count: () => undefined } });
  ourEdge.register(emulator);
  cleanups.push(
    () => theirEdge.close(),
    () => ourEdge.close(),
    async () => emulator.stop?.(),
    async () => clock.close(),
  );
  localstack = clientOf((await theirEdge.listen()).url);
  ourUrl = (await ourEdge.listen()).url;
  ours = clientOf(ourUrl);
});

afterAll(async () => {
  localstack?.destroy();
  ours?.destroy();
  for (const cleanup of cleanups.reverse()) await cleanup();
});

// biome-ignore lint/suspicious/noExplicitAny: commands of any operation.
type Command = any;

/** What a call was answered, with what must differ masked; an error as `name: message`. */
async function answered(client: KinesisClient, command: Command): Promise<unknown> {
  try {
    const { $metadata: _, ...answer } = await client.send(command);
    return masked(answer);
  } catch (error) {
    const { name, message } = error as Error;
    return `${name}: ${message.replaceAll(/\d{50,}/g, '<number>')}`;
  }
}

const MASKED: Readonly<Record<string, string>> = {
  SequenceNumber: '<number>',
  StartingSequenceNumber: '<number>',
  EndingSequenceNumber: '<number>',
  ShardIterator: '<iterator>',
  NextShardIterator: '<iterator>',
  NextToken: '<token>',
};

function masked(value: unknown): unknown {
  if (value instanceof Date) return '<time>';
  if (value instanceof Uint8Array) return Buffer.from(value).toString();
  if (Array.isArray(value)) return value.map(masked);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .map(([name, member]) => [name, MASKED[name] ?? masked(member)]);
  return Object.fromEntries(members);
}

async function both(command: () => Command): Promise<{ readonly theirs: unknown; readonly ours: unknown }> {
  return { theirs: await answered(localstack, command()), ours: await answered(ours, command()) };
}

async function onBoth<T>(work: (client: KinesisClient) => Promise<T>): Promise<void> {
  await Promise.all([localstack, ours].map(work));
}

async function made(StreamName: string, ShardCount: number): Promise<void> {
  await onBoth(async (client) => {
    await client.send(new CreateStreamCommand({ StreamName, ShardCount }));
    await waitUntilStreamExists({ client, ...WAIT }, { StreamName });
  });
}

const record = (data: string, PartitionKey: string) => ({ Data: Buffer.from(data), PartitionKey });
const StreamName = 'brook';

beforeAll(() => made(StreamName, 2));

/** Where LocalStack does not answer as AWS does: it tells of no encryption, is one hash key off, and leaves things out. */
function corrected(theirs: unknown): unknown {
  const text = JSON.stringify(theirs)
    .replaceAll(',"EncryptionType":"NONE"}', '}')
    .replaceAll(`"EndingHashKey":"${BigInt(HALF) - 2n}"`, `"EndingHashKey":"${BigInt(HALF) - 1n}"`)
    .replaceAll(`"StartingHashKey":"${BigInt(HALF) - 1n}"`, `"StartingHashKey":"${HALF}"`);
  return JSON.parse(text);
}

describe('LocalStack answers the same', () => {
  test.each<[string, () => Command]>([
    ['PutRecord', () => new PutRecordCommand({ StreamName, ...record('a', 'test') })],
    [
      'PutRecord, ExplicitHashKey',
      () => new PutRecordCommand({ StreamName, ...record('b', 'test'), ExplicitHashKey: HALF }),
    ],
    ['PutRecords', () => new PutRecordsCommand({ StreamName, Records: [record('c', 'user-1'), record('d', 'test')] })],
    ['ListShards', () => new ListShardsCommand({ StreamName })],
    ['ListShards, one', () => new ListShardsCommand({ StreamName, MaxResults: 1 })],
    [
      'GetShardIterator',
      () => new GetShardIteratorCommand({ StreamName, ShardId: SHARD, ShardIteratorType: 'LATEST' }),
    ],
    ['AddTagsToStream', () => new AddTagsToStreamCommand({ StreamName, Tags: { team: 'water' } })],
    ['ListTagsForStream', () => new ListTagsForStreamCommand({ StreamName })],
    [
      'IncreaseStreamRetentionPeriod',
      () => new IncreaseStreamRetentionPeriodCommand({ StreamName, RetentionPeriodHours: 48 }),
    ],
    [
      'EnableEnhancedMonitoring',
      () => new EnableEnhancedMonitoringCommand({ StreamName, ShardLevelMetrics: ['IncomingBytes'] }),
    ],
  ])('%s', async (_name, command) => {
    const { theirs, ours: mine } = await both(command);
    expect(corrected(theirs)).toEqual(mine);
    expect(mine).not.toBeTypeOf('string');
  });

  test('DescribeStream; DescribeStreamSummary but for the size of records', async () => {
    const stream = await both(() => new DescribeStreamCommand({ StreamName }));
    expect(corrected(stream.ours)).toEqual(corrected(stream.theirs));
    const { theirs, ours: mine } = await both(() => new DescribeStreamSummaryCommand({ StreamARN: arnOf(StreamName) }));
    const { StreamDescriptionSummary: summary } = theirs as { StreamDescriptionSummary: object };
    expect(mine).toEqual({ StreamDescriptionSummary: { ...summary, MaxRecordSizeInKiB: 1024 } });
  });

  test('what was put, read by shard', async () => {
    await made('read', 2);
    await onBoth(async (client) => {
      const Records = Array.from({ length: 40 }, (_, n) => record(`event ${n}`, `key ${n}`));
      await client.send(new PutRecordsCommand({ StreamName: 'read', Records }));
    });
    const read = async (client: KinesisClient, ShardId: string) => {
      const input = { StreamName: 'read', ShardId, ShardIteratorType: 'TRIM_HORIZON' } as const;
      const { ShardIterator } = await client.send(new GetShardIteratorCommand(input));
      return await answered(client, new GetRecordsCommand({ ShardIterator }));
    };
    for (const ShardId of [SHARD, 'shardId-000000000001']) {
      const mine = (await read(ours, ShardId)) as { Records: unknown[] };
      expect(corrected(await read(localstack, ShardId))).toEqual(mine);
      expect(mine.Records.length).toBeGreaterThan(10);
    }
  });
});

/** The errors of calls that both refuse by the same name; the words are AWS's here. */
describe('LocalStack refuses the same, in other words', () => {
  test.each<[string, () => Command]>([
    ['a name that is taken', () => new CreateStreamCommand({ StreamName, ShardCount: 1 })],
    ['a stream that there is not', () => new DescribeStreamCommand({ StreamName: 'gone' })],
    ['a put into none', () => new PutRecordCommand({ StreamName: 'gone', ...record('b', 'test') })],
    ['the deletion of none', () => new DeleteStreamCommand({ StreamName: 'gone' })],
    ['shards of nothing', () => new ListShardsCommand({})],
    [
      'a hash key that is too high',
      () => new PutRecordCommand({ StreamName, ...record('b', 'k'), ExplicitHashKey: String(2n ** 128n) }),
    ],
    [
      'an iterator of no shard',
      () => new GetShardIteratorCommand({ StreamName, ShardId: 'shardId-000000000009', ShardIteratorType: 'LATEST' }),
    ],
    [
      'an iterator from no number',
      () => new GetShardIteratorCommand({ StreamName, ShardId: SHARD, ShardIteratorType: 'AT_SEQUENCE_NUMBER' }),
    ],
    [
      'an iterator from no time',
      () => new GetShardIteratorCommand({ StreamName, ShardId: SHARD, ShardIteratorType: 'AT_TIMESTAMP' }),
    ],
    [
      'a retention too long to be shorter',
      () => new DecreaseStreamRetentionPeriodCommand({ StreamName, RetentionPeriodHours: 720 }),
    ],
    ['a retention too short', () => new DecreaseStreamRetentionPeriodCommand({ StreamName, RetentionPeriodHours: 1 })],
    [
      'shards that are not neighbours',
      () => new MergeShardsCommand({ StreamName, ShardToMerge: SHARD, AdjacentShardToMerge: SHARD }),
    ],
  ])('%s', async (_name, command) => {
    const { theirs, ours: mine } = await both(command);
    const nameOf = (answer: unknown) => /^(\w+): ./.exec(String(answer))?.[1];
    expect(nameOf(mine)).toMatch(/Exception$/);
    expect(nameOf(theirs)).toBe(nameOf(mine));
  });
});

describe('LocalStack does otherwise than AWS', () => {
  test.each<[string, () => Command, theirs: RegExp, ours: RegExp]>([
    [
      'it takes 501 records',
      () => new PutRecordsCommand({ StreamName, Records: Array.from({ length: 501 }, () => record('c', 'k')) }),
      /"FailedRecordCount":0/,
      /ValidationException/,
    ],
    [
      'it takes none',
      () => new PutRecordsCommand({ StreamName, Records: [] }),
      /"FailedRecordCount":0/,
      /ValidationException/,
    ],
    [
      'its name for constraints of the model is another',
      () => new PutRecordCommand({ StreamName, ...record('b', '') }),
      /InvalidArgumentException/,
      /ValidationException/,
    ],
    [
      'a forged iterator is an error of its own',
      () => new GetRecordsCommand({ ShardIterator: 'AAAAAAAAAAE=' }),
      /Internal Server Error/,
      /InvalidArgumentException: Invalid ShardIterator\./,
    ],
    [
      'shards beyond twice as many are an argument to it and no limit',
      () => new UpdateShardCountCommand({ StreamName, TargetShardCount: 9, ScalingType: 'UNIFORM_SCALING' }),
      /InvalidArgumentException/,
      /LimitExceededException/,
    ],
  ])('%s', async (_name, command, theirs, mine) => {
    const answers = await both(command);
    expect(JSON.stringify(answers.theirs)).toMatch(theirs);
    expect(JSON.stringify(answers.ours)).toMatch(mine);
  });
});

describe('AWS’s own clients', () => {
  test('boto3 and the AWS CLI make, fill, read and delete a stream', async () => {
    const url = ourUrl;
    const home = await mkdtemp(join(tmpdir(), 'naetmul-kinesis-'));
    const env = {
      HOME: home,
      PATH: process.env.PATH,
      AWS_ENDPOINT_URL: url,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_DEFAULT_REGION: REGION,
      AWS_MAX_ATTEMPTS: '1',
      PYTHONDONTWRITEBYTECODE: '1',
    };
    const aws = async (...args: string[]) => {
      const { stdout } = await run(localstackTool('aws'), ['--endpoint-url', url, 'kinesis', ...args], { env });
      return stdout === '' ? undefined : JSON.parse(stdout);
    };
    await aws('create-stream', '--stream-name', 'foreign', '--shard-count', '1');
    await aws('wait', 'stream-exists', '--stream-name', 'foreign');
    await aws('put-record', '--stream-name', 'foreign', '--partition-key', 'k', '--data', 'from the CLI');
    const boto3 = startBoto3(localstackTool('python'), env);
    try {
      const say = async (call: string, input: object) => {
        const { answer, raised } = await boto3.ask({ service: 'kinesis' as never, call, with: input as never });
        return raised ? `${raised.class}: ${raised.text}` : answer;
      };
      const Records = [{ Data: { base64: Buffer.from('from boto3').toString('base64') }, PartitionKey: 'k' }];
      expect(await say('put_records', { StreamName: 'foreign', Records })).toMatchObject({ FailedRecordCount: 0 });
      expect(await say('put_records', { StreamName: 'gone', Records })).toMatch(
        'ResourceNotFoundException) when calling the PutRecords operation: Stream gone under account 000000000000 not found.',
      );
    } finally {
      await boto3.stop();
    }
    const position = ['--shard-id', SHARD, '--shard-iterator-type', 'TRIM_HORIZON'];
    const { ShardIterator } = await aws('get-shard-iterator', '--stream-name', 'foreign', ...position);
    const read = await aws('get-records', '--shard-iterator', ShardIterator);
    const texts = read.Records.map(({ Data }: { Data: string }) => Buffer.from(Data, 'base64').toString());
    expect(texts).toEqual(['from the CLI', 'from boto3']);
    await aws('delete-stream', '--stream-name', 'foreign');
    await aws('wait', 'stream-not-exists', '--stream-name', 'foreign');
    await rm(home, { recursive: true, force: true });
  });
});
