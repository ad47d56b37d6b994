import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateStreamCommand,
  type CreateStreamCommandInput,
  DescribeStreamCommand,
  GetRecordsCommand,
  type GetRecordsCommandOutput,
  GetShardIteratorCommand,
  type GetShardIteratorCommandInput,
  KinesisClient,
  ListShardsCommand,
  PutRecordCommand,
  PutRecordsCommand,
  type PutRecordsCommandOutput,
  type Shard,
} from '@aws-sdk/client-kinesis';
import { onTestFinished } from 'vitest';
import { createRandom } from '../../clock/index.ts';
import type { EmulatorContext } from '../../edge/emulator.ts';
import { type TestEdge, testEdge } from '../../edge/testing.ts';
import { type Entry, LedgerStore } from '../../ledger/index.ts';
import { createKinesis } from './index.ts';
import type { KinesisOptions } from './options.ts';

export const NOON = Date.UTC(2022, 0, 27, 12);
export const REGION = 'ap-northeast-2';
export const ACCOUNT = '000000000000';
export const SECOND = 1000;
export const HOUR = 3_600_000;
export const SHARD = 'shardId-000000000000';

export const arnOf = (name: string) => `arn:aws:kinesis:${REGION}:${ACCOUNT}:stream/${name}`;

/** What a test reads of a record. */
export interface Found {
  readonly data: string;
  readonly key: string | undefined;
  readonly sequenceNumber: string;
  readonly arrival: number;
}

export interface KinesisBench extends Pick<TestEdge, 'url' | 'clock' | 'edge'> {
  readonly client: KinesisClient;
  readonly dataDir: string;
  readonly ledger: LedgerStore;
  /** Sums, by the metric's name and, where it is a shard's own, the shard's: `IncomingRecords shardId-…`. */
  readonly counted: Map<string, number>;
  entries(): Entry[];
  /** Makes a stream and waits until it is ACTIVE. */
  make(name: string, input?: Partial<CreateStreamCommandInput>): Promise<void>;
  /** What the emulator says that it holds; it writes down what is past its retention. */
  held(): void;
  put(name: string, data: string, PartitionKey?: string): Promise<string>;
  /** In batches of 500. Throws where some of them fail. */
  putMany(name: string, records: readonly { readonly data: string; readonly key: string }[]): Promise<void>;
  shards(name: string): Promise<Shard[]>;
  iterator(name: string, input?: Partial<GetShardIteratorCommandInput>): Promise<string>;
  /** All that a shard has from a position on, until it has no more. */
  readAll(name: string, input?: Partial<GetShardIteratorCommandInput>): Promise<Found[]>;
}

/** Kinesis behind an edge, on a clock that stands at noon on 27 January 2022. It goes away with the test. */
export async function kinesisBench(options: KinesisOptions = { throttling: 'off' }): Promise<KinesisBench> {
  const { edge, url, clock, ...bench } = await testEdge({ defaults: { region: REGION, accountId: ACCOUNT } });
  await clock.travelTo(NOON);
  const ledger = new LedgerStore(':memory:', () => clock.now());
  const counted = new Map<string, number>();
  const dataDir = await mkdtemp(join(tmpdir(), 'naetmul-kinesis-'));
  const context: EmulatorContext = {
    clock,
    random: createRandom('kinesis'),
    ledger,
    aws: edge.access,
    dataDir,
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    defaults: { region: REGION, accountId: ACCOUNT },
  };
  const metrics = {
    count(_namespace: string, metric: string, dimensions: Readonly<Record<string, string>>, value: number) {
      const name = dimensions.ShardId === undefined ? metric : `${metric} ${dimensions.ShardId}`;
      counted.set(name, (counted.get(name) ?? 0) + value);
    },
  };
  const emulator = createKinesis(context, { metrics, options });
  edge.register(emulator);
  const client = clientOf(url);
  onTestFinished(async () => {
    client.destroy();
    await emulator.stop?.();
    await bench[Symbol.asyncDispose]();
    ledger[Symbol.dispose]();
    await rm(dataDir, { recursive: true });
  });
  const iterator = async (StreamName: string, input: Partial<GetShardIteratorCommandInput> = {}) => {
    const { ShardIterator = '' } = await client.send(
      new GetShardIteratorCommand({ StreamName, ShardId: SHARD, ShardIteratorType: 'TRIM_HORIZON', ...input }),
    );
    return ShardIterator;
  };
  return {
    edge,
    url,
    clock,
    client,
    dataDir,
    ledger,
    counted,
    entries() {
      const found: Entry[] = [];
      for (let n = 1, entry = ledger.get(n); entry; n++, entry = ledger.get(n)) found.push(entry);
      return found;
    },
    async make(StreamName, input = { ShardCount: 1 }) {
      await client.send(new CreateStreamCommand({ StreamName, ...input }));
      await client.send(new DescribeStreamCommand({ StreamName }));
    },
    held: () => void emulator.held?.(),
    async put(StreamName, data, PartitionKey = 'key') {
      const input = { StreamName, Data: Buffer.from(data), PartitionKey };
      const { SequenceNumber = '' } = await client.send(new PutRecordCommand(input));
      return SequenceNumber;
    },
    async putMany(StreamName, records) {
      for (let at = 0; at < records.length; at += 500) {
        const Records = records
          .slice(at, at + 500)
          .map(({ data, key }) => ({ Data: Buffer.from(data), PartitionKey: key }));
        const { FailedRecordCount } = await client.send(new PutRecordsCommand({ StreamName, Records }));
        if (FailedRecordCount) throw new Error(`${FailedRecordCount} records failed.`);
      }
    },
    async shards(StreamName) {
      const { Shards = [] } = await client.send(new ListShardsCommand({ StreamName }));
      return Shards;
    },
    iterator,
    async readAll(name, input) {
      const found: Found[] = [];
      let next: string | undefined = await iterator(name, input);
      while (next !== undefined) {
        const answer: GetRecordsCommandOutput = await client.send(new GetRecordsCommand({ ShardIterator: next }));
        for (const record of answer.Records ?? []) {
          found.push({
            data: Buffer.from(record.Data ?? []).toString(),
            key: record.PartitionKey,
            sequenceNumber: record.SequenceNumber ?? '',
            arrival: record.ApproximateArrivalTimestamp?.getTime() ?? Number.NaN,
          });
        }
        next = answer.MillisBehindLatest === 0 ? undefined : answer.NextShardIterator;
      }
      return found;
    },
  };
}

export function clientOf(url: string): KinesisClient {
  return new KinesisClient({
    endpoint: url,
    region: REGION,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
}

/** The error of a call, as `name: message`. */
export async function refusal(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    const { name, message } = error as Error;
    return `${name}: ${message}`;
  }
  throw new Error('The call was not refused.');
}

/** What PutRecords said of each record: the shard that has it, or the error. */
export function outcomes({ Records = [] }: PutRecordsCommandOutput): (string | undefined)[] {
  return Records.map(({ ShardId, ErrorCode }) => ShardId ?? ErrorCode);
}
