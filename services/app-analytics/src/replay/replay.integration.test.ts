/** Objects of failed documents in a real S3 (LocalStack's), put again into a real OpenSearch. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { nativeLocalStack } from '../../../../harness/engines/localstack/index.ts';
import { nativeOpenSearch } from '../../../../harness/engines/opensearch/index.ts';
import { startEngine } from '../../../../harness/engines/testing.ts';
import { campaignAt, type PinpointEvent } from '../../testing/events.ts';
import { DEFAULT_TEMPLATE, indexOf, send } from '../../testing/search-server.ts';
import { connectOpenSearch, type OpenSearch } from '../opensearch.ts';
import { replayFromBucket } from './index.ts';

const START = Date.parse('2020-05-18T23:59:00Z');
const BUCKET = 'analytics-failed';
const FOLDER = 'failed_AmazonOpenSearchService-failed/2020/05/18/23/';

let dataDir: string;
let opensearch: Awaited<ReturnType<typeof startEngine>>;
let localstack: Awaited<ReturnType<typeof startEngine>>;
let s3: S3Client;
let openSearch: OpenSearch;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'analytics-replay-'));
  [opensearch, localstack] = await Promise.all([
    startEngine(nativeOpenSearch(), join(dataDir, 'opensearch')),
    startEngine(nativeLocalStack(), join(dataDir, 'localstack')),
  ]);
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  s3 = new S3Client({ endpoint: localstack.endpoint, region: 'ap-northeast-2', credentials, forcePathStyle: true });
  await s3.send(
    new CreateBucketCommand({
      Bucket: BUCKET,
      CreateBucketConfiguration: { LocationConstraint: 'ap-northeast-2' },
    }),
  );
  await send(opensearch.endpoint, 'POST', '/_template/default_template', DEFAULT_TEMPLATE);
  openSearch = connectOpenSearch({
    url: opensearch.endpoint,
    region: 'ap-northeast-2',
    credentials: undefined,
    answerWithinMs: 30_000,
  });
});

afterAll(async () => {
  await openSearch?.[Symbol.asyncDispose]();
  s3?.destroy();
  await Promise.all([opensearch?.stop(), localstack?.stop()]);
  await rm(dataDir, { recursive: true, force: true });
});

const put = (key: string, body: string | Buffer) =>
  s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body: body }));

function lineOf(event: PinpointEvent, id: string): string {
  return `${JSON.stringify({
    attemptsMade: 6,
    arrivalTimestamp: event.arrival_timestamp,
    errorCode: '503',
    errorMessage: 'Http/1.1 Service Unavailable',
    attemptEndingTimestamp: event.arrival_timestamp + 300_000,
    esDocumentId: id,
    esIndexName: indexOf(event.arrival_timestamp),
    esTypeName: '',
    rawData: Buffer.from(JSON.stringify(event)).toString('base64'),
  })}\n`;
}

const replay = (options: { dryRun?: boolean; index?: string } = {}) =>
  replayFromBucket({ s3, openSearch, bucket: BUCKET, prefix: 'failed_', sleep: async () => undefined, ...options });

test('every failed document comes into the index of its own day, once, however often it is replayed', async () => {
  const events = campaignAt(START, 300);
  const lines = events.map((event, at) => lineOf(event, `${at}.0`));
  await put(`${FOLDER}delivery-1-2020-05-18-23-59-00-a`, lines.slice(0, 500).join(''));
  await put(`${FOLDER}delivery-1-2020-05-18-23-59-00-b.gz`, gzipSync(lines.slice(500).join('')));
  // Of another kind, and of another stream.
  await put('failed_processing-failed/2020/05/18/23/delivery', '{"lambdaArn":"a","rawData":"e30="}\n');
  await put('other/AmazonOpenSearchService-failed/2020/05/18/23/delivery', 'nothing to do with it');

  const tried = await replay({ dryRun: true });
  expect(tried).toMatchObject({ objects: 2, documents: events.length, stored: 0 });
  expect(await send(opensearch.endpoint, 'GET', '/_cat/indices/pinpoint*?format=json')).toEqual([]);

  const first = await replay();
  const days = Map.groupBy(events, ({ arrival_timestamp: arrival }) => indexOf(arrival));
  expect([...days.keys()].sort()).toEqual(['pinpoint-2020-05-18', 'pinpoint-2020-05-19']);
  expect(first).toMatchObject({
    stored: events.length,
    wasThere: 0,
    refused: [],
    unreadable: [],
    indices: Object.fromEntries([...days].map(([index, ofDay]) => [index, ofDay.length])),
  });
  expect(await replay()).toMatchObject({ stored: 0, wasThere: events.length });
  for (const [index, ofDay] of days) {
    expect(await send(opensearch.endpoint, 'GET', `/${index}/_count`)).toMatchObject({ count: ofDay.length });
  }
  const { _source } = await send(opensearch.endpoint, 'GET', `/${indexOf(events[7]?.arrival_timestamp ?? 0)}/_doc/7.0`);
  expect(_source).toEqual(events[7]);
});

test('a document that does not fit is refused with OpenSearch’s reason, and its neighbours are stored', async () => {
  const good = campaignAt(START, 1)[0];
  if (good === undefined) throw new Error('a campaign has events');
  const withRecord = (id: string, record: string) =>
    lineOf(good, id).replace(/"rawData":"[^"]+"/, `"rawData":"${btoa(record)}"`);
  const lines = [
    lineOf(good, 'n1'),
    withRecord('bad', '{"arrival_timestamp":"2020-05-18T23:59:00Z"}'),
    withRecord('two', '{"a":1}{"a":2}'),
    lineOf(good, 'n2'),
  ];
  const body = lines.join('').replaceAll('pinpoint-2020-05-18', 'pinpoint-odd');
  await put('failed_elasticsearch-failed/2020/05/18/23/old', body);
  const report = await replayFromBucket({
    s3,
    openSearch,
    bucket: BUCKET,
    prefix: 'failed_elasticsearch-failed/',
    sleep: async () => undefined,
  });
  expect(report).toMatchObject({ documents: 4, stored: 2, indices: { 'pinpoint-odd': 4 } });
  expect(report.refused).toEqual([
    {
      reason: expect.stringMatching(
        /^400: mapper_parsing_exception: failed to parse field \[arrival_timestamp\] of type \[date\]\. \(illegal_argument_exception: failed to parse date field \[2020-05-18T23:59:00Z\] with format \[epoch_millis\]/,
      ),
      count: 1,
      examples: [`s3://${BUCKET}/failed_elasticsearch-failed/2020/05/18/23/old, line 2`],
    },
  ]);
  expect(report.unfit).toMatchObject([{ count: 1 }]);
});
