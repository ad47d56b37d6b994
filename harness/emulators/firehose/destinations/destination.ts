import type { DestinationDescription } from '@aws-sdk/client-firehose';
import type { Lock } from '../../../clock/index.ts';
import type { LedgerId } from '../../../ledger/index.ts';
import type { Batch } from '../buffer.ts';
import type { ErrorOutputType, FailedRecord } from '../failed-record.ts';
import type { Processing } from '../processing/processing.ts';
import type { PartitionKeys, Run } from '../runs.ts';

/** What AWS calls the only destination that a delivery stream can have. */
export const DESTINATION_ID = 'destinationId-000000000001';

/** Where a delivery stream delivers to, with the configuration for it. Replaced as a whole when updated. */
export interface Destination {
  /** In front of its metrics: `DeliveryToS3` of `DeliveryToS3.Records`. */
  readonly metricPrefix: string;
  /** What error logs name: the bucket's, the domain's ARN, a URL. */
  readonly arn: string;
  readonly hints: BufferingHints;
  /** What is done to records before they are delivered. */
  readonly processing: Processing | undefined;
  /** Where records are kept that could not be processed or delivered. */
  readonly errorOutput: S3Writer;
  /** Where a copy of every record is kept, as it came in. */
  readonly sourceBackup: S3Writer | undefined;
  /** Where errors are written to in CloudWatch Logs. */
  readonly errorLog: ErrorLogPlace | undefined;
  describe(): Omit<DestinationDescription, 'DestinationId'>;
  /**
   * Passes a batch on and says what became of each of its records, after as many attempts as the configuration grants.
   * Rejects when all of the batch should be tried again, for as long as the stream keeps its records.
   */
  deliver(batch: Batch, attempt: Attempt): Promise<Delivered>;
}

export interface BufferingHints {
  readonly sizeInMBs: number;
  readonly intervalInSeconds: number;
}

export interface ErrorLogPlace {
  readonly logGroupName: string;
  readonly logStreamName: string;
}

/** The delivery stream that a batch comes from. */
export interface Origin {
  readonly deliveryStreamName: string;
  readonly deliveryStreamArn: string;
  /** Undefined for direct puts. */
  readonly sourceArn: string | undefined;
  readonly versionId: number;
  readonly region: string;
  readonly accountId: string;
}

/** What whoever works on a batch is given with it. */
export interface Attempt extends Origin {
  /** Held while time must stand still; to wait between tries, sleep in it: `lock.sleep(ms, signal)`. */
  readonly lock: Lock;
  /** Aborted when the stream is stopped: what is under way should end soon, with its records still held. */
  readonly signal: AbortSignal;
  /** The clock's now, ms since the epoch. */
  now(): number;
  /** Tells of an error in the stream's error log, if it has one; `processor` is the ARN of the function that failed. */
  reportError(errorCode: string, message: string, processor?: string): void;
  /** Adds to one of the stream's metrics in `AWS/Firehose`. */
  count(metric: string, value: number): void;
}

export interface Delivered {
  readonly stored: readonly Stored[];
  /** Given up: they go to the error output. */
  readonly failed: readonly FailedRecord[];
  /** Given up for good: AWS keeps these nowhere. */
  readonly lost?: readonly Lost[] | undefined;
}

export interface Lost {
  readonly runs: readonly Run[];
  /** For the ledger. */
  readonly reason: string;
}

/** Records that arrived together. */
export interface Stored {
  readonly runs: readonly Run[];
  readonly into: readonly LedgerId[];
  /** Small facts for the ledger. */
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Writes objects into a bucket under the prefixes of an S3 configuration. */
export interface S3Writer {
  readonly hints: BufferingHints;
  /** Writes one object; writing it again writes the same object. Rejects when it should be tried again. */
  write(object: ObjectToWrite, origin: Origin): Promise<WrittenObject>;
}

export interface ObjectToWrite {
  /** A UUID: the end of its name. */
  readonly id: string;
  /** Arrival of the oldest record in it, ms since the epoch. */
  readonly oldestArrival: number;
  readonly content: Buffer;
  /** For failed records: decides on the prefix. */
  readonly errorOutputType?: ErrorOutputType | undefined;
  readonly partitionKeys?: PartitionKeys | undefined;
}

export interface WrittenObject {
  readonly bucket: string;
  readonly key: string;
  /** As stored, compressed or not. */
  readonly bytes: number;
  readonly etag: string | undefined;
}
