import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type CompressionFormat,
  CreateDeliveryStreamCommand,
  FirehoseClient,
  PutRecordBatchCommand,
} from '@aws-sdk/client-firehose';
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createRandom } from '../../../../clock/index.ts';
import { type TestEdge, testEdge } from '../../../../edge/testing.ts';
import type { RunningEngine } from '../../../../engines/engine.ts';
import { createEngines } from '../../../../engines/index.ts';
import { startEngine } from '../../../../engines/testing.ts';
import { checkConservation, LedgerStore } from '../../../../ledger/index.ts';
import { createFirehose } from '../../index.ts';
import { DEFAULT_OPTIONS } from '../../options.ts';
import { ROLE_ARN, START } from '../../testing.ts';
import { COMPRESSION_FORMATS, OBJECT_FORMS } from './compression.ts';
import { extendedS3Kind, type S3Request } from './index.ts';
import { batchOf, decompress, testAttempt } from './testing.ts';

const BUCKET = 'lake';
/** More than one block of Snappy. */
const RECORDS = Array.from({ length: 2000 }, (_, n) => JSON.stringify({ n, name: '냇물', value: (n * 7919) % 1013 }));

let dataDir: string;
let localstack: RunningEngine;
let edge: TestEdge;
let s3: S3Client;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'naetmul-firehose-s3-'));
  const engine = createEngines().find(({ name }) => name === 'localstack');
  if (!engine) throw new Error('There is no engine localstack.');
  localstack = await startEngine(engine, join(dataDir, 'localstack'));
  edge = await testEdge({ upstream: () => localstack.endpoint });
  s3 = edge.edge.access.client(S3Client, 'us-east-1');
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
});

afterAll(async () => {
  await edge?.[Symbol.asyncDispose]();
  await localstack?.stop();
  await rm(dataDir, { recursive: true, force: true });
});

/** Delivers records to real S3; returns what the error log was told. */
async function deliver(request: S3Request, records: readonly string[], bucket = BUCKET): Promise<string[]> {
  const attempt = testAttempt();
  const destination = extendedS3Kind.make(
    { RoleARN: ROLE_ARN, BucketARN: `arn:aws:s3:::${bucket}`, ...request },
    extendedS3Kind.configuration,
    { aws: edge.edge.access, options: DEFAULT_OPTIONS, region: 'us-east-1' },
  );
  await destination.deliver(batchOf(records), attempt).catch(() => undefined);
  return attempt.reported;
}

/** A KMS key; returns its ARN. */
async function createKey(): Promise<string> {
  const { status, body } = await edge.edge.access.send({
    service: 'kms',
    region: 'us-east-1',
    method: 'POST',
    target: '/',
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'TrentService.CreateKey' },
    body: '{}',
  });
  expect(status).toBe(200);
  return JSON.parse(body.toString()).KeyMetadata.Arn;
}

async function contentUnder(prefix: string, format: CompressionFormat = 'UNCOMPRESSED'): Promise<string> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: await theKeyUnder(prefix) }));
  return decompress(Buffer.from((await Body?.transformToByteArray()) ?? []), format).toString();
}

async function theKeyUnder(prefix: string): Promise<string> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: prefix }));
  expect(Contents).toHaveLength(1);
  return Contents[0]?.Key ?? '';
}

describe('an object in real S3', () => {
  test.each(COMPRESSION_FORMATS)('compressed as %s holds the records, and says how to read it', async (format) => {
    expect(await deliver({ CompressionFormat: format, Prefix: `${format}/` }, RECORDS)).toEqual([]);
    const Key = await theKeyUnder(`${format}/`);
    const { extension, contentEncoding } = OBJECT_FORMS[format];
    const name = `brook-1-2022-01-27-05-48-25-5abf82da-aa53-4e6b-8f0c-1f4f6f0f9f3a`;
    expect(Key).toBe(`${format}/2022/01/27/05/${name}${extension}`);
    const answer = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
    expect(answer.ContentType).toBe('application/octet-stream');
    expect(answer.ContentEncoding).toBe(contentEncoding);
    const body = Buffer.from((await answer.Body?.transformToByteArray()) ?? []);
    expect(decompress(body, format).toString()).toBe(RECORDS.join(''));
  });

  test('has the name that its prefix, its time zone and its extension make', async () => {
    const request = {
      Prefix: "tz/!{timestamp:'year='yyyy'/week='ww}/!{firehose:random-string}/",
      ErrorOutputPrefix: '!{firehose:error-output-type}/',
      CustomTimeZone: 'Asia/Seoul',
      FileExtension: '.json.gz',
    };
    await deliver(request, ['{}']);
    expect(await theKeyUnder('tz/')).toMatch(
      /^tz\/year=2022\/week=05\/[0-9a-f]{8}-[0-9a-f]{2}\/brook-1-2022-01-27-14-48-25-[0-9a-f-]{36}\.json\.gz$/,
    );
  });

  test('is encrypted with the KMS key of the configuration', async () => {
    const AWSKMSKeyARN = await createKey();
    expect(
      await deliver({ Prefix: 'kms/', EncryptionConfiguration: { KMSEncryptionConfig: { AWSKMSKeyARN } } }, ['{}']),
    ).toEqual([]);
    const head = await s3.send(new HeadObjectCommand({ Bucket: BUCKET, Key: await theKeyUnder('kms/') }));
    expect(head.ServerSideEncryption).toBe('aws:kms');
    expect(head.SSEKMSKeyId).toBe(AWSKMSKeyARN);
  });
});

describe('a delivery stream with dynamic partitioning and a source backup', () => {
  test('parts records by their keys, keeps those without, and backs up all of them', async () => {
    const ledger = new LedgerStore(':memory:', () => edge.clock.now());
    const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
    const { access } = edge.edge;
    const random = createRandom('s3');
    const defaults = { region: 'us-east-1', accountId: '000000000000' };
    const emulator = createFirehose(
      { clock: edge.clock, random, ledger, aws: access, dataDir, log, defaults },
      { metrics: { count: () => undefined }, logs: { put: () => undefined } },
    );
    edge.edge.register(emulator);
    await edge.clock.travelTo(START);
    const firehose = access.client(FirehoseClient, 'us-east-1');
    const place = { RoleARN: ROLE_ARN, BucketARN: `arn:aws:s3:::${BUCKET}` };
    await firehose.send(
      new CreateDeliveryStreamCommand({
        DeliveryStreamName: 'parted',
        ExtendedS3DestinationConfiguration: {
          ...place,
          Prefix: 'parted/customer=!{partitionKeyFromQuery:customer}/!{timestamp:yyyy}/',
          ErrorOutputPrefix: 'parted-errors/!{firehose:error-output-type}/',
          BufferingHints: { SizeInMBs: 64, IntervalInSeconds: 60 },
          DynamicPartitioningConfiguration: { Enabled: true },
          ProcessingConfiguration: {
            Enabled: true,
            Processors: [
              {
                Type: 'MetadataExtraction',
                Parameters: [
                  { ParameterName: 'MetadataExtractionQuery', ParameterValue: '{customer: .customer}' },
                  { ParameterName: 'JsonParsingEngine', ParameterValue: 'JQ-1.6' },
                ],
              },
            ],
          },
          S3BackupMode: 'Enabled',
          S3BackupConfiguration: { ...place, Prefix: 'parted-raw/', CompressionFormat: 'GZIP' },
        },
      }),
    );
    await edge.clock.settled();
    const texts = ['{"customer":"a","n":1}', '{"customer":"b","n":2}', '{"customer":"a","n":3}', '{"n":4}'];
    const Records = texts.map((text) => ({ Data: Buffer.from(text) }));
    await firehose.send(new PutRecordBatchCommand({ DeliveryStreamName: 'parted', Records }));
    await edge.clock.advance(700_000);
    expect(await contentUnder('parted/customer=a/2022/parted-1-2022-01-27-05-48-25-')).toBe(`${texts[0]}${texts[2]}`);
    expect(await contentUnder('parted/customer=b/2022/')).toBe(texts[1]);
    expect(await contentUnder('parted-raw/2022/01/27/05/parted-1-', 'GZIP')).toBe(texts.join(''));
    const failed = JSON.parse(await contentUnder('parted-errors/metadata-extraction-failed/parted-1-'));
    expect(failed).toMatchObject({
      errorCode: 'DynamicPartitioning.MetadataExtractionFailed',
      errorMessage: 'partitionKeys values must not be null or empty',
      rawData: Buffer.from(texts[3] ?? '').toString('base64'),
    });
    expect(checkConservation(ledger, emulator.held?.() ?? [])).toMatchObject({ ok: true, held: 0 });
    await emulator.stop?.();
  });
});

describe('an error of real S3', () => {
  test('of a bucket that does not exist is told with AWS’s code', async () => {
    expect(await deliver({}, ['{}'], 'no-such-lake')).toEqual([
      'S3.NoSuchBucket: The specified bucket does not exist. Create the bucket or use a different bucket that does exist.',
    ]);
  });
});
