/** Constraints of the API model (kinesis/2013-12-02/service-2.json) unless a page is named. */
export const NAME_PATTERN = /[a-zA-Z0-9_.-]+/;
export const MAX_NAME_LENGTH = 128;
export const STREAM_ARN_PATTERN = /arn:aws.*:kinesis:.*:\d{12}:stream\/\S+/;
export const MAX_ARN_LENGTH = 2048;
export const HASH_KEY_PATTERN = /0|([1-9]\d{0,38})/;
export const SEQUENCE_NUMBER_PATTERN = /0|([1-9]\d{0,128})/;
export const MAX_PARTITION_KEY_LENGTH = 256;
export const MAX_ITERATOR_LENGTH = 512;
export const MAX_NEXT_TOKEN_LENGTH = 1_048_576;
export const MAX_KEY_ID_LENGTH = 2048;
export const MAX_PUT_RECORDS = 500;
export const MAX_GET_RECORDS = 10_000;
export const MAX_PAGE = 10_000;
export const DEFAULT_PAGE = 100;
/** ListShards gives up to 1,000 in one answer unless asked for fewer or more (API reference, ListShards). */
export const DEFAULT_SHARDS_PAGE = 1000;

export const KIB = 1024;
export const MIB = 1024 * KIB;

/** A stream's own limit for a record, and what it may be set to (API reference, UpdateMaxRecordSize). */
export const DEFAULT_RECORD_KIB = 1024;
export const MAX_RECORD_KIB = 10_240;
/** One PutRecords with partition keys (API reference, PutRecords; 5 MiB before October 2025). */
export const MAX_PUT_BYTES = 10 * MIB;
/** One answer of GetRecords (API reference, GetRecords). */
export const MAX_GET_BYTES = 10 * MIB;

/** What one shard takes and gives per second (developer guide, service-sizes-and-limits). */
export const WRITE_BYTES_PER_SECOND = MIB;
export const WRITE_RECORDS_PER_SECOND = 1000;
export const READ_BYTES_PER_SECOND = 2 * MIB;
export const READ_CALLS_PER_SECOND = 5;

/** Developer guide, service-sizes-and-limits. */
export const ITERATOR_LIFE_MS = 300_000;
export const MIN_RETENTION_HOURS = 24;
export const MAX_RETENTION_HOURS = 8760;
export const HOUR_MS = 3_600_000;

export const MIN_SHARDS = 1;
export const MAX_SHARDS = 100_000;
/** What a new stream of the mode ON_DEMAND begins with (developer guide, how-do-i-size-a-stream). */
export const ON_DEMAND_SHARDS = 4;
/** Developer guide, service-sizes-and-limits. */
export const MAX_CREATING = 5;
export const ON_DEMAND_STREAM_LIMIT = 50;
/** UpdateShardCount in any 24 hours, per stream (API reference). */
export const MAX_RESIZES_PER_DAY = 10;
/** UpdateStreamMode in any 24 hours, per stream (API reference). */
export const MAX_MODE_CHANGES_PER_DAY = 2;
export const MAX_RESIZE_TARGET = 10_000;

export const MAX_TAGS = 50;
export const MAX_TAG_KEY_LENGTH = 128;
export const MAX_TAG_VALUE_LENGTH = 256;

/**
 * How long a stream is CREATING, UPDATING or DELETING. AWS takes seconds to a minute and promises nothing; each start
 * and each reset of the bench waits for it.
 */
export const TRANSITION_MS = 100;

const SHARD_LIMITS: Readonly<Record<string, number>> = {
  'us-east-1': 20_000,
  'us-west-2': 20_000,
  'eu-west-1': 20_000,
  'us-east-2': 6000,
  'ap-northeast-1': 6000,
  'ap-southeast-1': 6000,
  'ap-southeast-2': 6000,
  'eu-central-1': 6000,
  'eu-west-2': 6000,
};

/** Open shards of all provisioned streams in a region (developer guide, service-sizes-and-limits). */
export function shardLimitOf(region: string): number {
  return SHARD_LIMITS[region] ?? 1000;
}

export const METRICS = [
  'IncomingBytes',
  'IncomingRecords',
  'OutgoingBytes',
  'OutgoingRecords',
  'WriteProvisionedThroughputExceeded',
  'ReadProvisionedThroughputExceeded',
  'IteratorAgeMilliseconds',
] as const;
