import type { EntryNumber } from '../../ledger/index.ts';
import type { FirehoseRecord, RecordName } from './runs.ts';

/**
 * The folder of failed records, by what failed: `!{firehose:error-output-type}`
 * (https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html). `elasticsearch-failed` is what the folder was
 * called before the service's renaming in 2021.
 */
export type ErrorOutputType =
  | 'processing-failed'
  | 'decompression-failed'
  | 'metadata-extraction-failed'
  | 'AmazonOpenSearchService-failed'
  | 'AmazonOpenSearchService_failed'
  | 'elasticsearch-failed'
  | 'http-endpoint-failed'
  | 'activePartitionExceeded';

/** A record that is given up, as the objects of failed records tell of it (firehose.md 5 and 6). */
export interface FailedRecord {
  /** The record's name in the ledger. */
  readonly name: RecordName;
  /** The ledger's entry that accepted it. */
  readonly cause: EntryNumber;
  /** The record as it came in: `rawData`. */
  readonly data: Uint8Array;
  /** ms since the epoch. */
  readonly arrival: number;
  readonly type: ErrorOutputType;
  readonly attemptsMade: number;
  /** An HTTP status, or a code such as `Lambda.FunctionTimedOut`. */
  readonly errorCode: string;
  readonly errorMessage: string;
  /** When the last attempt ended, ms since the epoch. */
  readonly attemptEndingTimestamp: number;
  /** What comes before `rawData` and after it in this kind's lines: `esIndexName`, `lambdaArn`. */
  readonly before?: Readonly<Record<string, unknown>>;
  readonly after?: Readonly<Record<string, unknown>>;
}

/** Why and when a record failed. */
export type Failure = Omit<FailedRecord, 'name' | 'cause' | 'data' | 'arrival'>;

export function failRecord({ name, cause, data, arrival }: FirehoseRecord, failure: Failure): FailedRecord {
  return { name, cause, data, arrival, ...failure };
}

/**
 * One line of an object of failed records. AWS documents the members as text; real samples have numbers for counts and
 * times (firehose.md 5).
 */
export function failedRecordLine(record: FailedRecord): string {
  const line = {
    attemptsMade: record.attemptsMade,
    arrivalTimestamp: record.arrival,
    errorCode: record.errorCode,
    errorMessage: record.errorMessage,
    attemptEndingTimestamp: record.attemptEndingTimestamp,
    ...record.before,
    rawData: Buffer.from(record.data).toString('base64'),
    ...record.after,
  };
  return `${JSON.stringify(line)}\n`;
}
