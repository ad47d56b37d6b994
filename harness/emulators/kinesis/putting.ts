import { AwsError } from '../../edge/aws-error.ts';
import type { Call } from '../../edge/emulator.ts';
import { LAST_HASH_KEY } from './engine/hash-keys.ts';
import type { Stream } from './engine/stream.ts';
import { errors } from './errors.ts';
import type { PutNotes } from './journal.ts';
import { DEFAULT_RECORD_KIB, HASH_KEY_PATTERN, KIB, MAX_PARTITION_KEY_LENGTH } from './limits.ts';
import type { StreamNames, Streams } from './streams.ts';
import type { Violations } from './violations.ts';

/** A record as PutRecord and PutRecords are given it. */
export interface RecordInput {
  readonly Data?: Uint8Array | undefined;
  readonly PartitionKey?: string | undefined;
  readonly ExplicitHashKey?: string | undefined;
}

export interface CheckedRecord {
  readonly data: Uint8Array;
  readonly partitionKey: string;
  readonly explicitHashKey: string | undefined;
}

/** @param prefix of the members' paths: `records.1.member.` */
export function checkRecord(violations: Violations, prefix: string, record: RecordInput, maxBytes: number): void {
  const { Data, PartitionKey, ExplicitHashKey } = record;
  if (violations.required(`${prefix}partitionKey`, PartitionKey)) {
    violations.text(`${prefix}partitionKey`, PartitionKey, 1, MAX_PARTITION_KEY_LENGTH);
  }
  if (ExplicitHashKey !== undefined) {
    violations.text(`${prefix}explicitHashKey`, ExplicitHashKey, 0, Number.POSITIVE_INFINITY, HASH_KEY_PATTERN);
  }
  if (violations.required(`${prefix}data`, Data)) violations.size(`${prefix}data`, Data.length, 0, maxBytes);
}

/** What `checkRecord` has found nothing against. */
export function readRecord({ Data, PartitionKey, ExplicitHashKey }: RecordInput): CheckedRecord {
  if (ExplicitHashKey !== undefined && BigInt(ExplicitHashKey) > LAST_HASH_KEY) {
    throw errors.invalid(
      'Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. ' +
        `Specified value was ${ExplicitHashKey}`,
    );
  }
  return { data: Data as Uint8Array, partitionKey: PartitionKey as string, explicitHashKey: ExplicitHashKey };
}

/** What a record of the stream may have, in bytes; of a stream that is not there, as by default. */
export function maxRecordBytes(stream: Stream | undefined): number {
  return stream?.maxRecordBytes ?? DEFAULT_RECORD_KIB * KIB;
}

/** Runs a put, and writes down what became of its records, also where all were refused. */
export function noted<Output>(
  streams: Streams,
  call: Call,
  operation: PutNotes['operation'],
  names: StreamNames,
  records: readonly RecordInput[],
  put: (stream: Stream | undefined) => { readonly output: Output; readonly results: PutNotes['results'] },
): Output {
  const stream = streams.find(names, call);
  const name = stream?.name ?? names.StreamName ?? names.StreamARN?.split(':stream/')[1];
  const sizes = records.map(({ Data }) => Data?.length ?? 0);
  try {
    const { output, results } = put(stream);
    streams.journal.puts({ stream: name ?? '', operation, status: 200, results, sizes }, stream, call);
    return output;
  } catch (error) {
    if (error instanceof AwsError && name !== undefined) {
      const failure = { ErrorCode: error.code, ErrorMessage: error.message };
      const results = records.map(() => failure);
      streams.journal.puts({ stream: name, operation, status: error.status, results, sizes }, stream, call);
    }
    throw error;
  }
}
