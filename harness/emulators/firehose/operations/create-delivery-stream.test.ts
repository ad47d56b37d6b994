import { describe, expect, test } from 'vitest';
import { BROOK, brookBench, firehoseBench, ROLE_ARN, S3, testCall } from '../testing.ts';

const SOURCE = { KinesisStreamARN: 'arn:aws:kinesis:us-east-1:000000000000:stream/ingest', RoleARN: ROLE_ARN };

function s3(changes: object): object {
  return { DeliveryStreamName: 'brook', ExtendedS3DestinationConfiguration: { ...S3, ...changes } };
}

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
      'a size without an interval',
      s3({ BufferingHints: { SizeInMBs: 5 } }),
      'BufferingHints: SizeInMBs and IntervalInSeconds must be specified together',
    ],
    [
      'expressions without an ErrorOutputPrefix',
      s3({ Prefix: '!{timestamp:yyyy}/' }),
      "ErrorOutputPrefix can't be null when Prefix contains expressions",
    ],
    [
      'a prefix that becomes too long',
      s3({ Prefix: 'p'.repeat(500) }),
      'Prefix is longer than 512 characters when evaluated',
    ],
    [
      'a time zone that is none',
      s3({ CustomTimeZone: 'Asia/Naetmul' }),
      'CustomTimeZone Asia/Naetmul is not a supported time zone',
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

  const EXTENDED = 'ExtendedS3DestinationConfiguration';
  test.each([
    ['RedshiftDestinationConfiguration', { DeliveryStreamName: 'brook', RedshiftDestinationConfiguration: {} }],
    ['SplunkDestinationConfiguration', { DeliveryStreamName: 'brook', SplunkDestinationConfiguration: {} }],
    [
      'DeliveryStreamEncryptionConfigurationInput',
      { ...BROOK, DeliveryStreamEncryptionConfigurationInput: { KeyType: 'AWS_OWNED_CMK' } },
    ],
    ['DeliveryStreamType MSKAsSource', { ...BROOK, DeliveryStreamType: 'MSKAsSource' }],
    [`${EXTENDED}.ProcessingConfiguration`, s3({ ProcessingConfiguration: { Enabled: true } })],
    [`${EXTENDED}.DynamicPartitioningConfiguration`, s3({ DynamicPartitioningConfiguration: { Enabled: true } })],
    [`${EXTENDED}.DataFormatConversionConfiguration`, s3({ DataFormatConversionConfiguration: {} })],
    [`${EXTENDED}.CloudWatchLoggingOptions with Enabled: true`, s3({ CloudWatchLoggingOptions: { Enabled: true } })],
    [`${EXTENDED}.S3BackupMode Enabled`, s3({ S3BackupMode: 'Enabled' })],
    [`${EXTENDED}.S3BackupConfiguration`, s3({ S3BackupConfiguration: S3 })],
    [
      `${EXTENDED}.EncryptionConfiguration.KMSEncryptionConfig`,
      s3({ EncryptionConfiguration: { KMSEncryptionConfig: {} } }),
    ],
    [`${EXTENDED}.CompressionFormat ZIP`, s3({ CompressionFormat: 'ZIP' })],
  ])('%s is refused by name, not ignored', async (what, input) => {
    const { call } = await firehoseBench();
    await expect(call('CreateDeliveryStream', input)).rejects.toMatchObject({
      code: 'InvalidArgumentException',
      message: `${what} is not supported by naetmul.`,
    });
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
    await call('CreateDeliveryStream', s3(off));
  });
});
