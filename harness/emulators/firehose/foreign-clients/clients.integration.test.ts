import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startEndpoint } from '../destinations/http-endpoint/testing.ts';
import { ROLE_ARN } from '../testing.ts';
import { type Bench, type ForeignClient, firehoseBench, type StoredObject } from './testing.ts';

let bench: Bench;
/** Of the delivery stream and the bucket of a test. */
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

const DOMAIN_ARN = 'arn:aws:es:us-east-1:000000000000:domain/pinpoint';
const s3 = (changes: object = {}) => ({ RoleARN: ROLE_ARN, BucketARN: `arn:aws:s3:::${name}`, ...changes });
const hints = { BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 60 } };
const search = () => ({
  RoleARN: ROLE_ARN,
  DomainARN: DOMAIN_ARN,
  IndexName: 'events',
  RetryOptions: { DurationInSeconds: 0 },
  ...hints,
  S3Configuration: s3({ Prefix: 'failed_', ...hints }),
});

interface Case {
  readonly type: string;
  configuration(): object;
  update(): object;
  /** What the update changes, as it is described. */
  readonly shown: object;
  /** What the bucket then has of the records `{"n":1}` and `{"n":2}`. */
  readonly inBucket: { read(objects: readonly StoredObject[]): unknown; readonly expected: unknown };
}

/** As prefix and content. */
const whole = {
  read: (objects: readonly StoredObject[]) =>
    objects.map(({ key, body }) => `${key.slice(0, key.indexOf('2022'))}${body}`),
  expected: ['lake/{"n":1}{"n":2}'],
};
/** The domain is away, so they are failed documents. */
const failed = {
  read: (objects: readonly StoredObject[]) =>
    objects.flatMap(({ key, body }) =>
      body
        .trimEnd()
        .split('\n')
        .map((line) => ({
          folder: key.slice(0, key.indexOf('2022')),
          data: Buffer.from(JSON.parse(line).rawData, 'base64').toString(),
        })),
    ),
  expected: [1, 2].map((n) => ({ folder: 'failed_AmazonOpenSearchService-failed/', data: `{"n":${n}}` })),
};

const CASES: readonly Case[] = [
  {
    type: 'S3Destination',
    configuration: () => s3({ ...hints, Prefix: 'lake/' }),
    update: () => ({ Prefix: 'sea/' }),
    shown: { Prefix: 'sea/', ...hints },
    inBucket: whole,
  },
  {
    type: 'ExtendedS3Destination',
    configuration: () => s3({ ...hints, Prefix: 'lake/' }),
    update: () => ({ CompressionFormat: 'GZIP' }),
    shown: { CompressionFormat: 'GZIP', Prefix: 'lake/' },
    inBucket: whole,
  },
  {
    type: 'AmazonopensearchserviceDestination',
    configuration: search,
    update: () => ({ IndexRotationPeriod: 'OneMonth' }),
    shown: { IndexRotationPeriod: 'OneMonth', IndexName: 'events', DomainARN: DOMAIN_ARN },
    inBucket: failed,
  },
  {
    type: 'ElasticsearchDestination',
    configuration: search,
    update: () => ({ IndexName: 'others' }),
    shown: { IndexName: 'others', DomainARN: DOMAIN_ARN },
    inBucket: failed,
  },
];

describe.each(['boto3', 'cli'] as const)('%s', (program) => {
  let client: ForeignClient;
  const firehose = (operation: string, input: object = {}) =>
    client.call('firehose', operation, { DeliveryStreamName: name, ...input });
  const fails = (operation: string, input: object = {}) =>
    client.fails('firehose', operation, { DeliveryStreamName: name, ...input });
  const described = async () => (await firehose('DescribeDeliveryStream')).DeliveryStreamDescription;
  beforeAll(() => {
    client = bench[program];
  });

  async function put(): Promise<void> {
    const [one, two] = [1, 2].map((n) => ({ Data: client.blob(`{"n":${n}}`) }));
    expect(await firehose('PutRecord', { Record: one })).toEqual({ RecordId: expect.any(String), Encrypted: false });
    expect(await firehose('PutRecordBatch', { Records: [two] })).toEqual({
      FailedPutCount: 0,
      Encrypted: false,
      RequestResponses: [{ RecordId: expect.any(String) }],
    });
  }

  async function remove(): Promise<void> {
    expect(await firehose('DeleteDeliveryStream')).toEqual({});
    await bench.clock.settled();
    expect(await fails('DescribeDeliveryStream')).toEqual({
      code: 'ResourceNotFoundException',
      message: `Firehose ${name} under account 000000000000 not found.`,
    });
  }

  test.each(CASES)('creates, fills, updates and deletes a stream with a $type', async (destination) => {
    const { type, configuration, update, shown, inBucket } = destination;
    expect(await firehose('CreateDeliveryStream', { [`${type}Configuration`]: configuration() })).toEqual({
      DeliveryStreamARN: `arn:aws:firehose:us-east-1:000000000000:deliverystream/${name}`,
    });
    await bench.clock.settled();
    const description = await described();
    expect(description).toMatchObject({
      DeliveryStreamStatus: 'ACTIVE',
      VersionId: '1',
      DeliveryStreamEncryptionConfiguration: { Status: 'DISABLED' },
    });
    const [{ DestinationId }] = description.Destinations;
    await put();
    await bench.clock.advance(180_000);
    expect(inBucket.read(await bench.objects(name))).toEqual(inBucket.expected);
    const CurrentDeliveryStreamVersionId = '1';
    const given = { CurrentDeliveryStreamVersionId, DestinationId, [`${type}Update`]: update() };
    expect(await firehose('UpdateDestination', given)).toEqual({});
    expect(await described()).toMatchObject({ VersionId: '2', Destinations: [{ [`${type}Description`]: shown }] });
    expect(await fails('UpdateDestination', given)).toEqual({
      code: 'ConcurrentModificationException',
      message: `Cannot update firehose: ${name} since the current version id: 2 and specified version id: 1 do not match`,
    });
    await remove();
  });

  test('creates, fills, updates and deletes a stream to an HTTP endpoint', async () => {
    await using endpoint = await startEndpoint();
    await firehose('CreateDeliveryStream', {
      HttpEndpointDestinationConfiguration: {
        EndpointConfiguration: { Url: endpoint.url, AccessKey: 'secret' },
        S3Configuration: s3(),
      },
    });
    await bench.clock.settled();
    await put();
    await bench.clock.advance(60_000);
    expect(endpoint.requests.map(({ records }) => records)).toEqual([['{"n":1}', '{"n":2}']]);
    await firehose('UpdateDestination', {
      CurrentDeliveryStreamVersionId: '1',
      DestinationId: 'destinationId-000000000001',
      HttpEndpointDestinationUpdate: { RetryOptions: { DurationInSeconds: 7 } },
    });
    const description = await described();
    expect(description.Destinations).toMatchObject([
      {
        HttpEndpointDestinationDescription: {
          EndpointConfiguration: { Url: endpoint.url },
          RetryOptions: { DurationInSeconds: 7 },
          S3DestinationDescription: s3(),
        },
      },
    ]);
    expect(JSON.stringify(description)).not.toContain('secret');
    await remove();
  });

  test('encrypts with a key of KMS', async () => {
    const { KeyMetadata } = await client.call('kms', 'CreateKey');
    await firehose('CreateDeliveryStream', { ExtendedS3DestinationConfiguration: s3() });
    await bench.clock.settled();
    const missing = KeyMetadata.Arn.replace(/[^/]*$/, '00000000-0000-0000-0000-000000000000');
    const managed = (KeyARN: string) => ({
      DeliveryStreamEncryptionConfigurationInput: { KeyType: 'CUSTOMER_MANAGED_CMK', KeyARN },
    });
    expect(await fails('StartDeliveryStreamEncryption', managed(missing))).toEqual({
      code: 'InvalidKMSResourceException',
      message: expect.stringContaining('does not exist'),
    });
    await firehose('StartDeliveryStreamEncryption', managed(KeyMetadata.Arn));
    await bench.clock.advance(5000);
    expect((await described()).DeliveryStreamEncryptionConfiguration).toEqual({
      Status: 'ENABLED',
      KeyType: 'CUSTOMER_MANAGED_CMK',
      KeyARN: KeyMetadata.Arn,
    });
    expect(await firehose('PutRecord', { Record: { Data: client.blob('a') } })).toMatchObject({ Encrypted: true });
    await firehose('StopDeliveryStreamEncryption');
    await bench.clock.advance(5000);
    expect((await described()).DeliveryStreamEncryptionConfiguration).toEqual({ Status: 'DISABLED' });
    await remove();
  });

  test('lists streams by name and type, page by page', async () => {
    for (const end of ['b', 'a', 'c']) {
      const input = { DeliveryStreamName: `${name}-${end}`, S3DestinationConfiguration: s3() };
      await client.call('firehose', 'CreateDeliveryStream', input);
    }
    await bench.clock.settled();
    const list = (input: object) => client.call('firehose', 'ListDeliveryStreams', input);
    const after = { ExclusiveStartDeliveryStreamName: name, DeliveryStreamType: 'DirectPut' };
    expect(await list({ ...after, Limit: 2 })).toEqual({
      DeliveryStreamNames: [`${name}-a`, `${name}-b`],
      HasMoreDeliveryStreams: true,
    });
    expect(await list({ ...after, ExclusiveStartDeliveryStreamName: `${name}-b` })).toEqual({
      DeliveryStreamNames: [`${name}-c`],
      HasMoreDeliveryStreams: false,
    });
    expect(await list({ DeliveryStreamType: 'KinesisStreamAsSource' })).toEqual({
      DeliveryStreamNames: [],
      HasMoreDeliveryStreams: false,
    });
    for (const end of ['a', 'b', 'c']) {
      await client.call('firehose', 'DeleteDeliveryStream', { DeliveryStreamName: `${name}-${end}` });
    }
  });

  test('is told of every violation at once, and of what naetmul does not have', async () => {
    const S3DestinationConfiguration = { RoleARN: 'role', BucketARN: 'bucket' };
    expect(await fails('CreateDeliveryStream', { S3DestinationConfiguration })).toEqual({
      code: 'ValidationException',
      message:
        "2 validation errors detected: Value 'role' at 's3DestinationConfiguration.roleARN' failed to satisfy constraint: Member must satisfy regular expression pattern: arn:.*:iam::\\d{12}:role/[a-zA-Z_0-9+=,.@\\-_/]+; Value 'bucket' at 's3DestinationConfiguration.bucketARN' failed to satisfy constraint: Member must satisfy regular expression pattern: arn:.*:s3:::[\\w\\.\\-]{1,255}",
    });
    const splunk = { HECEndpoint: 'https://splunk', HECEndpointType: 'Raw', HECToken: 't', S3Configuration: s3() };
    expect(await fails('CreateDeliveryStream', { SplunkDestinationConfiguration: splunk })).toEqual({
      code: 'InvalidArgumentException',
      message: 'SplunkDestinationConfiguration is not supported by naetmul.',
    });
  });
});

test('boto3 is throttled beyond the region’s quota: a batch in part, a single record altogether', async () => {
  const { boto3, clock } = bench;
  const DeliveryStreamName = name;
  await boto3.call('firehose', 'CreateDeliveryStream', { DeliveryStreamName, S3DestinationConfiguration: s3() });
  await clock.settled();
  const record = { Data: boto3.blob('x'.repeat(1_000_000)) };
  const batch = { DeliveryStreamName, Records: [record, record, record, record] };
  expect(await boto3.call('firehose', 'PutRecordBatch', batch)).toMatchObject({ FailedPutCount: 0 });
  const { FailedPutCount, RequestResponses } = await boto3.call('firehose', 'PutRecordBatch', batch);
  const refused = { ErrorCode: 'ServiceUnavailableException', ErrorMessage: 'Slow down.' };
  expect(FailedPutCount).toBe(3);
  expect(RequestResponses).toEqual([{ RecordId: expect.any(String) }, refused, refused, refused]);
  expect(await boto3.fails('firehose', 'PutRecord', { DeliveryStreamName, Record: record })).toEqual({
    code: 'ServiceUnavailableException',
    message: 'Slow down.',
  });
  await clock.advance(1000);
  await boto3.call('firehose', 'PutRecord', { DeliveryStreamName, Record: record });
});
