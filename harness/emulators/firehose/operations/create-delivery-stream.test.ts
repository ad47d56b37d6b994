import { describe, expect, test } from 'vitest';
import { maxDeliveryStreams } from '../limits.ts';
import { BROOK, brookBench, firehoseBench, ROLE_ARN, S3, testCall } from '../testing.ts';

const SOURCE = { KinesisStreamARN: 'arn:aws:kinesis:us-east-1:000000000000:stream/ingest', RoleARN: ROLE_ARN };

describe('CreateDeliveryStream', () => {
  test('answers with the ARN, and a stream for direct puts is ACTIVE at once', async () => {
    const { call } = await firehoseBench();
    expect(await call('CreateDeliveryStream', BROOK)).toEqual({
      DeliveryStreamARN: 'arn:aws:firehose:us-east-1:000000000000:deliverystream/brook',
    });
    expect(await call('DescribeDeliveryStream', { DeliveryStreamName: 'brook' })).toMatchObject({
      DeliveryStreamDescription: { DeliveryStreamStatus: 'ACTIVE' },
    });
  });

  test('a name is taken once for each account and region', async () => {
    const { call } = await brookBench();
    await expect(call('CreateDeliveryStream', BROOK)).rejects.toMatchObject({
      code: 'ResourceInUseException',
      message: 'Firehose brook under accountId 000000000000 already exists',
    });
    await call('CreateDeliveryStream', BROOK, testCall({ region: 'ap-northeast-2' }));
    await call('CreateDeliveryStream', BROOK, testCall({ accountId: '111111111111' }));
  });

  test('all violations of the model come at once', async () => {
    const { call } = await firehoseBench();
    const input = {
      DeliveryStreamName: 'a brook',
      DeliveryStreamType: 'River',
      ExtendedS3DestinationConfiguration: {
        BucketARN: 'lake',
        BufferingHints: { SizeInMBs: 0, IntervalInSeconds: 901 },
      },
    };
    await expect(call('CreateDeliveryStream', input)).rejects.toMatchObject({
      code: 'ValidationException',
      message: [
        "6 validation errors detected: Value 'a brook' at 'deliveryStreamName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+",
        "Value 'River' at 'deliveryStreamType' failed to satisfy constraint: Member must satisfy enum value set: [DirectPut, KinesisStreamAsSource, MSKAsSource, DatabaseAsSource]",
        "Value null at 'extendedS3DestinationConfiguration.roleARN' failed to satisfy constraint: Member must not be null",
        "Value 'lake' at 'extendedS3DestinationConfiguration.bucketARN' failed to satisfy constraint: Member must satisfy regular expression pattern: arn:.*:s3:::[\\w\\.\\-]{1,255}",
        "Value '0' at 'extendedS3DestinationConfiguration.bufferingHints.sizeInMBs' failed to satisfy constraint: Member must have value greater than or equal to 1",
        "Value '901' at 'extendedS3DestinationConfiguration.bufferingHints.intervalInSeconds' failed to satisfy constraint: Member must have value less than or equal to 900",
      ].join('; '),
    });
  });

  test.each([
    [
      'no name',
      {},
      "1 validation error detected: Value null at 'deliveryStreamName' failed to satisfy constraint: Member must not be null",
    ],
    [
      'a name of 65 characters',
      { ...BROOK, DeliveryStreamName: 'b'.repeat(65) },
      `1 validation error detected: Value '${'b'.repeat(65)}' at 'deliveryStreamName' failed to satisfy constraint: Member must have length less than or equal to 64`,
    ],
  ])('%s is a violation', async (_name, input, message) => {
    const { call } = await firehoseBench();
    await expect(call('CreateDeliveryStream', input)).rejects.toMatchObject({ code: 'ValidationException', message });
  });

  test.each([
    [
      'no destination',
      { DeliveryStreamName: 'brook' },
      'Exactly one destination configuration is supported for a Firehose',
    ],
    [
      'two destinations',
      { ...BROOK, S3DestinationConfiguration: S3 },
      'Exactly one destination configuration is supported for a Firehose',
    ],
    [
      'a source for direct puts',
      { ...BROOK, KinesisStreamSourceConfiguration: SOURCE },
      'KinesisStreamSourceConfiguration is only allowed for the KinesisStreamAsSource type',
    ],
    [
      'no source for a stream that reads one',
      { ...BROOK, DeliveryStreamType: 'KinesisStreamAsSource' },
      'KinesisStreamSourceConfiguration is required for the KinesisStreamAsSource type',
    ],
  ])('%s is refused', async (_name, input, message) => {
    const { call } = await firehoseBench();
    await expect(call('CreateDeliveryStream', input)).rejects.toMatchObject({
      code: 'InvalidArgumentException',
      message,
    });
    expect(await call('ListDeliveryStreams', {})).toMatchObject({ DeliveryStreamNames: [] });
  });

  test.each([
    'RedshiftDestinationConfiguration',
    'SplunkDestinationConfiguration',
    'SnowflakeDestinationConfiguration',
    'IcebergDestinationConfiguration',
    'AmazonOpenSearchServerlessDestinationConfiguration',
    'MSKSourceConfiguration',
    'DatabaseSourceConfiguration',
    'DirectPutSourceConfiguration',
  ])('%s is refused by name, not ignored', async (member) => {
    const { call } = await firehoseBench();
    await expect(call('CreateDeliveryStream', { ...BROOK, [member]: {} })).rejects.toMatchObject({
      code: 'InvalidArgumentException',
      message: `${member} is not supported by naetmul.`,
    });
  });

  test.each(['MSKAsSource', 'DatabaseAsSource'])('so is the type %s', async (DeliveryStreamType) => {
    const { call } = await firehoseBench();
    await expect(call('CreateDeliveryStream', { ...BROOK, DeliveryStreamType })).rejects.toMatchObject({
      code: 'InvalidArgumentException',
      message: `DeliveryStreamType ${DeliveryStreamType} is not supported by naetmul.`,
    });
  });

  test('there can be 2,000 streams in most regions, and more in the largest', async () => {
    const { call } = await firehoseBench();
    const seoul = testCall({ region: 'ap-northeast-2' });
    const create = (n: number) =>
      call('CreateDeliveryStream', { ...BROOK, DeliveryStreamName: `brook-${String(n).padStart(4, '0')}` }, seoul);
    for (let n = 0; n < 2000; n++) await create(n);
    await expect(create(2000)).rejects.toMatchObject({
      code: 'LimitExceededException',
      message: expect.stringMatching(
        /^You have already consumed your firehose quota of 2000 hoses\. Firehose names: \[brook-0000, brook-0001, .*, brook-1999\]$/,
      ),
    });
    expect(maxDeliveryStreams('us-east-1')).toBe(5000);
  });

  test('features that are given but turned off are accepted', async () => {
    const { call } = await firehoseBench();
    const off = {
      ProcessingConfiguration: { Enabled: false, Processors: [] },
      DynamicPartitioningConfiguration: { Enabled: false },
      DataFormatConversionConfiguration: { Enabled: false },
      CloudWatchLoggingOptions: { Enabled: false },
      S3BackupMode: 'Disabled',
      EncryptionConfiguration: { NoEncryptionConfig: 'NoEncryption' },
    };
    await call('CreateDeliveryStream', { ...BROOK, ExtendedS3DestinationConfiguration: { ...S3, ...off } });
  });
});
