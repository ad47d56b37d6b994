import type { ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { checkConservation, ids } from '../../../../ledger/index.ts';
import { brookBench, type FirehoseBench, ROLE_ARN, S3, START } from '../../testing.ts';
import { acknowledge, answer, startEndpoint } from './testing.ts';

const NAME = { DeliveryStreamName: 'brook' };
const MEMBER = 'HttpEndpointDestinationConfiguration';

function destination(Url: string, changes: object = {}, endpoint: object = {}) {
  return {
    ExtendedS3DestinationConfiguration: undefined,
    [MEMBER]: { EndpointConfiguration: { Url, ...endpoint }, S3Configuration: S3, ...changes },
  };
}

async function put(bench: FirehoseBench, ...texts: string[]): Promise<void> {
  const Records = texts.map((text) => ({ Data: Buffer.from(text) }));
  await bench.call('PutRecordBatch', { ...NAME, Records });
}

const conservation = ({ ledger, emulator }: FirehoseBench) => checkConservation(ledger, emulator.held?.() ?? []);
const backups = ({ objects }: FirehoseBench) =>
  objects.map(({ Key, Body }) => ({
    folder: Key.slice(0, Key.lastIndexOf('/') + 1),
    lines: Body.toString().trimEnd().split('\n'),
  }));

test('records come in one request after 60 s, with AWS’s headers, and are stored once it is acknowledged', async () => {
  await using endpoint = await startEndpoint();
  const bench = await brookBench(destination(endpoint.url));
  await put(bench, '{"n":1}', '물');
  await bench.clock.advance(59_999);
  expect(endpoint.requests).toEqual([]);
  await bench.clock.advance(1);
  const [sent, ...others] = endpoint.requests;
  expect(others).toEqual([]);
  expect(sent).toMatchObject({
    path: '/events?of=brook',
    records: ['{"n":1}', '물'],
    timestamp: START + 60_000,
    requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
  const { host: _host, connection: _connection, 'content-length': _length, ...headers } = sent?.headers ?? {};
  expect(headers).toEqual({
    'content-type': 'application/json',
    'user-agent': 'Amazon Kinesis Data Firehose Agent/1.0',
    'x-amz-firehose-protocol-version': '1.0',
    'x-amz-firehose-request-id': sent?.requestId,
    'x-amz-firehose-source-arn': 'arn:aws:firehose:us-east-1:000000000000:deliverystream/brook',
  });
  const [stored] = bench.ledger.ofKind('stored');
  expect(stored).toMatchObject({ into: [ids.request(sent?.requestId ?? '')], detail: { records: 2, attempts: 1 } });
  expect(conservation(bench)).toMatchObject({ ok: true, accepted: 2, stored: 2 });
  expect(Object.fromEntries(bench.counted)).toMatchObject({
    'DeliveryToHttpEndpoint.Success': 1,
    'DeliveryToHttpEndpoint.Records': 2,
    'DeliveryToHttpEndpoint.Bytes': 10,
    'DeliveryToHttpEndpoint.ProcessedRecords': 2,
    'DeliveryToHttpEndpoint.ProcessedBytes': 10,
    'DeliveryToHttpEndpoint.DataFreshness': 60,
  });
});

test('over TLS, compressed, with the access key and the attributes as given', async () => {
  await using endpoint = await startEndpoint(acknowledge, true);
  const CommonAttributes = [
    { AttributeName: 'stage', AttributeValue: '개발' },
    { AttributeName: 'empty', AttributeValue: '' },
  ];
  const changes = { RequestConfiguration: { ContentEncoding: 'GZIP', CommonAttributes } };
  const bench = await brookBench(destination(endpoint.url, changes, { AccessKey: 'key ä 물' }));
  await put(bench, 'a'.repeat(1000));
  await bench.clock.advance(60_000);
  const [sent] = endpoint.requests;
  expect(sent?.records).toEqual(['a'.repeat(1000)]);
  expect(sent?.headers).toMatchObject({
    'content-encoding': 'gzip',
    'x-amz-firehose-common-attributes': '{"commonAttributes":{"stage":"\\uac1c\\ubc1c","empty":""}}',
  });
  const key = sent?.headers['x-amz-firehose-access-key'];
  expect(Buffer.from(String(key), 'latin1').toString()).toBe('key ä 물');
});

test('more records than a request can carry go in several, each with an id of its own', async () => {
  await using endpoint = await startEndpoint();
  const bench = await brookBench(destination(endpoint.url));
  for (let batch = 0; batch < 21; batch++) await put(bench, ...Array.from({ length: 500 }, (_, n) => `${batch}.${n}`));
  await bench.clock.advance(60_000);
  expect(endpoint.requests.map(({ records }) => records.length)).toEqual([10_000, 500]);
  expect(endpoint.requests.map(({ records }) => records[0])).toEqual(['0.0', '20.0']);
  expect(new Set(endpoint.requests.map(({ requestId }) => requestId)).size).toBe(2);
  expect(conservation(bench)).toMatchObject({ ok: true, accepted: 10_500, stored: 10_500 });
});

test('a failing endpoint is asked again with the same request id, after 1, 2, 4 … s, give or take 15 %', async () => {
  await using endpoint = await startEndpoint((response, sent, nth) =>
    nth < 4 ? answer(response, 503, { requestId: sent.requestId, timestamp: 1 }) : acknowledge(response, sent, nth),
  );
  const bench = await brookBench(destination(endpoint.url));
  await put(bench, 'a');
  await bench.clock.advance(120_000);
  const { requests } = endpoint;
  expect(requests).toHaveLength(4);
  expect(new Set(requests.map(({ requestId }) => requestId)).size).toBe(1);
  const times = requests.map(({ timestamp }) => timestamp);
  times.slice(1).forEach((time, n) => {
    const pause = (time - (times[n] ?? 0)) / 2 ** n;
    expect(pause).toBeGreaterThanOrEqual(849);
    expect(pause).toBeLessThanOrEqual(1151);
  });
  expect(conservation(bench)).toMatchObject({ ok: true, stored: 1, duplicates: 0 });
  expect(bench.counted.get('DeliveryToHttpEndpoint.ProcessedRecords')).toBe(4);
});

test('after the retry duration its records are in the backup, byte-equal, under http-endpoint-failed/', async () => {
  await using endpoint = await startEndpoint((response, { requestId }) =>
    answer(response, 401, { requestId, timestamp: 1, errorMessage: 'Unauthorized' }),
  );
  const changes = { RetryOptions: { DurationInSeconds: 10 } };
  const bench = await brookBench(destination(endpoint.url, changes));
  await put(bench, 'a', '물');
  await bench.clock.advance(400_000);
  const times = endpoint.requests.map(({ timestamp }) => timestamp - START - 60_000);
  expect(times.at(-1)).toBe(10_000);
  const [backup, ...others] = backups(bench);
  expect(others).toEqual([]);
  expect(backup?.folder).toBe('http-endpoint-failed/2022/01/27/05/');
  const message = `The following response was received from the endpoint destination. 401: {"requestId":"${endpoint.requests[0]?.requestId}","timestamp":1,"errorMessage":"Unauthorized"}`;
  expect(backup?.lines.map((line) => JSON.parse(line))).toEqual(
    ['a', '물'].map((text) => ({
      attemptsMade: times.length,
      arrivalTimestamp: START,
      errorCode: 'HttpEndpoint.DestinationException',
      errorMessage: message,
      attemptEndingTimestamp: START + 70_000,
      rawData: Buffer.from(text).toString('base64'),
      subsequenceNumber: 0,
      dataId: expect.stringMatching(/^49\d{54}\.0$/),
    })),
  );
  expect(conservation(bench)).toMatchObject({ ok: true, accepted: 2, held: 0 });
  expect(bench.counted.get('DeliveryToHttpEndpoint.Success')).toBe(0);
});

test('a duration of 0 means one attempt', async () => {
  await using endpoint = await startEndpoint((response) => answer(response, 500, {}));
  const bench = await brookBench(destination(endpoint.url, { RetryOptions: { DurationInSeconds: 0 } }));
  await put(bench, 'a');
  await bench.clock.advance(600_000);
  expect(endpoint.requests).toHaveLength(1);
  expect(JSON.parse(backups(bench)[0]?.lines[0] ?? '{}')).toMatchObject({ attemptsMade: 1 });
});

test('413 is final, and AWS keeps those records nowhere', async () => {
  await using endpoint = await startEndpoint((response, { requestId }) =>
    answer(response, 413, { requestId, timestamp: 1, errorMessage: 'Payload too large' }),
  );
  const bench = await brookBench(destination(endpoint.url));
  await put(bench, 'a');
  await bench.clock.advance(600_000);
  expect(endpoint.requests).toHaveLength(1);
  expect(bench.objects).toEqual([]);
  const { ok, losses } = conservation(bench);
  expect(ok).toBe(true);
  expect(losses).toMatchObject([{ count: 1, reason: expect.stringContaining('Payload too large') }]);
});

test.each([
  ['HttpEndpoint.ConnectionReset', (response: ServerResponse) => response.destroy()],
  ['HttpEndpoint.ResponseTooLarge', (response: ServerResponse) => response.end('x'.repeat(1_048_577))],
])('%s is told in the error log', async (errorCode, fail) => {
  await using endpoint = await startEndpoint(fail);
  const CloudWatchLoggingOptions = { Enabled: true, LogGroupName: 'group', LogStreamName: 'stream' };
  const changes = { CloudWatchLoggingOptions, RetryOptions: { DurationInSeconds: 0 } };
  const bench = await brookBench(destination(endpoint.url, changes));
  await put(bench, 'a');
  await bench.clock.advance(600_000);
  expect(JSON.parse(bench.errorLog.get('group/stream')?.[0] ?? '{}')).toMatchObject({
    deliveryStreamARN: 'arn:aws:firehose:us-east-1:000000000000:deliverystream/brook',
    destination: endpoint.url,
    errorCode,
  });
  expect(JSON.parse(backups(bench)[0]?.lines[0] ?? '{}')).toMatchObject({ errorCode });
});

test.each([
  ['HttpEndpoint.ConnectionFailed', (url: string) => url, true],
  ['HttpEndpoint.SSLHandshakeFailure', (url: string) => url.replace('http:', 'https:'), false],
])('%s, too, ends in the backup', async (errorCode, urlOf, closed) => {
  await using endpoint = await startEndpoint();
  if (closed) await endpoint[Symbol.asyncDispose]();
  const bench = await brookBench(destination(urlOf(endpoint.url), { RetryOptions: { DurationInSeconds: 0 } }));
  await put(bench, 'a');
  await bench.clock.advance(600_000);
  expect(JSON.parse(backups(bench)[0]?.lines[0] ?? '{}')).toMatchObject({ errorCode, attemptsMade: 1 });
});

test('AllData keeps a copy of every record, delivered or not', async () => {
  await using endpoint = await startEndpoint();
  const bench = await brookBench(destination(endpoint.url, { S3BackupMode: 'AllData' }));
  await put(bench, 'a', 'b');
  await bench.clock.advance(300_000);
  expect(backups(bench)).toEqual([{ folder: '2022/01/27/05/', lines: ['ab'] }]);
  expect(endpoint.requests.map(({ records }) => records)).toEqual([['a', 'b']]);
});

test('an attempt after an update goes to the new endpoint, with the access key of old', async () => {
  await using broken = await startEndpoint((response) => answer(response, 500, {}));
  await using mended = await startEndpoint();
  const bench = await brookBench(destination(broken.url, {}, { AccessKey: 'secret', Name: 'broken' }));
  await put(bench, 'a');
  await bench.clock.advance(60_000);
  await bench.call('UpdateDestination', {
    ...NAME,
    CurrentDeliveryStreamVersionId: '1',
    DestinationId: 'destinationId-000000000001',
    HttpEndpointDestinationUpdate: { EndpointConfiguration: { Url: mended.url }, S3Update: { Prefix: 'failed_' } },
  });
  await bench.clock.advance(10_000);
  expect(mended.requests.map(({ headers }) => headers['x-amz-firehose-access-key'])).toEqual(['secret']);
  expect(mended.requests[0]?.requestId).toBe(broken.requests[0]?.requestId);
  const { DeliveryStreamDescription } = await bench.call<{ DeliveryStreamDescription: object }>(
    'DescribeDeliveryStream',
    NAME,
  );
  expect(JSON.stringify(DeliveryStreamDescription)).not.toContain('secret');
  expect(DeliveryStreamDescription).toMatchObject({
    VersionId: '2',
    Destinations: [
      {
        HttpEndpointDestinationDescription: {
          EndpointConfiguration: { Url: mended.url, Name: 'broken' },
          S3DestinationDescription: { Prefix: 'failed_', BucketARN: 'arn:aws:s3:::lake' },
        },
      },
    ],
  });
});

test('is described with AWS’s defaults', async () => {
  const bench = await brookBench(destination('https://collector.example.com/events', { RoleARN: ROLE_ARN }));
  const { DeliveryStreamDescription } = await bench.call<{ DeliveryStreamDescription: { Destinations: object[] } }>(
    'DescribeDeliveryStream',
    NAME,
  );
  expect(DeliveryStreamDescription.Destinations).toEqual([
    {
      DestinationId: 'destinationId-000000000001',
      HttpEndpointDestinationDescription: {
        EndpointConfiguration: { Url: 'https://collector.example.com/events', Name: undefined },
        BufferingHints: { SizeInMBs: 5, IntervalInSeconds: 60 },
        CloudWatchLoggingOptions: { Enabled: false },
        RequestConfiguration: { ContentEncoding: 'NONE', CommonAttributes: [] },
        ProcessingConfiguration: { Enabled: false, Processors: [] },
        RoleARN: ROLE_ARN,
        RetryOptions: { DurationInSeconds: 300 },
        S3BackupMode: 'FailedDataOnly',
        S3DestinationDescription: {
          ...S3,
          Prefix: undefined,
          ErrorOutputPrefix: undefined,
          BufferingHints: { SizeInMBs: 5, IntervalInSeconds: 300 },
          CompressionFormat: 'UNCOMPRESSED',
          EncryptionConfiguration: { NoEncryptionConfig: 'NoEncryption' },
          CloudWatchLoggingOptions: { Enabled: false },
        },
      },
    },
  ]);
});

test.each([
  [
    'http to another machine',
    destination('http://collector.example.com/'),
    "1 validation error detected: Value at 'httpEndpointDestinationConfiguration.endpointConfiguration.url' failed to satisfy constraint: Member must satisfy regular expression pattern: https://.*",
  ],
  [
    'sizes, intervals and durations beyond what is allowed',
    destination('https://a.example.com', {
      BufferingHints: { SizeInMBs: 65, IntervalInSeconds: 901 },
      RetryOptions: { DurationInSeconds: 7201 },
      S3BackupMode: 'FailedDocumentsOnly',
    }),
    [
      "4 validation errors detected: Value '65' at 'httpEndpointDestinationConfiguration.bufferingHints.sizeInMBs' failed to satisfy constraint: Member must have value less than or equal to 64",
      "Value '901' at 'httpEndpointDestinationConfiguration.bufferingHints.intervalInSeconds' failed to satisfy constraint: Member must have value less than or equal to 900",
      "Value '7201' at 'httpEndpointDestinationConfiguration.retryOptions.durationInSeconds' failed to satisfy constraint: Member must have value less than or equal to 7200",
      "Value 'FailedDocumentsOnly' at 'httpEndpointDestinationConfiguration.s3BackupMode' failed to satisfy constraint: Member must satisfy enum value set: [FailedDataOnly, AllData]",
    ].join('; '),
  ],
  [
    'neither endpoint nor bucket',
    { ExtendedS3DestinationConfiguration: undefined, [MEMBER]: {} },
    "2 validation errors detected: Value null at 'httpEndpointDestinationConfiguration.endpointConfiguration' failed to satisfy constraint: Member must not be null; Value null at 'httpEndpointDestinationConfiguration.s3Configuration' failed to satisfy constraint: Member must not be null",
  ],
])('%s is a violation', async (_name, changes, message) => {
  await expect(brookBench(changes)).rejects.toMatchObject({ code: 'ValidationException', message });
});

test.each([
  [
    'another port than 443',
    destination('https://collector.example.com:8443/'),
    'EndpointConfiguration: Url must use port 443',
  ],
  ['what is no URL', destination('https://'), 'EndpointConfiguration: Url is not a valid URL'],
  [
    'an access key that no header can carry',
    destination('https://a.example.com', {}, { AccessKey: 'a\nb' }),
    'EndpointConfiguration: AccessKey has control characters, which no HTTP header can carry',
  ],
  [
    'a secret',
    destination('https://a.example.com', { SecretsManagerConfiguration: { Enabled: true } }),
    'HttpEndpointDestinationConfiguration.SecretsManagerConfiguration with Enabled: true is not supported by naetmul.',
  ],
])('%s is refused', async (_name, changes, message) => {
  await expect(brookBench(changes)).rejects.toMatchObject({ code: 'InvalidArgumentException', message });
});
