import { describe, expect, test } from 'vitest';
import { brookBench, firehoseBench, S3 } from '../testing.ts';

describe('DescribeDeliveryStream', () => {
  test('shows the configuration with AWS’s defaults', async () => {
    const { call } = await brookBench({ Tags: [{ Key: 'a', Value: 'b' }] });
    const plain = {
      ...S3,
      Prefix: undefined,
      ErrorOutputPrefix: undefined,
      BufferingHints: { SizeInMBs: 5, IntervalInSeconds: 300 },
      CompressionFormat: 'UNCOMPRESSED',
      EncryptionConfiguration: { NoEncryptionConfig: 'NoEncryption' },
      CloudWatchLoggingOptions: { Enabled: false },
    };
    expect(await call('DescribeDeliveryStream', { DeliveryStreamName: 'brook' })).toEqual({
      DeliveryStreamDescription: {
        DeliveryStreamName: 'brook',
        DeliveryStreamARN: 'arn:aws:firehose:us-east-1:000000000000:deliverystream/brook',
        DeliveryStreamStatus: 'ACTIVE',
        DeliveryStreamEncryptionConfiguration: { Status: 'DISABLED' },
        DeliveryStreamType: 'DirectPut',
        VersionId: '1',
        CreateTimestamp: new Date('2022-01-27T05:48:25Z'),
        Destinations: [
          {
            DestinationId: 'destinationId-000000000001',
            S3DestinationDescription: plain,
            ExtendedS3DestinationDescription: {
              ...plain,
              S3BackupMode: 'Disabled',
              FileExtension: undefined,
              CustomTimeZone: undefined,
            },
          },
        ],
        HasMoreDestinations: false,
      },
    });
  });

  test('a destination given in the plain form is described in it', async () => {
    const { call } = await brookBench({
      ExtendedS3DestinationConfiguration: undefined,
      S3DestinationConfiguration: { ...S3, BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 0 } },
    });
    const { DeliveryStreamDescription } = await call<{ DeliveryStreamDescription: { Destinations: object[] } }>(
      'DescribeDeliveryStream',
      { DeliveryStreamName: 'brook' },
    );
    const [destination] = DeliveryStreamDescription.Destinations;
    expect(destination).toMatchObject({
      S3DestinationDescription: { BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 0 } },
    });
  });

  test('after the only destination there are no more', async () => {
    const { call } = await brookBench();
    const input = { DeliveryStreamName: 'brook', ExclusiveStartDestinationId: 'destinationId-000000000001' };
    expect(await call('DescribeDeliveryStream', input)).toMatchObject({
      DeliveryStreamDescription: { Destinations: [], HasMoreDestinations: false },
    });
  });

  test('a stream that is not there', async () => {
    const { call } = await firehoseBench();
    await expect(call('DescribeDeliveryStream', { DeliveryStreamName: 'brook' })).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
      message: 'Firehose brook under account 000000000000 not found.',
      status: 400,
    });
  });
});
