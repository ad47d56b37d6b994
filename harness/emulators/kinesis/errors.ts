import { AwsError } from '../../edge/aws-error.ts';

/** Texts that Kinesalite's author compared with AWS, unless docs/fidelity/kinesis.md says otherwise. */
export const errors = {
  streamNotFound: (stream: string, accountId: string) =>
    new AwsError('ResourceNotFoundException', `Stream ${stream} under account ${accountId} not found.`),

  /** Of GetShardIterator and GetRecords. */
  shardNotFound: (shardId: string, stream: string, accountId: string) =>
    new AwsError(
      'ResourceNotFoundException',
      `Shard ${shardId} in stream ${stream} under account ${accountId} does not exist`,
    ),

  /** Of SplitShard and MergeShards, and of an id that is no shard's at all. */
  noSuchShard: (shardId: string, stream: string, accountId: string) =>
    new AwsError(
      'ResourceNotFoundException',
      `Could not find shard ${shardId} in stream ${stream} under account ${accountId}.`,
    ),

  alreadyExists: (stream: string, accountId: string) =>
    new AwsError('ResourceInUseException', `Stream ${stream} under account ${accountId} already exists.`),

  notActive: (stream: string, accountId: string, status: string) =>
    new AwsError(
      'ResourceInUseException',
      `Stream ${stream} under account ${accountId} not ACTIVE, instead in state ${status}`,
    ),

  throttled: (shardId: string, stream: string, accountId: string) =>
    new AwsError('ProvisionedThroughputExceededException', rateExceeded(shardId, stream, accountId)),

  invalid: (message: string) => new AwsError('InvalidArgumentException', message),

  validation: (message: string) => new AwsError('ValidationException', message),

  invalidIterator: () => errors.invalid('Invalid ShardIterator.'),

  expiredIterator: (createdAt: number, now: number) =>
    new AwsError(
      'ExpiredIteratorException',
      `Iterator expired. The iterator was created at time ${javaDate(createdAt)} while right now it is ` +
        `${javaDate(now)} which is further in the future than the tolerated delay of 300000 milliseconds.`,
    ),

  limit: (message: string) => new AwsError('LimitExceededException', message),

  tooManyShards: (region: string, accountId: string, open: number, limit: number, more: number) =>
    errors.limit(
      `This request would exceed the shard limit for the account ${accountId} in ${region}. Current shard count for the ` +
        `account: ${open}. Limit: ${limit}. Number of additional shards that would have resulted from this request: ` +
        `${more}. Refer to the AWS Service Limits page ` +
        '(http://docs.aws.amazon.com/general/latest/gr/aws_service_limits.html) for current limits and how to request ' +
        'higher limits.',
    ),
} as const;

export function rateExceeded(shardId: string, stream: string, accountId: string): string {
  return `Rate exceeded for shard ${shardId} in stream ${stream} under account ${accountId}.`;
}

/** `Thu Jan 27 05:48:25 UTC 2022` */
function javaDate(instant: number): string {
  const [weekday = '', day, month, year, time] = new Date(instant).toUTCString().split(' ');
  return `${weekday.slice(0, -1)} ${month} ${day} ${time} UTC ${year}`;
}
