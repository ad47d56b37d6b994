import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type AmazonopensearchserviceDestinationConfiguration,
  CreateDeliveryStreamCommand,
  DescribeDeliveryStreamCommand,
  FirehoseClient,
  PutRecordBatchCommand,
  UpdateDestinationCommand,
} from '@aws-sdk/client-firehose';
import { CreateDomainCommand, type CreateDomainCommandInput, OpenSearchClient } from '@aws-sdk/client-opensearch';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createRandom, parseInstant } from '../../../../clock/index.ts';
import { ConnectionReset } from '../../../../edge/index.ts';
import { testEdge } from '../../../../edge/testing.ts';
import type { RunningEngine } from '../../../../engines/engine.ts';
import { nativeLocalStack } from '../../../../engines/localstack/index.ts';
import { nativeOpenSearch } from '../../../../engines/opensearch/index.ts';
import { startEngine } from '../../../../engines/testing.ts';
import { checkConservation, LedgerStore, type NewEntry } from '../../../../ledger/index.ts';
import { createOpenSearch } from '../../../opensearch/index.ts';
import { createFirehose } from '../../index.ts';
import { DOMAIN_ARN, ROLE_ARN } from './testing.ts';

const START = parseInstant('2022-01-27T23:59:30Z');
const DEFAULTS = { region: 'us-east-1', accountId: '000000000000' };
const MALFORMED =
  'One or more records are malformed. Please ensure that each record is single valid JSON object and that it does not contain newlines.';

let dataDir: string;
let localstack: RunningEngine;
let server: RunningEngine;
let bench: Awaited<ReturnType<typeof startBench>>;
let serial = 0;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'naetmul-firehose-opensearch-'));
  [localstack, server] = await Promise.all([
    startEngine(nativeLocalStack(), join(dataDir, 'localstack')),
    startEngine(nativeOpenSearch(), join(dataDir, 'opensearch')),
  ]);
});

afterAll(async () => {
  await Promise.all([localstack?.stop(), server?.stop()]);
  await rm(dataDir, { recursive: true, force: true });
});

beforeEach(async () => {
  bench = await startBench();
  return () => bench.stop();
});

/** A new edge before the same servers, with held time, a bucket, and a domain that nobody's address may enter. */
async function startBench() {
  const holder: { store?: LedgerStore } = {};
  const ledgerToBe = { append: (entry: NewEntry, t?: number) => (holder.store as LedgerStore).append(entry, t) };
  const edge = await testEdge({ upstream: () => localstack.endpoint, ledger: ledgerToBe });
  const { clock } = edge;
  await clock.travelTo(START);
  const ledger = new LedgerStore(':memory:', () => clock.now());
  holder.store = ledger;
  const context = {
    clock,
    random: createRandom(`firehose ${serial}`),
    ledger,
    aws: edge.edge.access,
    dataDir,
    log: { info() {}, warn() {}, error() {} },
    defaults: DEFAULTS,
  };
  const errorLog: { errorCode: string; message: string }[] = [];
  const counted = new Map<string, number>();
  const logs = {
    put: (_group: string, _stream: string, events: readonly { message: string }[]) =>
      void errorLog.push(...events.map(({ message }) => JSON.parse(message))),
  };
  const count = (_namespace: string, metric: string, _dimensions: object, value: number) =>
    void counted.set(metric, (counted.get(metric) ?? 0) + value);
  const state = { isAway: false };
  const firehose = createFirehose(context, { metrics: { count }, logs });
  const openSearch = createOpenSearch(context, {
    server: () => (state.isAway ? undefined : { url: server.endpoint }),
    edgeUrl: () => edge.url,
  });
  edge.edge.register(firehose);
  edge.edge.register(openSearch);
  const { access } = edge.edge;
  const clients = {
    s3: access.client(S3Client),
    firehose: access.client(FirehoseClient),
    domains: access.client(OpenSearchClient),
  };
  const name = `lake-${serial++}`;
  await clients.s3.send(new CreateBucketCommand({ Bucket: name }));
  await clients.domains.send(domain([{ effect: 'Allow', ranges: ['192.0.2.0/24'] }]));
  return {
    ...clients,
    clock,
    ledger,
    name,
    errorLog,
    counted,
    state,
    edge: edge.edge,
    url: `${edge.url}/_aws/es/us-east-1/pinpoint`,
    conservation: () => checkConservation(ledger, firehose.held?.() ?? []),
    async stop() {
      state.isAway = false;
      await firehose.stop?.();
      await openSearch.stop?.();
      // What a test has made past the domain is not the domain's to remove.
      await ask('/pinpoint*', { method: 'DELETE' });
      await clock.settled();
      await edge[Symbol.asyncDispose]();
      ledger[Symbol.dispose]();
    },
  };
}

function domain(statements: { effect: string; ranges: string[] }[], DomainName = 'pinpoint'): CreateDomainCommand {
  const Statement = statements.map(({ effect, ranges }) => ({
    Effect: effect,
    Principal: { AWS: '*' },
    Action: 'es:*',
    Resource: `arn:aws:es:us-east-1:000000000000:domain/${DomainName}/*`,
    Condition: { IpAddress: { 'aws:SourceIp': ranges } },
  }));
  const input: CreateDomainCommandInput = {
    DomainName,
    ClusterConfig: { InstanceType: 't3.small.search' },
    EBSOptions: { EBSEnabled: true },
    AccessPolicies: JSON.stringify({ Version: '2012-10-17', Statement }),
  };
  return new CreateDomainCommand(input);
}

const configuration = (changes: object = {}): AmazonopensearchserviceDestinationConfiguration => ({
  RoleARN: ROLE_ARN,
  DomainARN: DOMAIN_ARN,
  IndexName: 'pinpoint',
  BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 60 },
  RetryOptions: { DurationInSeconds: 120 },
  CloudWatchLoggingOptions: { Enabled: true, LogGroupName: 'g', LogStreamName: 's' },
  S3Configuration: {
    RoleARN: ROLE_ARN,
    BucketARN: `arn:aws:s3:::${bench.name}`,
    Prefix: 'failed_',
    BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 60 },
  },
  ...changes,
});

async function createStream(changes: object = {}): Promise<void> {
  const AmazonopensearchserviceDestinationConfiguration = configuration(changes);
  const input = { DeliveryStreamName: 'events', AmazonopensearchserviceDestinationConfiguration };
  await bench.firehose.send(new CreateDeliveryStreamCommand(input));
  await bench.clock.settled();
}

async function put(...records: (string | Uint8Array)[]): Promise<void> {
  const Records = records.map((record) => ({ Data: typeof record === 'string' ? Buffer.from(record) : record }));
  const answer = await bench.firehose.send(new PutRecordBatchCommand({ DeliveryStreamName: 'events', Records }));
  expect(answer.FailedPutCount).toBe(0);
}

/** Asks the server itself, past the domain and its policy. */
async function ask(target: string, init: RequestInit = {}) {
  const response = await fetch(server.endpoint + target, { headers: { 'content-type': 'application/json' }, ...init });
  return await response.json();
}

interface Hit {
  readonly _index: string;
  readonly _id: string;
  // biome-ignore lint/suspicious/noExplicitAny: documents are what the test has sent.
  readonly _source: any;
}

/** Every document of the indices, by index and id. */
async function documents(indices = 'pinpoint*'): Promise<Hit[]> {
  await ask(`/${indices}/_refresh`, { method: 'POST' });
  const { hits } = (await ask(`/${indices}/_search?size=1000`)) as { hits: { hits: Hit[] } };
  const key = ({ _index, _id }: Hit) => `${_index} ${_id}`;
  return hits.hits.sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

async function objects(): Promise<{ key: string; text: string }[]> {
  const { Contents = [] } = await bench.s3.send(new ListObjectsV2Command({ Bucket: bench.name }));
  const keys = Contents.map(({ Key }) => Key ?? '').sort();
  return await Promise.all(
    keys.map(async (key) => {
      const { Body } = await bench.s3.send(new GetObjectCommand({ Bucket: bench.name, Key: key }));
      return { key, text: (await Body?.transformToString()) ?? '' };
    }),
  );
}

/** The records that the backup keeps. */
async function failures() {
  const texts = (await objects()).map(({ text }) => text);
  return texts.flatMap((text) => text.trimEnd().split('\n')).map((line) => JSON.parse(line));
}

describe('records put to a delivery stream', () => {
  test('are documents in the index of the day on which they came, for a domain that lets nobody else in', async () => {
    await createStream();
    await put('{"n":1}', '{"n":2}\n');
    await bench.clock.advance(31_000);
    await put('{"n":3}');
    await bench.clock.advance(60_000);
    expect((await documents()).map(({ _index, _source }) => [_index, _source.n])).toEqual([
      ['pinpoint-2022-01-27', 1],
      ['pinpoint-2022-01-27', 2],
      ['pinpoint-2022-01-28', 3],
    ]);
    for (const { _id } of await documents()) expect(_id).toMatch(/^\d{56}\.0$/);
    const anonymous = await fetch(`${bench.url}/pinpoint-2022-01-27/_count`);
    expect(anonymous.status).toBe(403);
    expect(await anonymous.json()).toEqual({
      Message:
        'User: anonymous is not authorized to perform: es:ESHttpGet because no resource-based policy allows the es:ESHttpGet action',
    });
  });

  test('are in the ledger as stored in their index, and the domain counts none of them again', async () => {
    await createStream();
    await put('{"n":1}', '{"n":2}');
    await bench.clock.advance(60_000);
    expect(bench.ledger.newest(100).map(({ where, what }) => `${where} ${what}`)).toEqual([
      'firehose/events accepted',
      'firehose/events stored',
    ]);
    expect(bench.ledger.into('opensearch/pinpoint-2022-01-27')).toMatchObject([
      { where: 'firehose/events', what: 'stored', detail: { records: 2 } },
    ]);
    expect(bench.conservation()).toMatchObject({ ok: true, accepted: 2, stored: 2, duplicates: 0 });
    expect(bench.counted.get('DeliveryToAmazonOpenSearchService.Records')).toBe(2);
    expect(bench.counted.get('DeliveryToAmazonOpenSearchService.Success')).toBe(1);
  });

  test('are gone with an index that is deleted, and the next ones make another', async () => {
    await bench.domains.send(domain([{ effect: 'Allow', ranges: ['127.0.0.1'] }], 'open'));
    await createStream({ DomainARN: 'arn:aws:es:us-east-1:000000000000:domain/open' });
    await put('{"n":1}');
    await bench.clock.advance(60_000);
    const response = await fetch(`${bench.url.replace('pinpoint', 'open')}/pinpoint-2022-01-27`, { method: 'DELETE' });
    expect(response.status).toBe(200);
    await put('{"n":2}');
    await bench.clock.advance(60_000);
    expect((await documents()).map(({ _source }) => _source.n)).toEqual([2]);
    expect(bench.conservation()).toMatchObject({
      ok: true,
      stored: 1,
      losses: [{ reason: 'The index was deleted through the domain open.', count: 1 }],
    });
  });

  test('go to a domain by its endpoint, too, and from a destination by the old name', async () => {
    const { DomainARN: _, ...others } = configuration({ IndexRotationPeriod: 'NoRotation' });
    const ClusterEndpoint = bench.url.replace('http:', 'https:');
    const ElasticsearchDestinationConfiguration = { ...others, ClusterEndpoint };
    const input = { DeliveryStreamName: 'events', ElasticsearchDestinationConfiguration };
    await bench.firehose.send(new CreateDeliveryStreamCommand(input));
    await bench.clock.settled();
    await put('{"n":1}');
    await bench.clock.advance(60_000);
    expect((await documents('pinpoint')).map(({ _source }) => _source)).toEqual([{ n: 1 }]);
    expect(bench.counted.get('DeliveryToElasticsearch.Records')).toBe(1);
  });

  test('are copied to the bucket as they came where all documents are to be backed up', async () => {
    await createStream({ S3BackupMode: 'AllDocuments' });
    await put('{"n":1}', 'not JSON', '{"n":2}');
    await bench.clock.advance(130_000);
    expect(await documents()).toHaveLength(2);
    const [copy, failed] = await objects();
    expect(copy?.key).toMatch(/^failed_2022\/01\/27\/23\/events-1-2022-01-27-23-59-30-[0-9a-f-]{36}$/);
    expect(copy?.text).toBe('{"n":1}not JSON{"n":2}');
    expect(failed?.key).toMatch(/^failed_AmazonOpenSearchService-failed\/2022\/01\/27\/23\/events-1-/);
  });
});

describe('documents that the domain refuses', () => {
  test('are backed up byte-equal with the domain’s own words, and their neighbours are indexed', async () => {
    await ask('/pinpoint-2022-01-27', {
      method: 'PUT',
      body: '{"mappings":{"properties":{"arrival_timestamp":{"type":"date","format":"epoch_millis"}}}}',
    });
    await createStream();
    const refused = [
      '{"arrival_timestamp":"2022-01-27T05:48:25Z"}',
      'not JSON',
      '{"n":1}{"n":2}',
      '{"n":1}\n{"n":2}',
      '',
      Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xff, 0xfe, 0x22, 0x7d]),
      '{"_id":"x"}',
    ];
    const good = (n: number) => `{"arrival_timestamp":${START + n}}`;
    await put(good(0), ...refused.flatMap((record, n) => [record, good(n + 1)]));
    await bench.clock.advance(61_000);
    expect((await documents()).map(({ _source }) => _source.arrival_timestamp - START)).toEqual([
      0,
      ...refused.keys().map((n) => n + 1),
    ]);
    await bench.clock.advance(60_000);
    const [object] = await objects();
    expect(object?.key).toMatch(
      /^failed_AmazonOpenSearchService-failed\/2022\/01\/27\/23\/events-1-2022-01-27-23-59-30-[0-9a-f-]{36}$/,
    );
    const lines = await failures();
    expect(lines.map(({ rawData }) => Buffer.from(rawData, 'base64'))).toEqual(
      refused.map((record) => Buffer.from(record as string)),
    );
    expect(Object.keys(lines[0])).toEqual([
      'attemptsMade',
      'arrivalTimestamp',
      'errorCode',
      'errorMessage',
      'attemptEndingTimestamp',
      'esDocumentId',
      'esIndexName',
      'esTypeName',
      'rawData',
    ]);
    for (const line of lines) {
      expect(line).toMatchObject({
        attemptsMade: 1,
        arrivalTimestamp: START,
        errorCode: '400',
        attemptEndingTimestamp: START + 60_000,
        esDocumentId: expect.stringMatching(/^\d{56}\.0$/),
        esIndexName: 'pinpoint-2022-01-27',
        esTypeName: '',
      });
    }
    const reasons = lines.map(({ errorMessage }) =>
      errorMessage === MALFORMED ? MALFORMED : JSON.parse(errorMessage),
    );
    expect(reasons[0]).toMatchObject({
      type: 'mapper_parsing_exception',
      reason:
        `failed to parse field [arrival_timestamp] of type [date] in document with id '${lines[0].esDocumentId}'. ` +
        "Preview of field's value: '2022-01-27T05:48:25Z'",
      caused_by: { reason: 'failed to parse date field [2022-01-27T05:48:25Z] with format [epoch_millis]' },
    });
    expect(reasons[1]).toMatchObject({ reason: 'failed to parse', caused_by: { type: 'not_x_content_exception' } });
    expect(reasons[2]).toMatchObject({
      caused_by: { reason: 'Malformed content, found extra data after parsing: START_OBJECT' },
    });
    expect(reasons[3]).toBe(MALFORMED);
    expect(reasons[4]).toMatchObject({ reason: 'failed to parse, document is empty' });
    expect(JSON.stringify(reasons[5])).toContain('Invalid UTF-8 start byte 0xff');
    expect(JSON.stringify(reasons[6])).toContain('is a metadata field and cannot be added inside a document');
    expect(bench.errorLog[0]).toMatchObject({
      destination: DOMAIN_ARN,
      deliveryStreamVersionId: 1,
      errorCode: 'OS.MalformedData',
      message: MALFORMED,
    });
    expect(bench.conservation()).toMatchObject({ ok: true, accepted: 15, stored: 8, backedUp: 7 });
  });

  test('because the index’s name is no index’s name are all backed up', async () => {
    await createStream({ IndexName: 'Pinpoint' });
    await put('{}', '{}');
    await bench.clock.advance(121_000);
    expect(await failures()).toMatchObject(
      [1, 2].map(() => ({
        esIndexName: 'Pinpoint-2022-01-27',
        errorMessage: expect.stringContaining('must be lowercase'),
      })),
    );
  });
});

describe('a domain', () => {
  test('that is away for longer than the retry duration loses nothing: all is in the backup', async () => {
    await createStream();
    bench.state.isAway = true;
    await put('{"n":1}', '{"n":2}');
    await bench.clock.advance(60_000 + 120_000 + 60_000);
    const lines = await failures();
    expect(lines).toMatchObject(
      [1, 2].map((n) => ({
        attemptsMade: 8,
        errorCode: '503',
        errorMessage: '<html><body><b>Http/1.1 Service Unavailable</b></body> </html>',
        attemptEndingTimestamp: START + 180_000,
        rawData: Buffer.from(`{"n":${n}}`).toString('base64'),
      })),
    );
    expect(bench.errorLog.map(({ errorCode }) => errorCode)).toEqual(Array(8).fill('OS.ServiceException'));
    bench.state.isAway = false;
    await put('{"n":3}');
    await bench.clock.advance(60_000);
    expect((await documents()).map(({ _source }) => _source.n)).toEqual([3]);
    expect(bench.conservation()).toMatchObject({ ok: true, accepted: 3, stored: 1, backedUp: 2 });
  });

  test('that is back within it gets everything, in the index of the arrival', async () => {
    await createStream();
    bench.state.isAway = true;
    await put('{"n":1}', '{"n":2}');
    await bench.clock.advance(100_000);
    bench.state.isAway = false;
    await bench.clock.advance(60_000);
    expect((await documents()).map(({ _index }) => _index)).toEqual(Array(2).fill('pinpoint-2022-01-27'));
    expect(await objects()).toEqual([]);
    expect(bench.conservation()).toMatchObject({ ok: true, accepted: 2, stored: 2, duplicates: 0 });
  });

  test('whose policy denies everybody is told of by its own answer', async () => {
    await bench.domains.send(domain([{ effect: 'Deny', ranges: ['0.0.0.0/0'] }], 'closed'));
    await createStream({
      DomainARN: 'arn:aws:es:us-east-1:000000000000:domain/closed',
      RetryOptions: { DurationInSeconds: 0 },
    });
    await put('{}');
    await bench.clock.advance(121_000);
    const Message =
      'User: arn:aws:iam::000000000000:root is not authorized to perform: es:ESHttpPost with an explicit deny in a resource-based policy';
    expect(await failures()).toMatchObject([
      { attemptsMade: 1, errorCode: '403', errorMessage: JSON.stringify({ Message }) },
    ]);
    expect(bench.errorLog).toMatchObject([{ errorCode: 'OS.AccessDenied', message: JSON.stringify({ Message }) }]);
  });

  test('that forbids indices in the body of a bulk request takes nothing', async () => {
    const { input } = domain([{ effect: 'Allow', ranges: ['192.0.2.0/24'] }], 'strict');
    const AdvancedOptions = { 'rest.action.multi.allow_explicit_index': 'false' };
    await bench.domains.send(new CreateDomainCommand({ ...input, AdvancedOptions }));
    await createStream({ DomainARN: 'arn:aws:es:us-east-1:000000000000:domain/strict' });
    await put('{}');
    await bench.clock.advance(241_000);
    expect(await failures()).toMatchObject([
      { errorCode: '400', errorMessage: expect.stringContaining('explicit index in bulk is not allowed') },
    ]);
  });

  test.each([
    ['FIREHOSE_DEFAULT', 2],
    ['NO_DOCUMENT_ID', 4],
  ])('whose answer is lost after the work is done has, with %s, %i documents of two', async (format, found) => {
    let isFirst = true;
    bench.edge.use(async (request, { service }, next) => {
      const response = await next(request);
      if (service !== 'es' || !isFirst) return response;
      isFirst = false;
      throw new ConnectionReset();
    });
    await createStream({ DocumentIdOptions: { DefaultDocumentIdFormat: format } });
    await put('{"n":1}', '{"n":2}');
    await bench.clock.advance(61_000);
    expect(await documents()).toHaveLength(found);
    expect(bench.errorLog).toMatchObject([{ errorCode: 'OS.ConnectionFailed', message: 'The connection was reset.' }]);
    expect(bench.conservation()).toMatchObject({ ok: true, accepted: 2, stored: 2 });
  });
});

test('a stream is described, and updated where it delivers to', async () => {
  await createStream();
  const describeIt = async () => {
    const answer = await bench.firehose.send(new DescribeDeliveryStreamCommand({ DeliveryStreamName: 'events' }));
    return answer.DeliveryStreamDescription;
  };
  const [destination] = (await describeIt())?.Destinations ?? [];
  expect(destination?.AmazonopensearchserviceDestinationDescription).toMatchObject({
    DomainARN: DOMAIN_ARN,
    IndexName: 'pinpoint',
    IndexRotationPeriod: 'OneDay',
    RetryOptions: { DurationInSeconds: 120 },
    S3BackupMode: 'FailedDocumentsOnly',
    S3DestinationDescription: { Prefix: 'failed_' },
    DocumentIdOptions: { DefaultDocumentIdFormat: 'FIREHOSE_DEFAULT' },
  });
  await put('{"n":1}');
  await bench.firehose.send(
    new UpdateDestinationCommand({
      DeliveryStreamName: 'events',
      CurrentDeliveryStreamVersionId: '1',
      DestinationId: 'destinationId-000000000001',
      AmazonopensearchserviceDestinationUpdate: { IndexName: 'pinpoint-new', IndexRotationPeriod: 'OneMonth' },
    }),
  );
  await bench.clock.advance(60_000);
  expect((await documents()).map(({ _index }) => _index)).toEqual(['pinpoint-new-2022-01']);
  expect((await describeIt())?.VersionId).toBe('2');
});
