import { describe, expect, test } from 'vitest';
import { brookBench, S3 } from '../testing.ts';

const update = (changes: object, version = '1') => ({
  DeliveryStreamName: 'brook',
  CurrentDeliveryStreamVersionId: version,
  DestinationId: 'destinationId-000000000001',
  ExtendedS3DestinationUpdate: changes,
});

describe('UpdateDestination', () => {
  test('keeps what it does not give, and the next objects carry the next version', async () => {
    const { call, clock, objects } = await brookBench({
      ExtendedS3DestinationConfiguration: { ...S3, Prefix: 'rawdata/', CustomTimeZone: 'Asia/Seoul' },
    });
    await call('UpdateDestination', update({ BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 60 } }));
    const { DeliveryStreamDescription: description } = await call<{
      DeliveryStreamDescription: { VersionId: string; LastUpdateTimestamp: Date; Destinations: object[] };
    }>('DescribeDeliveryStream', { DeliveryStreamName: 'brook' });
    expect(description).toMatchObject({
      VersionId: '2',
      LastUpdateTimestamp: new Date('2022-01-27T05:48:25Z'),
      Destinations: [
        {
          ExtendedS3DestinationDescription: {
            Prefix: 'rawdata/',
            CustomTimeZone: 'Asia/Seoul',
            BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 60 },
          },
        },
      ],
    });
    await call('PutRecord', { DeliveryStreamName: 'brook', Record: { Data: Buffer.from('a') } });
    await clock.advance(60_000);
    expect(objects[0]?.Key).toMatch(/^rawdata\/2022\/01\/27\/14\/brook-2-2022-01-27-14-48-25-/);
  });

  test('a batch that waits for its next attempt goes by the new configuration', async () => {
    const { call, clock, objects } = await brookBench({}, (_command, { Bucket }) => {
      if (Bucket === 'lake') throw new Error('The specified bucket does not exist');
    });
    await call('PutRecord', { DeliveryStreamName: 'brook', Record: { Data: Buffer.from('a') } });
    await clock.advance(310_000);
    await call('UpdateDestination', update({ BucketARN: 'arn:aws:s3:::sea' }));
    await clock.advance(60_000);
    expect(objects.map(({ Bucket }) => Bucket)).toEqual(['sea']);
  });

  test('a stale version is refused', async () => {
    const { call } = await brookBench();
    await call('UpdateDestination', update({ Prefix: 'a/' }));
    await expect(call('UpdateDestination', update({ Prefix: 'b/' }))).rejects.toMatchObject({
      code: 'ConcurrentModificationException',
      message: 'Cannot update firehose: brook since the current version id: 2 and specified version id: 1 do not match',
    });
  });

  test('another destination, or none, is refused', async () => {
    const { call } = await brookBench();
    await expect(
      call('UpdateDestination', { ...update({}), DestinationId: 'destinationId-000000000002' }),
    ).rejects.toMatchObject({
      code: 'InvalidArgumentException',
      message: 'Destination Id destinationId-000000000002 not found',
    });
    await expect(
      call('UpdateDestination', { ...update({}), ExtendedS3DestinationUpdate: undefined }),
    ).rejects.toMatchObject({ message: 'Exactly one destination update is supported for a Firehose' });
    await expect(call('UpdateDestination', { ...update({}), SplunkDestinationUpdate: {} })).rejects.toMatchObject({
      message: 'SplunkDestinationUpdate is not supported by naetmul.',
    });
    await expect(call('UpdateDestination', update({ S3BackupMode: 'Enabled' }))).rejects.toMatchObject({
      message: 'ExtendedS3DestinationUpdate.S3BackupMode Enabled is not supported by naetmul.',
    });
  });
});
