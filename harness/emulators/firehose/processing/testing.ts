import { createHash } from 'node:crypto';
import type { Processor } from '@aws-sdk/client-firehose';
import { type ClockControl, createClock } from '../../../clock/index.ts';
import type { AwsAccess } from '../../../edge/emulator.ts';
import { ids } from '../../../ledger/index.ts';
import type { Batch } from '../buffer.ts';
import type { Attempt } from '../destinations/destination.ts';
import { type KinesisOrigin, makeRun, type Run } from '../runs.ts';
import { ACCOUNT, answeringAws } from '../testing.ts';
import { readProcessing } from './index.ts';
import type { UserRecord } from './kpl.ts';
import type { Processed } from './processing.ts';

export const FUNCTION_ARN = `arn:aws:lambda:us-east-1:${ACCOUNT}:function:worker`;
export const STREAM_ARN = `arn:aws:firehose:us-east-1:${ACCOUNT}:deliverystream/brook`;

/** A processor with its parameters, as requests give it. */
export function processor(Type: Processor['Type'], parameters: Readonly<Record<string, string>> = {}): Processor {
  const Parameters = Object.entries(parameters).map(([ParameterName, ParameterValue]) => ({
    ParameterName: ParameterName as never,
    ParameterValue,
  }));
  return { Type, Parameters };
}

export const QUERY = (query: string) =>
  processor('MetadataExtraction', { MetadataExtractionQuery: query, JsonParsingEngine: 'JQ-1.6' });

/** The parts of a run that matter to a test; the rest is that of one put. */
export interface Given extends Partial<Pick<Run, 'arrival' | 'ids'>> {
  readonly data: readonly (string | Uint8Array)[];
  readonly kinesis?: readonly KinesisOrigin[];
}

/** A batch of one put, or of several. Records of a put are `put/brook/<n>`. */
export function batchOf(...puts: readonly Given[]): Batch {
  const runs = puts.map(({ data, arrival = 0, kinesis, ...given }, n) =>
    makeRun({
      arrival,
      data: data.map((record) => Buffer.from(record)),
      ids: given.ids ?? { series: ids.putSeries('brook', `${n}`), from: 0, to: data.length },
      cause: n + 1,
      kinesis,
    }),
  );
  return {
    id: '6b1f6a0e-6d0c-4c4e-9d5e-2f1a7a3d9b11',
    runs,
    records: runs.reduce((sum, run) => sum + run.data.length, 0),
    bytes: runs.reduce((sum, run) => sum + run.bytes, 0),
    oldestArrival: Math.min(...runs.map((run) => run.arrival)),
  };
}

export interface BenchOptions {
  /** By default a clock of its own. */
  readonly clock?: ClockControl;
  readonly now?: number;
  readonly sourceArn?: string;
  readonly dynamicPartitioning?: boolean;
  readonly aws?: AwsAccess;
}

/** A clock that jumps, and what the delivery stream is told while records are processed. */
export async function processingBench(processors: readonly Processor[], options: BenchOptions = {}) {
  const { clock = createClock() } = options;
  await clock.travelTo(options.now ?? 0);
  await clock.auto();
  const stopped = new AbortController();
  const errors: string[] = [];
  const counted: [metric: string, value: number][] = [];
  const aws = options.aws ?? answeringAws(() => undefined);
  const { dynamicPartitioning = false } = options;
  const configuration = { Enabled: true, Processors: [...processors] };
  const processing = readProcessing(configuration, 'S3', { dynamicPartitioning }, { aws });
  return {
    clock,
    errors,
    counted,
    stop: () => stopped.abort(new Error('stopped')),
    hints: processing?.hints,
    process: async (batch: Batch): Promise<Required<Processed>> =>
      await clock.run('processing', async (lock) => {
        const attempt: Attempt = {
          deliveryStreamName: 'brook',
          deliveryStreamArn: STREAM_ARN,
          sourceArn: options.sourceArn,
          versionId: 1,
          region: 'us-east-1',
          accountId: ACCOUNT,
          lock,
          signal: stopped.signal,
          now: () => clock.now(),
          reportError: (code, message, processor) =>
            void errors.push(`${code}: ${message}${processor === undefined ? '' : ` (${processor})`}`),
          count: (metric, value) => void counted.push([metric, value]),
        };
        return { takenApart: [], ...((await processing?.run(batch, attempt)) as Processed) };
      }),
  };
}

/** The records' contents. */
export function textsOf(runs: readonly Run[]): string[] {
  return runs.flatMap((run) => run.data.map((data) => Buffer.from(data).toString()));
}

/** One record of several, as the Kinesis Producer Library makes it. */
export function aggregate(records: readonly Pick<UserRecord, 'partitionKey' | 'data'>[]): Buffer {
  const keys = [...new Set(records.map(({ partitionKey }) => partitionKey))];
  const message = Buffer.concat([
    ...keys.map((key) => field(1, Buffer.from(key))),
    ...records.map(({ partitionKey, data }) =>
      field(3, Buffer.concat([Buffer.from([0x08]), varint(keys.indexOf(partitionKey)), field(3, data)])),
    ),
  ]);
  return Buffer.concat([Buffer.from('f3899ac2', 'hex'), message, createHash('md5').update(message).digest()]);
}

function field(number: number, content: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([(number << 3) | 2]), varint(content.length), content]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let left = value;
  for (; left >= 0x80; left = Math.floor(left / 0x80)) bytes.push((left % 0x80) | 0x80);
  return Buffer.from([...bytes, left]);
}
