import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { ROLE_ARN } from '../testing.ts';
import { type Answer, type Bench, firehoseBench } from './testing.ts';

/**
 * What AWS answered and delivered when LocalStack's people let it run their tests: tests/aws/services/firehose and
 * tests/aws/services/cloudformation/resources/test_firehose of https://github.com/localstack/localstack.
 */

let bench: Bench;
/** Of the delivery stream, the source and the bucket of a test. */
let name: string;
let serial = 0;

beforeAll(async () => {
  bench = await firehoseBench();
});
afterAll(() => bench?.[Symbol.asyncDispose]());
beforeEach(async () => {
  name = `brook-${serial++}`;
  await bench.createBucket(name);
});

const firehose = (operation: string, input: object = {}): Promise<Answer> =>
  bench.boto3.call('firehose', operation, { DeliveryStreamName: name, ...input });
const s3 = (changes: object = {}, bucket = name) => ({
  RoleARN: ROLE_ARN,
  BucketARN: `arn:aws:s3:::${bucket}`,
  ...changes,
});

async function sourceStream(shards: number) {
  await bench.boto3.call('kinesis', 'CreateStream', { StreamName: name, ShardCount: shards });
  await bench.whenStreamIsActive(name);
  return {
    DeliveryStreamType: 'KinesisStreamAsSource',
    KinesisStreamSourceConfiguration: {
      KinesisStreamARN: `arn:aws:kinesis:us-east-1:000000000000:stream/${name}`,
      RoleARN: ROLE_ARN,
    },
  };
}

test('tags', async () => {
  const Tags = [{ Key: 'subject', Value: 'taboo' }];
  await firehose('CreateDeliveryStream', { S3DestinationConfiguration: s3(), Tags });
  await bench.clock.settled();
  expect(await firehose('ListTagsForDeliveryStream')).toEqual({ HasMoreTags: false, Tags });
  expect(await firehose('UntagDeliveryStream', { TagKeys: ['subject', 'moment'] })).toEqual({});
  expect(await firehose('ListTagsForDeliveryStream')).toEqual({ HasMoreTags: false, Tags: [] });
  const others = [{ Key: 'feeling', Value: 'uncomfortable' }];
  expect(await firehose('TagDeliveryStream', { Tags: others })).toEqual({});
  expect(await firehose('ListTagsForDeliveryStream')).toEqual({ HasMoreTags: false, Tags: others });
});

test('a file extension, with an error output prefix that has no expression', async () => {
  const ExtendedS3DestinationConfiguration = s3({ FileExtension: '.txt', ErrorOutputPrefix: 'errors' });
  await firehose('CreateDeliveryStream', { DeliveryStreamType: 'DirectPut', ExtendedS3DestinationConfiguration });
  await bench.clock.settled();
  await firehose('PutRecord', { Record: { Data: bench.boto3.blob('drop') } });
  await bench.clock.advance(300_000);
  expect(await bench.objects(name)).toEqual([{ key: expect.stringMatching(/\.txt$/), body: 'drop' }]);
});

test('two delivery streams on one Kinesis stream have each record', async () => {
  const source = await sourceStream(1);
  const names = [`${name}-a`, `${name}-b`];
  for (const each of names) {
    await bench.createBucket(each);
    await firehose('CreateDeliveryStream', {
      ...source,
      DeliveryStreamName: each,
      ExtendedS3DestinationConfiguration: s3(
        {
          Prefix: 'firehoseTest',
          ErrorOutputPrefix: 'firehoseTest-errors/!{firehose:error-output-type}/',
          BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 1 },
          CompressionFormat: 'UNCOMPRESSED',
          EncryptionConfiguration: { NoEncryptionConfig: 'NoEncryption' },
          CloudWatchLoggingOptions: { Enabled: true, LogGroupName: 'group', LogStreamName: 'stream' },
        },
        each,
      ),
    });
  }
  await bench.clock.settled();
  const put = { StreamName: name, Data: bench.boto3.blob('Test-message'), PartitionKey: '1' };
  await bench.clock.run('a producer', () => bench.boto3.call('kinesis', 'PutRecord', put));
  await bench.clock.advance(10_000);
  for (const each of names) {
    expect(await bench.objects(each)).toEqual([{ key: expect.stringMatching(/^firehoseTest2/), body: 'Test-message' }]);
  }
});

test('the description of a stream that partitions what it reads from Kinesis', async () => {
  const source = await sourceStream(2);
  const shared = {
    BufferingHints: { IntervalInSeconds: 60, SizeInMBs: 64 },
    Prefix: 'firehoseTest/!{partitionKeyFromQuery:s3Prefix}',
    ErrorOutputPrefix: 'firehoseTest-errors/!{firehose:error-output-type}/',
  };
  const ProcessingConfiguration = {
    Enabled: true,
    Processors: [
      {
        Type: 'MetadataExtraction',
        Parameters: [
          { ParameterName: 'MetadataExtractionQuery', ParameterValue: '{s3Prefix: .tableName}' },
          { ParameterName: 'JsonParsingEngine', ParameterValue: 'JQ-1.6' },
        ],
      },
    ],
  };
  await firehose('CreateDeliveryStream', {
    ...source,
    ExtendedS3DestinationConfiguration: s3({
      ...shared,
      ProcessingConfiguration,
      DynamicPartitioningConfiguration: { Enabled: true },
      DataFormatConversionConfiguration: { Enabled: false },
    }),
  });
  await bench.clock.settled();
  const plain = s3({
    ...shared,
    CloudWatchLoggingOptions: { Enabled: false },
    CompressionFormat: 'UNCOMPRESSED',
    EncryptionConfiguration: { NoEncryptionConfig: 'NoEncryption' },
  });
  const instant = expect.stringMatching(/^2022-01-27T/);
  expect(await firehose('DescribeDeliveryStream')).toEqual({
    DeliveryStreamDescription: {
      CreateTimestamp: instant,
      DeliveryStreamARN: `arn:aws:firehose:us-east-1:000000000000:deliverystream/${name}`,
      DeliveryStreamName: name,
      DeliveryStreamStatus: 'ACTIVE',
      DeliveryStreamType: 'KinesisStreamAsSource',
      Destinations: [
        {
          DestinationId: 'destinationId-000000000001',
          ExtendedS3DestinationDescription: {
            ...plain,
            DataFormatConversionConfiguration: { Enabled: false },
            DynamicPartitioningConfiguration: { Enabled: true, RetryOptions: { DurationInSeconds: 300 } },
            ProcessingConfiguration,
            S3BackupMode: 'Disabled',
          },
          S3DestinationDescription: plain,
        },
      ],
      HasMoreDestinations: false,
      Source: {
        KinesisStreamSourceDescription: { DeliveryStartTimestamp: instant, ...source.KinesisStreamSourceConfiguration },
      },
      VersionId: '1',
    },
  });
});
