import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { GetMetricStatistics$ } from '@aws-sdk/client-cloudwatch';
import { FirehoseClient, ListDeliveryStreams$, ListDeliveryStreamsCommand } from '@aws-sdk/client-firehose';
import {
  CreateStreamCommand,
  KinesisClient,
  PutRecordCommand,
  PutRecordsCommand,
  waitUntilStreamExists,
} from '@aws-sdk/client-kinesis';
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutBucketCorsCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { parseInstant } from '../clock/index.ts';
import type { RunningEngine } from '../engines/engine.ts';
import { localstackTool, nativeLocalStack } from '../engines/localstack/index.ts';
import { startEngine } from '../engines/testing.ts';
import { readAll } from './body.ts';
import { withNotes } from './headers.ts';
import { recorded, sdk, type TestEdge, testEdge } from './testing.ts';

const run = promisify(execFile);
const MB = 1024 * 1024;

let dataDir: string;
let localstack: RunningEngine;
let bench: TestEdge;
let s3: S3Client;
const counted: [string, number][] = [];

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'naetmul-edge-'));
  localstack = await startEngine(nativeLocalStack(), dataDir);
  bench = await testEdge(
    {
      upstream: () => localstack.endpoint,
      metrics: { count: (_namespace, metric, _dimensions, value) => void counted.push([metric, value]) },
    },
    [
      {
        service: 'firehose',
        protocol: { kind: 'json', version: '1.1', targetPrefix: 'Firehose_20150804' },
        operations: [
          recorded(ListDeliveryStreams$, () => ({ DeliveryStreamNames: ['ours'], HasMoreDeliveryStreams: false })),
        ],
      },
      {
        service: 'monitoring',
        protocol: { kind: 'json', version: '1.0', targetPrefix: 'GraniteServiceVersion20100801' },
        operations: [
          recorded(GetMetricStatistics$, ({ StartTime }) => ({
            Label: 'Count',
            Datapoints: [{ Timestamp: StartTime, Sum: 7 }],
          })),
        ],
      },
    ],
  );
  s3 = new S3Client({ ...sdk(bench.url), forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: 'brook' }));
});

afterAll(async () => {
  await bench?.[Symbol.asyncDispose]();
  await localstack?.stop();
  await rm(dataDir, { recursive: true, force: true });
});

beforeEach(() => {
  bench.entries.length = 0;
  counted.length = 0;
});

/** Runs a program of LocalStack's virtual environment against the edge. */
async function tool(name: 'python' | 'aws', ...args: string[]): Promise<string> {
  const { stdout } = await run(localstackTool(name), args, {
    env: {
      HOME: dataDir,
      PATH: process.env.PATH,
      AWS_ENDPOINT_URL: bench.url,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_DEFAULT_REGION: 'us-east-1',
    },
    maxBuffer: 64 * MB,
  });
  return stdout;
}

const SAMPLE_BYTES = 10 * MB;
/** Some samples' worth, for V8 frees buffers beside the collection; a body that is held would be all of its 200. */
const LITTLE_MB = 64;

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

describe('S3 through the edge', () => {
  test('200 MB go up and down without being held in memory', async () => {
    const chunk = createHash('sha512').update('brook').digest();
    const block = Buffer.concat(Array.from({ length: 1024 }, () => chunk));
    const size = 200 * MB;
    const sent = createHash('sha256');
    let most = 0;
    let passed = 0;
    // What is still in use, not what has yet to be collected.
    const inUse = () => {
      collectGarbage();
      return process.memoryUsage().arrayBuffers;
    };
    const sample = (bytes: number) => {
      if (Math.floor(passed / SAMPLE_BYTES) < Math.floor((passed + bytes) / SAMPLE_BYTES))
        most = Math.max(most, inUse());
      passed += bytes;
    };
    const before = inUse();
    const Body = Readable.from(
      (function* () {
        for (let at = 0; at < size; at += block.length) {
          sent.update(block);
          sample(block.length);
          yield block;
        }
      })(),
      { objectMode: false },
    );
    await s3.send(new PutObjectCommand({ Bucket: 'brook', Key: 'large', Body, ContentLength: size }));
    const { Body: answer } = await s3.send(new GetObjectCommand({ Bucket: 'brook', Key: 'large' }));
    const received = createHash('sha256');
    let length = 0;
    for await (const part of answer as Readable) {
      received.update(part);
      length += part.length;
      sample(part.length);
    }
    expect(length).toBe(size);
    expect(received.digest('hex')).toBe(sent.digest('hex'));
    expect((most - before) / MB).toBeLessThan(LITTLE_MB);
    expect(bench.entries.map(({ where, what, into, detail }) => ({ where, what, into, detail }))).toEqual([
      {
        where: 's3/brook',
        what: 'noted',
        into: ['object/brook/large'],
        detail: { operation: 'PutObject', status: 200, bytes: size, etag: expect.stringMatching(/^[0-9a-f]{32}$/) },
      },
    ]);
  });

  test('an object can be put in parts, copied, asked for and deleted', async () => {
    const at = { Bucket: 'brook', Key: 'in parts/한글 key' };
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand(at));
    const bodies = [Buffer.alloc(5 * MB, 'a'), Buffer.from('the end')];
    const Parts = [];
    for (const [index, Body] of bodies.entries()) {
      const PartNumber = index + 1;
      const { ETag } = await s3.send(new UploadPartCommand({ ...at, UploadId, PartNumber, Body }));
      Parts.push({ PartNumber, ETag });
    }
    await s3.send(new CompleteMultipartUploadCommand({ ...at, UploadId, MultipartUpload: { Parts } }));
    await s3.send(
      new CopyObjectCommand({ Bucket: 'brook', Key: 'copy', CopySource: encodeURI('brook/in parts/한글 key') }),
    );
    const head = await s3.send(new HeadObjectCommand({ Bucket: 'brook', Key: 'copy' }));
    expect(head.ContentLength).toBe(5 * MB + 7);
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'brook', Key: 'copy', Range: `bytes=${5 * MB}-` }));
    expect(await Body?.transformToString()).toBe('the end');
    await s3.send(new DeleteObjectCommand({ Bucket: 'brook', Key: 'copy' }));
    await expect(s3.send(new HeadObjectCommand({ Bucket: 'brook', Key: 'copy' }))).rejects.toMatchObject({
      name: 'NotFound',
    });
    expect(bench.entries.map(({ into, detail }) => [detail?.operation, into?.[0], Boolean(detail?.etag)])).toEqual([
      ['CompleteMultipartUpload', 'object/brook/in parts/한글 key', true],
      ['CopyObject', 'object/brook/copy', true],
      ['DeleteObject', 'object/brook/copy', false],
    ]);
  });

  test('a bucket may stand in the host’s name, as LocalStack and as a plain S3Client write it', async () => {
    await s3.send(new PutObjectCommand({ Bucket: 'brook', Key: 'k', Body: 'in the host' }));
    const { port } = new URL(bench.url);
    const ask = async (host: string) => {
      const headers = {
        host: `${host}:${port}`,
        authorization:
          'AWS4-HMAC-SHA256 Credential=test/20220127/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0',
      };
      const request = http.get({ hostname: '127.0.0.1', port, path: '/k', headers });
      const [response] = (await once(request, 'response')) as [http.IncomingMessage];
      return [response.statusCode, (await readAll(response)).toString()];
    };
    expect(await ask('brook.s3.localhost.localstack.cloud')).toEqual([200, 'in the host']);
    expect(await ask('brook.s3.us-east-1.localhost.localstack.cloud')).toEqual([200, 'in the host']);
    expect(await ask('brook.localhost')).toEqual([200, 'in the host']);
  });

  test('a page on this machine may upload, a page of elsewhere may not', async () => {
    const AllowedOrigins = ['http://localhost:3000', 'https://evil.example'];
    const CORSRules = [{ AllowedOrigins, AllowedMethods: ['PUT'], AllowedHeaders: ['*'] }];
    await s3.send(new PutBucketCorsCommand({ Bucket: 'brook', CORSConfiguration: { CORSRules } }));
    const ask = (method: string, origin: string, more = {}) =>
      fetch(`${bench.url}/brook/from-a-page`, {
        method,
        headers: { origin, ...more },
        ...(method === 'PUT' ? { body: 'x' } : {}),
      });
    const preflight = { 'access-control-request-method': 'PUT', 'access-control-request-headers': 'content-type' };
    const asked = await ask('OPTIONS', 'http://localhost:3000', preflight);
    expect([asked.status, asked.headers.get('access-control-allow-origin')]).toEqual([200, 'http://localhost:3000']);
    const put = await ask('PUT', 'http://localhost:3000');
    expect([put.status, put.headers.get('access-control-allow-origin')]).toEqual([200, 'http://localhost:3000']);
    const refused = await ask('PUT', 'https://evil.example');
    expect(refused.status).toBe(403);
    expect(await refused.text()).toContain('comes from a web page of the origin "https://evil.example"');
  });
});

describe('Kinesis through the edge', () => {
  test('its own HTTP/2 client works, and what it puts is in the ledger and the metrics', async () => {
    const client = new KinesisClient(sdk(bench.url));
    await client.send(new CreateStreamCommand({ StreamName: 'brook', ShardCount: 2 }));
    await waitUntilStreamExists({ client, maxWaitTime: 60, minDelay: 1 }, { StreamName: 'brook' });
    const Data = Buffer.from('drop');
    const one = await client.send(new PutRecordCommand({ StreamName: 'brook', PartitionKey: 'a', Data }));
    const Records = ['b', 'c', 'd'].map((PartitionKey) => ({ PartitionKey, Data }));
    const many = await client.send(new PutRecordsCommand({ StreamName: 'brook', Records }));
    client.destroy();
    const accepted = bench.entries.filter(({ where }) => where === 'kinesis/brook');
    expect(accepted.every(({ what }) => what === 'accepted')).toBe(true);
    const named = accepted.flatMap(({ ids, detail }) => (ids ?? []).map((id) => [id, detail?.shardId]));
    const expected = [one, ...(many.Records ?? [])].map((put) => [`record/brook/${put.SequenceNumber}`, put.ShardId]);
    expect(named.toSorted()).toEqual(expected.toSorted());
    const sum = (name: string) => counted.reduce((total, [metric, value]) => total + (metric === name ? value : 0), 0);
    expect([sum('IncomingRecords'), sum('IncomingBytes'), sum('PutRecord.Success')]).toEqual([4, 16, 1]);
  });

  test('a caller inside names the cause, or writes its own entries', async () => {
    const client = bench.edge.access.client(KinesisClient);
    const put = { StreamName: 'brook', PartitionKey: 'a', Data: Buffer.from('drop') };
    await client.send(new PutRecordCommand(put), withNotes({ cause: 5 }));
    await client.send(new PutRecordCommand(put), withNotes({ cause: 6, observed: false }));
    await expect(client.send(new PutRecordCommand({ ...put, StreamName: 'none' }))).rejects.toThrow('not found');
    expect(bench.entries.map(({ where, what, cause }) => [where, what, cause])).toEqual([
      ['kinesis/brook', 'accepted', 5],
      ['kinesis/none', 'refused', undefined],
    ]);
  });
});

describe('other clients', () => {
  test('boto3 puts, gets, signs addresses for plain HTTP clients, and reaches emulators', async () => {
    const script = join(dataDir, 'client.py');
    await writeFile(
      script,
      [
        'import boto3, json',
        's3 = boto3.client("s3")',
        's3.put_object(Bucket="brook", Key="py", Body=b"\\x00py\\xff" * 1000)',
        'body = s3.get_object(Bucket="brook", Key="py")["Body"].read()',
        'at = {"Bucket": "brook", "Key": "signed"}',
        'print(json.dumps({',
        '  "length": len(body),',
        '  "put": s3.generate_presigned_url("put_object", Params=at),',
        '  "get": s3.generate_presigned_url("get_object", Params=at),',
        '  "streams": boto3.client("firehose").list_delivery_streams()["DeliveryStreamNames"],',
        '}))',
      ].join('\n'),
    );
    const answer = JSON.parse(await tool('python', script));
    expect(answer).toMatchObject({ length: 4000, streams: ['ours'] });
    expect((await fetch(answer.put, { method: 'PUT', body: 'signed body' })).status).toBe(200);
    expect(await (await fetch(answer.get)).text()).toBe('signed body');
    expect(bench.entries.map(({ into }) => into?.[0])).toEqual(['object/brook/py', 'object/brook/signed']);
  });

  test('the AWS CLI copies files of several parts, and lists emulated resources', async () => {
    const file = join(dataDir, 'file');
    await writeFile(file, Buffer.alloc(20 * MB, 'cli'));
    await tool('aws', 's3', 'cp', file, 's3://brook/cli/file', '--only-show-errors');
    const listing = await tool('aws', 's3', 'ls', 's3://brook/cli/');
    expect(listing).toContain(`${20 * MB} file`);
    const streams = JSON.parse(await tool('aws', 'firehose', 'list-delivery-streams'));
    expect(streams).toEqual({ DeliveryStreamNames: ['ours'], HasMoreDeliveryStreams: false });
    const metric = ['--namespace', 'AWS/ApiGateway', '--metric-name', 'Count', '--statistics', 'Sum', '--period', '60'];
    const range = ['--start-time', '2022-01-27T05:00:00Z', '--end-time', '2022-01-27T06:00:00Z'];
    const statistics = JSON.parse(await tool('aws', 'cloudwatch', 'get-metric-statistics', ...metric, ...range));
    expect(statistics).toEqual({
      Label: 'Count',
      Datapoints: [{ Timestamp: expect.stringMatching(/^2022-01-27T05:00:00/), Sum: 7 }],
    });
  });

  test('SQS works in both of its protocols', async () => {
    const { QueueUrl } = JSON.parse(
      await tool('aws', '--endpoint-url', bench.url, 'sqs', 'create-queue', '--queue-name', 'brook'),
    );
    const target = new URL(QueueUrl).pathname;
    const call = (action: string, headers: Record<string, string>, body: string) =>
      bench.edge.access.send({ service: 'sqs', region: 'us-east-1', method: 'POST', target: action, headers, body });
    const sent = await call(
      target,
      { 'content-type': 'application/x-www-form-urlencoded' },
      'Action=SendMessage&MessageBody=drop',
    );
    expect(sent.body.toString()).toContain('<SendMessageResponse');
    const received = await call(
      '/',
      { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.ReceiveMessage' },
      JSON.stringify({ QueueUrl }),
    );
    expect(JSON.parse(received.body.toString()).Messages).toMatchObject([{ Body: 'drop' }]);
  });
});

describe('the edge before LocalStack', () => {
  test('answers for its own services, with LocalStack’s health around them', async () => {
    const health = await (await fetch(`${bench.url}/_localstack/health`)).json();
    expect(health).toMatchObject({
      version: '4.9.2',
      services: { s3: 'running', firehose: 'running' },
      naetmul: { services: ['firehose', 'monitoring'], localstack: 'running' },
    });
    const client = new FirehoseClient(sdk(bench.url));
    expect(await client.send(new ListDeliveryStreamsCommand({}))).toMatchObject({ DeliveryStreamNames: ['ours'] });
    expect((await fetch(`${bench.url}/_localstack/info`)).status).toBe(200);
  });

  test('dates every answer by the clock', async () => {
    await bench.clock.travelTo(parseInstant('2024-02-29T14:59:59Z'));
    const response = await fetch(`${bench.url}/_localstack/info`);
    expect(response.headers.get('date')).toBe('Thu, 29 Feb 2024 14:59:59 GMT');
    await bench.clock.real();
  });
});
