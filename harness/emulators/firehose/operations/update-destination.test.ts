import { describe, expect, test } from 'vitest';
import { brookBench, type FirehoseBench, S3 } from '../testing.ts';

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

  test('that changes nothing is no new version', async () => {
    const { call } = await brookBench({ ExtendedS3DestinationConfiguration: { ...S3, Prefix: 'rawdata/' } });
    await call('UpdateDestination', update({}));
    await call('UpdateDestination', update({ Prefix: 'rawdata/' }));
    await call('UpdateDestination', update({ Prefix: 'other/' }));
    await expect(call('UpdateDestination', update({}))).rejects.toMatchObject({
      code: 'ConcurrentModificationException',
      message: 'Cannot update firehose: brook since the current version id: 2 and specified version id: 1 do not match',
    });
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
  });

  test.each([
    'RedshiftDestinationUpdate',
    'SplunkDestinationUpdate',
    'SnowflakeDestinationUpdate',
    'IcebergDestinationUpdate',
    'AmazonOpenSearchServerlessDestinationUpdate',
  ])('%s is refused by name', async (member) => {
    const { call } = await brookBench();
    await expect(call('UpdateDestination', { ...update({}), [member]: {} })).rejects.toMatchObject({
      code: 'InvalidArgumentException',
      message: `${member} is not supported by naetmul.`,
    });
  });
});

describe('an update to another type of destination', () => {
  const HTTP = { EndpointConfiguration: { Url: 'https://collector.example.com/' } };
  const SEARCH = { IndexName: 'events', DomainARN: 'arn:aws:es:us-east-1:000000000000:domain/pinpoint' };
  const to = (member: string, changes: object) => ({
    ...update({}),
    ExtendedS3DestinationUpdate: undefined,
    [member]: changes,
  });
  const typesOf = async ({ call }: FirehoseBench) => {
    const { DeliveryStreamDescription } = await call<{ DeliveryStreamDescription: { Destinations: object[] } }>(
      'DescribeDeliveryStream',
      { DeliveryStreamName: 'brook' },
    );
    return Object.keys(DeliveryStreamDescription.Destinations[0] ?? {});
  };

  test('takes nothing over: all must be given', async () => {
    const bench = await brookBench();
    await expect(bench.call('UpdateDestination', to('HttpEndpointDestinationUpdate', HTTP))).rejects.toMatchObject({
      code: 'ValidationException',
      message:
        "1 validation error detected: Value null at 'httpEndpointDestinationUpdate.s3Update' failed to satisfy constraint: Member must not be null",
    });
    expect(await typesOf(bench)).toContain('ExtendedS3DestinationDescription');
    await bench.call('UpdateDestination', to('HttpEndpointDestinationUpdate', { ...HTTP, S3Update: S3 }));
    expect(await typesOf(bench)).toEqual(['DestinationId', 'HttpEndpointDestinationDescription']);
    const back = { ...update({ Prefix: 'a/' }, '2') };
    await expect(bench.call('UpdateDestination', back)).rejects.toMatchObject({
      code: 'ValidationException',
      message:
        "2 validation errors detected: Value null at 'extendedS3DestinationUpdate.roleARN' failed to satisfy constraint: Member must not be null; Value null at 'extendedS3DestinationUpdate.bucketARN' failed to satisfy constraint: Member must not be null",
    });
    await bench.call('UpdateDestination', update(S3, '2'));
    expect(await typesOf(bench)).toContain('ExtendedS3DestinationDescription');
  });

  test('does not go between OpenSearch and the others', async () => {
    const bench = await brookBench({
      ExtendedS3DestinationConfiguration: undefined,
      AmazonopensearchserviceDestinationConfiguration: { ...SEARCH, RoleARN: S3.RoleARN, S3Configuration: S3 },
    });
    await expect(bench.call('UpdateDestination', update(S3))).rejects.toMatchObject({
      code: 'InvalidArgumentException',
      message: 'Switching from OpenSearch to the destination of ExtendedS3DestinationUpdate is not supported',
    });
    const other = await brookBench();
    const member = 'AmazonopensearchserviceDestinationUpdate';
    await expect(other.call('UpdateDestination', to(member, SEARCH))).rejects.toMatchObject({
      code: 'InvalidArgumentException',
      message: `Switching from another type of destination to that of ${member} is not supported`,
    });
  });
});
