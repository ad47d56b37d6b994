// biome-ignore-all lint/suspicious/noTemplateCurlyInString: CloudFormation writes names as JavaScript's templates do.
import type { Plain } from './node-of.ts';

/** A policy template of SAM: the one thing that it is about, and what it allows on it. */
interface PolicyTemplate {
  /** The one parameter; none for a policy about everything. */
  readonly parameter: string | undefined;
  statements(value: Plain): readonly Plain[];
}

const allow = (actions: readonly string[], resource: Plain): Plain => ({
  Effect: 'Allow',
  Action: [...actions],
  Resource: resource,
});

/** The ARN of something in the account and region that the template is deployed to; `*` of none. */
const arn = (service: string, resource: string, name: Plain): Plain => ({
  'Fn::Sub': [`arn:\${AWS::Partition}:${service}:\${AWS::Region}:\${AWS::AccountId}:${resource}`, { name }],
});

const bucketArn = (name: Plain, rest = ''): Plain => ({
  'Fn::Sub': [`arn:\${AWS::Partition}:s3:::\${name}${rest}`, { name }],
});

const onQueue = (...actions: string[]): PolicyTemplate => ({
  parameter: 'QueueName',
  statements: (name) => [allow(actions, arn('sqs', '${name}', name))],
});

const onBucket = (...actions: string[]): PolicyTemplate => ({
  parameter: 'BucketName',
  statements: (name) => [allow(actions, [bucketArn(name), bucketArn(name, '/*')])],
});

const onDeliveryStream = (...actions: string[]): PolicyTemplate => ({
  parameter: 'DeliveryStreamName',
  statements: (name) => [allow(actions, arn('firehose', 'deliverystream/${name}', name))],
});

const S3_READ = ['s3:GetObject', 's3:ListBucket', 's3:GetBucketLocation', 's3:GetObjectVersion'];

/** Those of SAM's policy templates that are supported. Source: SAM developer guide, "Policy template list". */
export const POLICY_TEMPLATES: Readonly<Record<string, PolicyTemplate>> = {
  CloudWatchPutMetricPolicy: { parameter: undefined, statements: () => [allow(['cloudwatch:PutMetricData'], '*')] },
  FirehoseWritePolicy: onDeliveryStream('firehose:PutRecord', 'firehose:PutRecordBatch'),
  KinesisCrudPolicy: {
    parameter: 'StreamName',
    statements: (name) => [
      allow(
        [
          'kinesis:AddTagsToStream',
          'kinesis:CreateStream',
          'kinesis:DecreaseStreamRetentionPeriod',
          'kinesis:DeleteStream',
          'kinesis:DescribeStream',
          'kinesis:DescribeStreamSummary',
          'kinesis:GetShardIterator',
          'kinesis:IncreaseStreamRetentionPeriod',
          'kinesis:ListTagsForStream',
          'kinesis:MergeShards',
          'kinesis:PutRecord',
          'kinesis:PutRecords',
          'kinesis:SplitShard',
          'kinesis:RemoveTagsFromStream',
        ],
        arn('kinesis', 'stream/${name}', name),
      ),
    ],
  },
  KinesisStreamReadPolicy: {
    parameter: 'StreamName',
    statements: (name) => [
      allow(['kinesis:ListStreams', 'kinesis:DescribeLimits'], arn('kinesis', 'stream/*', name)),
      allow(
        ['kinesis:DescribeStream', 'kinesis:DescribeStreamSummary', 'kinesis:GetRecords', 'kinesis:GetShardIterator'],
        arn('kinesis', 'stream/${name}', name),
      ),
    ],
  },
  LambdaInvokePolicy: {
    parameter: 'FunctionName',
    statements: (name) => [allow(['lambda:InvokeFunction'], arn('lambda', 'function:${name}*', name))],
  },
  S3CrudPolicy: onBucket(
    ...S3_READ,
    's3:PutObject',
    's3:PutObjectAcl',
    's3:GetLifecycleConfiguration',
    's3:PutLifecycleConfiguration',
    's3:DeleteObject',
  ),
  S3ReadPolicy: onBucket(...S3_READ, 's3:GetLifecycleConfiguration'),
  S3WritePolicy: onBucket('s3:PutObject', 's3:PutObjectAcl', 's3:PutLifecycleConfiguration'),
  SQSPollerPolicy: onQueue(
    'sqs:ChangeMessageVisibility',
    'sqs:ChangeMessageVisibilityBatch',
    'sqs:DeleteMessage',
    'sqs:DeleteMessageBatch',
    'sqs:GetQueueAttributes',
    'sqs:ReceiveMessage',
  ),
  SQSSendMessagePolicy: onQueue('sqs:SendMessage*'),
};
