import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { GetRecordsCommand, GetShardIteratorCommand, KinesisClient } from '@aws-sdk/client-kinesis';
import { S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readKstDay } from '../../services/ingest/read-kst-day.ts';
import { localstackTool } from '../engines/localstack/index.ts';
import { type Deployed, deploy, loadTemplate } from './index.ts';
import { type TestAws, testAws } from './testing.ts';

const TEMPLATE = fileURLToPath(new URL('../../services/ingest/template.yaml', import.meta.url));
const FIXTURES = new URL('../../fixtures/ingest/', import.meta.url);

let aws: TestAws;
let ingest: Deployed;

beforeAll(async () => {
  aws = await testAws('ingest');
  ingest = await deploy(await loadTemplate(TEMPLATE), aws.options);
});

afterAll(async () => {
  await aws?.[Symbol.asyncDispose]();
});

async function post(body: string | Uint8Array<ArrayBuffer>, contentType = 'application/json') {
  const answer = await fetch(ingest.outputs.Url ?? '', {
    method: 'POST',
    body,
    headers: { 'content-type': contentType },
  });
  return { status: answer.status, text: await answer.text() };
}

async function bodies(name: string): Promise<string[]> {
  const text = await readFile(new URL(`${name}.jsonl`, FIXTURES), 'utf8');
  return text.split('\n').filter((line) => line !== '');
}

/** What the stream holds, oldest first. */
async function streamed(): Promise<string[]> {
  const kinesis = aws.edge.access.client(KinesisClient);
  const { ShardIterator } = await kinesis.send(
    new GetShardIteratorCommand({
      StreamName: ingest.outputs.StreamName,
      ShardId: 'shardId-000000000000',
      ShardIteratorType: 'TRIM_HORIZON',
    }),
  );
  const { Records = [] } = await kinesis.send(new GetRecordsCommand({ ShardIterator }));
  return Records.map(({ Data }) => Buffer.from(Data ?? []).toString());
}

describe('the ingest template', () => {
  test('is accepted by cfn-lint', async () => {
    const { stdout } = await promisify(execFile)(localstackTool('cfn-lint'), ['--format', 'parseable', TEMPLATE]);
    expect(stdout).toBe('');
  });

  test('has the outputs that its users rely on', () => {
    const { ApiId } = ingest.outputs;
    expect(ingest.outputs).toEqual({
      Url: `${aws.url}/_aws/execute-api/${ApiId}/PROD/v1`,
      StreamName: 'ingest-stream',
      BucketName: expect.stringMatching(/^ingest-bucket-[a-z0-9]{12}$/),
      DeliveryStreamName: 'ingest-delivery',
      ApiId: expect.stringMatching(/^[a-z0-9]{10}$/),
      StageName: 'PROD',
      ExecutionLogGroup: `API-Gateway-Execution-Logs_${ApiId}/PROD`,
    });
  });

  test('takes each payload byte by byte and answers with sequence number and shard alone', async () => {
    const sent = [...(await bodies('workshop')), ...(await bodies('everyday')), ...(await bodies('large'))];
    for (const body of sent) {
      const { status, text } = await post(body);
      expect(text).toMatch(/^\{"SequenceNumber":"\d{56}","ShardId":"shardId-000000000000"\}$/);
      expect(status).toBe(200);
    }
    expect(await streamed()).toEqual(sent);
  });

  test.each([
    ['is empty', ''],
    ['is an empty object', '{}'],
    ['is an array', '[1,2]'],
    ['is a number', '1'],
    ['is text', '"{}"'],
    ['is a form', 'value=30&type=Tip+3'],
  ])('answers 400 to a body that %s, and nothing comes into the stream', async (_what, body) => {
    const before = await streamed();
    expect(await post(body)).toEqual({
      status: 400,
      text: expect.stringContaining('{"message":"The body must be a JSON object, not empty, of at most 1 MiB."}'),
    });
    expect(await streamed()).toEqual(before);
  });

  test('answers 400 to JSON that is cut off, and nothing comes into the stream', async () => {
    const before = await streamed();
    expect(await post('{"value":')).toMatchObject({ status: 400 });
    expect(await streamed()).toEqual(before);
  });

  test('answers 400 to a record larger than Kinesis takes', async () => {
    expect(await post(JSON.stringify({ text: 'x'.repeat(1_048_576) }))).toMatchObject({ status: 400 });
  });

  test('answers 415 to what is not sent as JSON', async () => {
    expect(await post('{}', 'text/plain')).toEqual({ status: 415, text: '{"message":"Unsupported Media Type"}' });
  });

  test.each([
    ['Kinesis is full', 400, 'ProvisionedThroughputExceededException', 429, 'Too Many Requests'],
    ['the stream is gone', 400, 'ResourceNotFoundException', 500, 'Internal server error'],
    ['Kinesis fails', 500, 'InternalFailureException', 503, 'Service Unavailable'],
  ])('does not answer 200 when %s', async (_what, status, type, expected, message) => {
    const body = JSON.stringify({ __type: type, message: 'An error that a test put in.' });
    const headers = { 'Content-Type': 'application/x-amz-json-1.1' };
    const undo = aws.edge.use(async (request, { operation }, next) =>
      operation?.startsWith('PutRecord') ? { status, headers, body } : next(request),
    );
    const answer = await post('{"value":"30"}').finally(undo);
    expect(answer).toEqual({ status: expected, text: expect.stringContaining(`{"message":"${message}"}`) });
  });

  test('delivers what was posted, and the reader of a Korean day finds it', async () => {
    const createdtime = '2022-01-27T05:48:25.000Z';
    await aws.clock.travelTo(Date.parse(createdtime));
    const body = JSON.stringify({ value: '30', createdtime });
    expect(await post(body)).toMatchObject({ status: 200 });
    await aws.clock.advance(120_000);
    const s3 = aws.edge.access.client(S3Client);
    const { records } = await readKstDay({ s3, bucket: ingest.outputs.BucketName ?? '', day: '2022-01-27' });
    expect(records.map(({ text }) => text)).toContain(body);
    expect(records[0]?.key).toMatch(/^rawdata\/2022\/01\/27\/05\/ingest-delivery-1-2022-01-27-05-/);
    await aws.clock.real();
  });
});

describe('the ingest template, deployed again after LocalStack was lost', () => {
  test('gets back what was lost under the same names, and keeps its address', async () => {
    const before = ingest.outputs;
    await aws.loseLocalStack();
    aws.progress.length = 0;
    await ingest.redeploy();
    expect(aws.progress.toSorted()).toEqual([
      'ingest: made ApiLogRole (AWS::IAM::Role)',
      'ingest: made ApiRole (AWS::IAM::Role)',
      'ingest: made Bucket (AWS::S3::Bucket)',
      'ingest: made DeliveryRole (AWS::IAM::Role)',
      'ingest: made Stream (AWS::Kinesis::Stream)',
    ]);
    expect(ingest.outputs).toEqual(before);
    expect(await post('{"after":"the loss"}')).toMatchObject({ status: 200 });
    expect(await streamed()).toEqual(['{"after":"the loss"}']);
  });

  test('can be removed without a trace and deployed anew', async () => {
    await ingest.undeploy();
    expect(ingest.resources).toEqual([]);
    ingest = await deploy(await loadTemplate(TEMPLATE), aws.options);
    expect(await post('{"second":"life"}')).toMatchObject({ status: 200 });
  });
});
