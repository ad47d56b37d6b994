import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CreateStreamCommand, KinesisClient, PutRecordCommand, waitUntilStreamExists } from '@aws-sdk/client-kinesis';
import {
  CreateEventSourceMappingCommand,
  CreateFunctionCommand,
  type CreateFunctionRequest,
  DeleteEventSourceMappingCommand,
  GetEventSourceMappingCommand,
  InvokeCommand,
  type InvokeCommandInput,
  LambdaClient,
  PutFunctionEventInvokeConfigCommand,
  UpdateFunctionCodeCommand,
} from '@aws-sdk/client-lambda';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateQueueCommand, ReceiveMessageCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createRandom } from '../../clock/index.ts';
import type { EmulatorContext } from '../../edge/emulator.ts';
import { sdk, testEdge } from '../../edge/testing.ts';
import type { RunningEngine } from '../../engines/engine.ts';
import { localstackTool, nativeLocalStack } from '../../engines/localstack/index.ts';
import { startEngine } from '../../engines/testing.ts';
import { FaultPlan } from '../../faults/index.ts';
import { checkConservation, LedgerStore } from '../../ledger/index.ts';
import { createSqs } from '../sqs/index.ts';
import { createLambda } from './index.ts';
import { ROLE, zipOf } from './testing.ts';

const run = promisify(execFile);

let rootDir: string;
let localstack: RunningEngine;
let bench: Awaited<ReturnType<typeof startBench>>;
let serial = 0;

beforeAll(async () => {
  rootDir = await mkdtemp(join(tmpdir(), 'naetmul-lambda-'));
  localstack = await startEngine(nativeLocalStack(), join(rootDir, 'localstack'));
});

afterAll(async () => {
  await localstack?.stop();
  await rm(rootDir, { recursive: true, force: true });
});

beforeEach(async () => {
  bench = await startBench();
});

afterEach(() => bench.stop());

/** Lambda and SQS at an edge before LocalStack, on their own. */
async function startBench() {
  const name = `brook-${serial++}`;
  const dataDir = join(rootDir, name);
  await mkdir(dataDir);
  const holder: { ledger?: LedgerStore } = {};
  const edge = await testEdge({
    upstream: () => localstack.endpoint,
    ledger: { append: (entry, t) => (holder.ledger as LedgerStore).append(entry, t) },
  });
  const ledger = new LedgerStore(':memory:', () => edge.clock.now());
  holder.ledger = ledger;
  const lines: string[] = [];
  const context: EmulatorContext = {
    clock: edge.clock,
    random: createRandom(name),
    ledger,
    aws: edge.edge.access,
    dataDir,
    log: { info() {}, warn() {}, error() {} },
    defaults: { region: 'us-east-1', accountId: '000000000000' },
  };
  const metrics = { count: () => undefined };
  const sqs = createSqs(context, { metrics });
  const faults = new FaultPlan();
  const lambda = createLambda(context, {
    metrics,
    logs: { put: (_group, _stream, events) => void lines.push(...events.map(({ message }) => message)) },
    queues: sqs.watch,
    faults,
    edgeUrl: () => edge.url,
  });
  edge.edge.register(sqs);
  edge.edge.register(lambda);
  return {
    name,
    dataDir,
    url: edge.url,
    clock: edge.clock,
    ledger,
    lines,
    faults,
    held: () => [...(lambda.held?.() ?? []), ...(sqs.held?.() ?? [])],
    lambda: new LambdaClient(sdk(edge.url)),
    sqs: new SQSClient(sdk(edge.url)),
    s3: new S3Client({ ...sdk(edge.url), forcePathStyle: true }),
    kinesis: new KinesisClient(sdk(edge.url)),
    async stop() {
      await lambda.stop?.();
      await sqs.stop?.();
      await edge[Symbol.asyncDispose]();
    },
  };
}

const ECHO = 'export const handler = async (event) => ({ echo: event });\n';
const zipped = (source: string) => zipOf({ name: 'index.mjs', content: source });

async function create(source: string, changes: Partial<CreateFunctionRequest> = {}): Promise<string> {
  const { FunctionArn = '' } = await bench.lambda.send(
    new CreateFunctionCommand({
      FunctionName: 'worker',
      Role: ROLE,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Code: { ZipFile: zipped(source) },
      ...changes,
    }),
  );
  return FunctionArn;
}

async function invoke(payload: unknown, input: Partial<InvokeCommandInput> = {}) {
  const { Payload, LogResult, ...answer } = await bench.lambda.send(
    new InvokeCommand({ FunctionName: 'worker', Payload: Buffer.from(JSON.stringify(payload)), ...input }),
  );
  const text = Buffer.from(Payload ?? []).toString();
  return {
    ...answer,
    payload: text === '' ? undefined : JSON.parse(text),
    log: Buffer.from(LogResult ?? '', 'base64').toString(),
  };
}

async function createQueue(name: string, attributes: Record<string, string> = {}): Promise<string> {
  const { QueueUrl = '' } = await bench.sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }));
  return QueueUrl;
}

const queueArn = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`;

/** Runs a program of LocalStack's virtual environment against the edge. */
async function tool(name: 'python' | 'aws', ...args: string[]): Promise<string> {
  const { stdout } = await run(localstackTool(name), args, {
    env: {
      HOME: bench.dataDir,
      PATH: process.env.PATH,
      AWS_ENDPOINT_URL: bench.url,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_DEFAULT_REGION: 'us-east-1',
    },
  });
  return stdout;
}

describe('code', () => {
  test('from a zip file runs, and its log can be read', async () => {
    await create("export const handler = async (event) => { console.log('물'); return { echo: event }; };\n");
    const { payload, log, StatusCode } = await invoke({ a: 1 }, { LogType: 'Tail' });
    expect([StatusCode, payload]).toEqual([200, { echo: { a: 1 } }]);
    expect(log).toMatch(/START RequestId: .*\tINFO\t물\nEND RequestId: .*\nREPORT RequestId: /s);
    expect(bench.lines.some((line) => line.includes('\tINFO\t물'))).toBe(true);
  });

  test('from an S3 object runs', async () => {
    await bench.s3.send(new CreateBucketCommand({ Bucket: bench.name }));
    await bench.s3.send(new PutObjectCommand({ Bucket: bench.name, Key: 'worker.zip', Body: zipped(ECHO) }));
    await create('', { Code: { S3Bucket: bench.name, S3Key: 'worker.zip' } });
    expect((await invoke([1])).payload).toEqual({ echo: [1] });
    const elsewhere = (S3Bucket: string, S3Key: string) =>
      create('', { FunctionName: 'other', Code: { S3Bucket, S3Key } });
    await expect(elsewhere(bench.name, 'none')).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
      message:
        'Error occurred while GetObject. S3 Error Code: NoSuchKey. S3 Error Message: The specified key does not exist.',
    });
    await expect(elsewhere(`${bench.name}-none`, 'none')).rejects.toMatchObject({
      message:
        'Error occurred while GetObject. S3 Error Code: NoSuchBucket. S3 Error Message: The specified bucket does not exist',
    });
  });

  test('in a folder of this machine takes effect as soon as it is changed', async () => {
    const folder = join(bench.dataDir, 'src');
    await mkdir(folder);
    await writeFile(join(folder, 'index.mjs'), "export const handler = async () => 'first';\n");
    await create('', { Code: { S3Bucket: 'hot-reload', S3Key: folder } });
    expect((await invoke({})).payload).toBe('first');
    await writeFile(join(folder, 'index.mjs'), "export const handler = async () => 'second one';\n");
    expect((await invoke({})).payload).toBe('second one');
  });

  test('that is replaced is gone at the next invocation', async () => {
    await create("export const handler = async () => 'first';\n");
    expect((await invoke({})).payload).toBe('first');
    const ZipFile = zipped("export const handler = async () => 'second';\n");
    await bench.lambda.send(new UpdateFunctionCodeCommand({ FunctionName: 'worker', ZipFile }));
    expect((await invoke({})).payload).toBe('second');
  });
});

test('a function that throws is a successful call with an error in it', async () => {
  await create("export const handler = async () => { throw new RangeError('no'); };\n");
  const { StatusCode, FunctionError, payload } = await invoke({});
  expect([StatusCode, FunctionError]).toEqual([200, 'Unhandled']);
  expect(payload).toMatchObject({ errorType: 'RangeError', errorMessage: 'no' });
});

test('an event that fails is tried again after one and two minutes, and then told to its destination', async () => {
  await bench.clock.hold();
  await create("export const handler = async () => { console.log('tried'); throw new Error('never'); };\n");
  const url = await createQueue('dead');
  const OnFailure = { Destination: queueArn('dead') };
  const config = { FunctionName: 'worker', DestinationConfig: { OnFailure } };
  await bench.lambda.send(new PutFunctionEventInvokeConfigCommand(config));
  const { StatusCode, $metadata } = await invoke({ order: 7 }, { InvocationType: 'Event' });
  expect(StatusCode).toBe(202);
  const tried = () => bench.lines.filter((line) => line.includes('\tINFO\ttried')).length;
  await bench.clock.settled();
  expect(tried()).toBe(1);
  await bench.clock.advance(60_000);
  expect(tried()).toBe(2);
  await bench.clock.advance(120_000);
  expect(tried()).toBe(3);
  const { Messages = [] } = await bench.sqs.send(new ReceiveMessageCommand({ QueueUrl: url }));
  expect(JSON.parse(Messages[0]?.Body ?? '')).toMatchObject({
    requestContext: { requestId: $metadata.requestId, condition: 'RetriesExhausted', approximateInvokeCount: 3 },
    requestPayload: { order: 7 },
    responsePayload: { errorMessage: 'never' },
  });
});

describe('event source mappings', () => {
  test('hand a queue’s messages over, and only those that failed come again', async () => {
    await bench.clock.auto();
    await createQueue('events', { VisibilityTimeout: '30' });
    await create(`export const handler = async ({ Records }) => {
      for (const { body } of Records) console.log('saw ' + body);
      const bad = Records.filter(({ body, attributes }) => body === 'bad' && attributes.ApproximateReceiveCount === '1');
      return { batchItemFailures: bad.map(({ messageId }) => ({ itemIdentifier: messageId })) };
    };`);
    const mapping = await bench.lambda.send(
      new CreateEventSourceMappingCommand({
        FunctionName: 'worker',
        EventSourceArn: queueArn('events'),
        FunctionResponseTypes: ['ReportBatchItemFailures'],
      }),
    );
    const QueueUrl = `${bench.url}/000000000000/events`;
    const Entries = ['good', 'bad', 'fine'].map((MessageBody, n) => ({ Id: `${n}`, MessageBody }));
    await bench.sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    const seen = () => bench.lines.flatMap((line) => /\tsaw (\w+)/.exec(line)?.[1] ?? []).sort();
    await expect.poll(seen, { timeout: 20_000 }).toEqual(['bad', 'bad', 'fine', 'good']);
    await expect
      .poll(() => checkConservation(bench.ledger, bench.held()), { timeout: 10_000 })
      .toMatchObject({ ok: true, held: 0 });
    const at = { UUID: mapping.UUID };
    await bench.lambda.send(new DeleteEventSourceMappingCommand(at));
    await expect
      .poll(() => bench.lambda.send(new GetEventSourceMappingCommand(at)).catch(({ name }: Error) => name))
      .toBe('ResourceNotFoundException');
  });

  test('hand a stream’s records over', async () => {
    await bench.kinesis.send(new CreateStreamCommand({ StreamName: bench.name, ShardCount: 1 }));
    await waitUntilStreamExists({ client: bench.kinesis, maxWaitTime: 30 }, { StreamName: bench.name });
    await create(`export const handler = async ({ Records }) => {
      for (const { kinesis } of Records) console.log('saw ' + Buffer.from(kinesis.data, 'base64'));
    };`);
    const EventSourceArn = `arn:aws:kinesis:us-east-1:000000000000:stream/${bench.name}`;
    const { UUID } = await bench.lambda.send(
      new CreateEventSourceMappingCommand({
        FunctionName: 'worker',
        EventSourceArn,
        StartingPosition: 'TRIM_HORIZON',
      }),
    );
    const Data = Buffer.from('record');
    await bench.kinesis.send(new PutRecordCommand({ StreamName: bench.name, PartitionKey: 'a', Data }));
    await expect.poll(() => bench.lines.some((line) => line.includes('\tsaw record')), { timeout: 20_000 }).toBe(true);
    const result = async () =>
      (await bench.lambda.send(new GetEventSourceMappingCommand({ UUID }))).LastProcessingResult;
    await expect.poll(result, { timeout: 10_000 }).toBe('OK');
  });

  test('need a queue and a stream that are there', async () => {
    await create(ECHO);
    const map = (EventSourceArn: string, more: object = {}) =>
      bench.lambda.send(new CreateEventSourceMappingCommand({ FunctionName: 'worker', EventSourceArn, ...more }));
    await expect(map(queueArn('nothing'))).rejects.toMatchObject({
      message:
        'Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. SQS Error Message: The specified queue does not exist.',
    });
    const stream = 'arn:aws:kinesis:us-east-1:000000000000:stream/nothing';
    await expect(map(stream, { StartingPosition: 'LATEST' })).rejects.toMatchObject({
      message: `Stream not found: ${stream}`,
    });
    await createQueue('quick', { VisibilityTimeout: '2' });
    await expect(map(queueArn('quick'))).rejects.toMatchObject({
      message: 'Queue visibility timeout: 2 seconds is less than Function timeout: 3 seconds',
    });
    await createQueue('events');
    const FilterCriteria = { Filters: [{ Pattern: '{"body": "no list"}' }] };
    await expect(map(queueArn('events'), { FilterCriteria })).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
    });
  });
});

describe('other clients', () => {
  test('the AWS CLI makes, waits for, invokes and maps a function', async () => {
    const file = join(bench.dataDir, 'worker.zip');
    const out = join(bench.dataDir, 'out.json');
    await writeFile(file, zipped(ECHO));
    await createQueue('events');
    const named = ['--function-name', 'worker'];
    const code = ['--zip-file', `fileb://${file}`, '--handler', 'index.handler', '--runtime', 'nodejs22.x'];
    const created = JSON.parse(await tool('aws', 'lambda', 'create-function', ...named, '--role', ROLE, ...code));
    expect(created).toMatchObject({ State: 'Pending', FunctionName: 'worker' });
    await tool('aws', 'lambda', 'wait', 'function-active-v2', ...named);
    const payload = ['--payload', '{"a":1}', '--log-type', 'Tail'];
    const invoked = JSON.parse(await tool('aws', 'lambda', 'invoke', ...named, ...payload, out));
    expect(invoked).toMatchObject({ StatusCode: 200, ExecutedVersion: '$LATEST', LogResult: expect.any(String) });
    const source = ['--event-source-arn', queueArn('events')];
    const mapping = JSON.parse(await tool('aws', 'lambda', 'create-event-source-mapping', ...named, ...source));
    expect(mapping).toMatchObject({ State: 'Creating', BatchSize: 10, FunctionArn: created.FunctionArn });
    const { EventSourceMappings } = JSON.parse(await tool('aws', 'lambda', 'list-event-source-mappings', ...named));
    expect(EventSourceMappings).toMatchObject([{ UUID: mapping.UUID, State: 'Enabled' }]);
  });

  test('boto3 reads answers, bytes and errors', async () => {
    await create(ECHO);
    const script = join(bench.dataDir, 'client.py');
    await writeFile(
      script,
      [
        'import boto3, json',
        'client = boto3.client("lambda")',
        'answer = client.invoke(FunctionName="worker", Payload=b\'{"a": 1}\', LogType="Tail")',
        'event = client.invoke(FunctionName="worker", InvocationType="Event")',
        'dry = client.invoke(FunctionName="worker", InvocationType="DryRun")',
        'try:',
        '  client.get_function(FunctionName="nobody")',
        'except client.exceptions.ResourceNotFoundException as error:',
        '  missing = error.response',
        'mappings = [page for page in client.get_paginator("list_event_source_mappings").paginate()]',
        'print(json.dumps({',
        '  "payload": json.loads(answer["Payload"].read()),',
        '  "codes": [answer["StatusCode"], event["StatusCode"], dry["StatusCode"]],',
        '  "error": missing["Error"], "message": missing["Message"], "type": missing["Type"],',
        '  "mappings": len(mappings[0]["EventSourceMappings"]),',
        '  "settings": client.get_account_settings()["AccountLimit"]["ConcurrentExecutions"],',
        '}))',
      ].join('\n'),
    );
    const message = 'Function not found: arn:aws:lambda:us-east-1:000000000000:function:nobody';
    expect(JSON.parse(await tool('python', script))).toEqual({
      payload: { echo: { a: 1 } },
      codes: [200, 202, 204],
      error: { Code: 'ResourceNotFoundException', Message: message },
      message,
      type: 'User',
      mappings: 0,
      settings: 1000,
    });
  });
});
