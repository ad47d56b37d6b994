/**
 * What Amazon Data Firehose allows. Sources, unless said otherwise: the service's API model (2015-08-04) and the
 * developer guide's page "Quotas" (https://docs.aws.amazon.com/firehose/latest/dev/limits.html).
 */

/** Bytes of one record, before base64. 1,000 KiB, not 1 MiB. */
export const MAX_RECORD_BYTES = 1_024_000;
/** Records of one PutRecordBatch. */
export const MAX_BATCH_RECORDS = 500;
/** Bytes of all records of one PutRecordBatch, before base64. */
export const MAX_BATCH_BYTES = 4 * 1024 * 1024;

export const MAX_NAME_LENGTH = 64;
export const NAME_PATTERN = '[a-zA-Z0-9_.-]+';
/** Delivery streams of one account and region. */
export function maxDeliveryStreams(region: string): number {
  const large = ['us-east-1', 'us-east-2', 'us-west-2', 'eu-west-1', 'ap-northeast-1'];
  return large.includes(region) ? 5000 : 2000;
}

/** What one delivery stream takes of direct puts in a second. */
export interface Throughput {
  readonly recordsPerSecond: number;
  readonly requestsPerSecond: number;
  readonly bytesPerSecond: number;
}

const MIB = 1024 * 1024;
const LARGE: Throughput = { recordsPerSecond: 500_000, requestsPerSecond: 2000, bytesPerSecond: 5 * MIB };
const SMALL: Throughput = { recordsPerSecond: 100_000, requestsPerSecond: 1000, bytesPerSecond: MIB };

export function throughputOf(region: string): Throughput {
  return ['us-east-1', 'us-west-2', 'eu-west-1'].includes(region) ? LARGE : SMALL;
}

/** Calls of StartDeliveryStreamEncryption and StopDeliveryStreamEncryption of one stream, together, in 24 hours. */
export const MAX_ENCRYPTION_CALLS = 25;
export const ENCRYPTION_CALLS_WINDOW_MS = 24 * 3_600_000;
/** How long encryption is ENABLING or DISABLING. AWS does not say. */
export const ENCRYPTION_CHANGE_MS = 5000;

export const MAX_TAGS = 50;
export const MAX_TAG_KEY_LENGTH = 128;
export const MAX_TAG_VALUE_LENGTH = 256;

/** ListDeliveryStreams: how many names it gives when not told. */
export const DEFAULT_LIST_LIMIT = 10;
export const MAX_LIST_LIMIT = 10_000;

/**
 * How long Firehose keeps trying to deliver what was put to it directly. With a Kinesis stream as source it is the
 * stream's retention (https://docs.aws.amazon.com/firehose/latest/dev/retry.html).
 */
export const DIRECT_PUT_RETENTION_MS = 24 * 3_600_000;

/** Pauses between two attempts to deliver to S3: doubled each time. AWS does not document them. */
export const RETRY_INITIAL_MS = 1000;
export const RETRY_MAX_MS = 120_000;

/**
 * What `IntervalInSeconds: 0` waits for more records. AWS says "within a few seconds"
 * (https://docs.aws.amazon.com/firehose/latest/dev/buffering-hints.html).
 */
export const ZERO_BUFFERING_MS = 1000;

/**
 * Dynamic partitioning: partitions with records that wait, at one time
 * (https://docs.aws.amazon.com/firehose/latest/dev/limits.html: 500 by default, 2,000 in the largest regions).
 */
export const MAX_ACTIVE_PARTITIONS = 500;

/**
 * Bytes that one delivery stream keeps in memory, in buffers and waiting for delivery. Above it, puts are answered
 * with `Slow down.` and the source stream is not read until S3 takes data again. A limit of naetmul's own.
 */
export const MAX_HELD_BYTES = 256 * 1024 * 1024;
