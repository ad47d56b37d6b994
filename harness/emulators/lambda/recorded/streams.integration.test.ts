import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateStreamCommand, KinesisClient, PutRecordsCommand, waitUntilStreamExists } from '@aws-sdk/client-kinesis';
import {
  type CreateEventSourceMappingRequest,
  CreateFunctionCommand,
  DeleteEventSourceMappingCommand,
  GetEventSourceMappingCommand,
  GetFunctionCommand,
  ListEventSourceMappingsCommand,
  UpdateEventSourceMappingCommand,
  UpdateFunctionCodeCommand,
} from '@aws-sdk/client-lambda';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { sdk } from '../../../edge/testing.ts';
import type { RunningEngine } from '../../../engines/engine.ts';
import { nativeLocalStack } from '../../../engines/localstack/index.ts';
import { startEngine } from '../../../engines/testing.ts';
import { ROLE, ZIP } from '../testing.ts';
import { answer, FUNCTION, queueArn, type RecordedBench, recordedBench, refusal, refused, UUID } from './testing.ts';

/** Mappings of streams, and code in S3, as AWS was recorded; the streams and the bucket are LocalStack's. */
const STREAMS = 12;
const SHARD = 'shardId-000000000000';
const ISO = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

let rootDir: string;
let localstack: RunningEngine;
let bench: RecordedBench;
let kinesis: KinesisClient;
let stream: string;
let name: string;
let serial = 0;

beforeAll(async () => {
  rootDir = await mkdtemp(join(tmpdir(), 'naetmul-recorded-'));
  localstack = await startEngine(nativeLocalStack(), rootDir);
  bench = await recordedBench({ localstack: localstack.endpoint });
  kinesis = new KinesisClient(sdk(bench.url));
  // One for each test: none sees another's records.
  const names = Array.from({ length: STREAMS }, (_, n) => `brook-${n}`);
  await Promise.all(names.map((StreamName) => kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }))));
  const waiter = { client: kinesis, maxWaitTime: 30, minDelay: 1, maxDelay: 1 };
  await Promise.all(names.map((StreamName) => waitUntilStreamExists(waiter, { StreamName })));
  await bench.clock.hold();
});

afterAll(async () => {
  await bench?.[Symbol.asyncDispose]();
  await localstack?.stop();
  await rm(rootDir, { recursive: true, force: true });
});

beforeEach(() => {
  name = stream = `brook-${serial++}`;
});

/** A stream that nobody reads any more costs no time. */
afterEach(async () => {
  const { EventSourceMappings = [] } = await bench.lambda.send(new ListEventSourceMappingsCommand({}));
  for (const { UUID: made } of EventSourceMappings) {
    await bench.lambda.send(new DeleteEventSourceMappingCommand({ UUID: made }));
  }
});

const streamArn = () => `arn:aws:kinesis:us-east-1:000000000000:stream/${stream}`;

/** Puts texts as one producer would, each with its key. */
const put = (...records: readonly (readonly [string, string])[]) =>
  bench.clock.run('a producer', async () => {
    const Records = records.map(([PartitionKey, text]) => ({ PartitionKey, Data: Buffer.from(text) }));
    const { FailedRecordCount } = await kinesis.send(new PutRecordsCommand({ StreamName: stream, Records }));
    expect(FailedRecordCount ?? 0).toBe(0);
  });
const many = (count: number, key: string) => Array.from({ length: count }, (_, n) => [key, `${key}-${n}`] as const);

const node = (body: string, as = name) =>
  bench.node(as, `export const handler = async (event) => {\n  console.log(JSON.stringify(event));\n  ${body}\n};`);
const map = (changes: Partial<CreateEventSourceMappingRequest> = {}, as = name) =>
  bench.map(as, streamArn(), { StartingPosition: 'TRIM_HORIZON', MaximumBatchingWindowInSeconds: 1, ...changes });
const to = (queue: string) => ({ DestinationConfig: { OnFailure: { Destination: queueArn(queue) } } });
/** Lets what is due be done, and then time go by. */
async function pass(seconds: number): Promise<void> {
  await bench.clock.settled();
  await bench.clock.advance(seconds * 1000);
}

interface StreamEvent {
  readonly Records: readonly { readonly eventID: string; readonly kinesis: { readonly data: string } }[];
}
const seen = (as = name): StreamEvent[] =>
  bench.logOf(as).flatMap(({ message }) => {
    const json = /\tINFO\t(\{.*\})\n$/s.exec(message)?.[1];
    return json === undefined ? [] : [JSON.parse(json)];
  });
const textsOf = ({ Records }: StreamEvent) =>
  Records.map(({ kinesis: { data } }) => Buffer.from(data, 'base64').toString());
const texts = (as = name) => seen(as).map(textsOf);

/** The members of every recorded mapping of a stream. */
const shown = (members: object = {}) => ({
  BatchSize: 100,
  BisectBatchOnFunctionError: false,
  DestinationConfig: { OnFailure: {} },
  EventSourceArn: streamArn(),
  EventSourceMappingArn: expect.stringMatching(/^arn:aws:lambda:us-east-1:000000000000:event-source-mapping:/),
  FunctionArn: `${FUNCTION}:${name}`,
  FunctionResponseTypes: [],
  LastModified: expect.any(Date),
  LastProcessingResult: 'No records processed',
  MaximumBatchingWindowInSeconds: 0,
  MaximumRecordAgeInSeconds: -1,
  MaximumRetryAttempts: -1,
  ParallelizationFactor: 1,
  StartingPosition: 'LATEST',
  State: 'Creating',
  StateTransitionReason: 'User action',
  TumblingWindowInSeconds: 0,
  UUID: expect.stringMatching(UUID),
  ...members,
});

/** What a destination is told, in the recorded order of members. */
const failure = (condition: string, approximateInvokeCount: number, functionError?: string | null) => ({
  requestContext: {
    requestId: expect.stringMatching(UUID),
    functionArn: `${FUNCTION}:${name}`,
    condition,
    approximateInvokeCount,
  },
  ...(functionError === undefined
    ? {}
    : { responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError } }),
  version: '1.0',
  timestamp: ISO,
  KinesisBatchInfo: {
    shardId: SHARD,
    startSequenceNumber: expect.stringMatching(/^\d+$/),
    endSequenceNumber: expect.stringMatching(/^\d+$/),
    approximateArrivalOfFirstRecord: ISO,
    approximateArrivalOfLastRecord: ISO,
    batchSize: 1,
    streamArn: streamArn(),
  },
});
const told = async (queue: string) => (await bench.take(queue)).map(({ Body = '' }) => JSON.parse(Body));

describe('a mapping of a stream', () => {
  test('is shown with its defaults; its events hold records as AWS shows them', async () => {
    await node('');
    const { $metadata, ...made } = await bench.map(name, streamArn(), { StartingPosition: 'LATEST' });
    expect([$metadata.httpStatusCode, made]).toEqual([202, shown()]);
    await bench.clock.settled();
    await put(...Array.from({ length: 10 }, (_, n) => [`test_${n}`, 'hello'] as const));
    await pass(5);
    const records = seen().flatMap(({ Records }) => Records);
    expect(records).toHaveLength(10);
    const sequenceNumber = records[3]?.eventID.split(':')[1];
    expect(records[3]).toEqual({
      kinesis: {
        kinesisSchemaVersion: '1.0',
        partitionKey: 'test_3',
        sequenceNumber,
        data: 'aGVsbG8=',
        approximateArrivalTimestamp: expect.any(Number),
      },
      eventSource: 'aws:kinesis',
      eventVersion: '1.0',
      eventID: `${SHARD}:${sequenceNumber}`,
      eventName: 'aws:kinesis:record',
      invokeIdentityArn: ROLE,
      awsRegion: 'us-east-1',
      eventSourceARN: streamArn(),
    });
  });

  test('from TRIM_HORIZON begins with what was there, ten by ten, one batch after the other', async () => {
    await node('');
    for (const key of ['a', 'b', 'c']) await put(...many(10, key));
    expect(await answer(map({ BatchSize: 10, MaximumBatchingWindowInSeconds: 0 }))).toEqual(
      shown({ BatchSize: 10, StartingPosition: 'TRIM_HORIZON' }),
    );
    await pass(5);
    expect(texts()).toEqual(['a', 'b', 'c'].map((key) => many(10, key).map(([, text]) => text)));
  });

  test('reads no more when it is disabled', async () => {
    await node('');
    const { UUID: made } = await map();
    await put(...many(2, 'before'));
    await pass(5);
    await bench.lambda.send(new UpdateEventSourceMappingCommand({ UUID: made, Enabled: false }));
    const state = async () => (await bench.lambda.send(new GetEventSourceMappingCommand({ UUID: made }))).State;
    await expect.poll(state).toBe('Disabled');
    await put(...many(2, 'after'));
    await pass(60);
    expect(texts()).toEqual([['before-0', 'before-1']]);
  });

  test('is one of several that read the stream, each with a filter of its own', async () => {
    const other = `${name}-other`;
    const whole = `${name}-whole`;
    for (const as of [name, other, whole]) await node('', as);
    const type = (of: string) => ({ Filters: [{ Pattern: JSON.stringify({ data: { event_type: [of] } }) }] });
    expect(await answer(map({ FilterCriteria: type('function_1') }))).toMatchObject({
      FilterCriteria: type('function_1'),
    });
    await map({ FilterCriteria: type('function_2') }, other);
    await map({}, whole);
    const message = '{"event_type":"function_1","message":"foo"}';
    await put(['a', message]);
    await pass(5);
    expect([texts(), texts(other), texts(whole)]).toEqual([[[message]], [], [[message]]]);
  });

  test('of a function that answers nothing at all is well', async () => {
    const bootstrap = `#!/bin/sh
api="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation"
while true; do
  id=$(curl -sS -D - -o /dev/null "$api/next" | tr -d '\\r' | sed -n 's/^lambda-runtime-aws-request-id: //Ip')
  curl -sS -o /dev/null -X POST "$api/$id/response"
done
`;
    await bench.provided(name, bootstrap);
    const given = { BatchSize: 1, MaximumRetryAttempts: 2 };
    const { UUID: made } = await map(given);
    await put(['test', 'hello']);
    await pass(60);
    expect(bench.logOf(name).filter(({ message }) => message.startsWith('REPORT '))).toHaveLength(1);
    const result = await answer(bench.lambda.send(new GetEventSourceMappingCommand({ UUID: made })));
    expect(result).toEqual(
      shown({
        ...given,
        MaximumBatchingWindowInSeconds: 1,
        StartingPosition: 'TRIM_HORIZON',
        State: 'Enabled',
        LastProcessingResult: 'OK',
      }),
    );
  });
});

describe('a batch that fails', () => {
  test('is told to a queue when its retries are used up, where its records are and not what they say', async () => {
    await node("throw new Error('no');");
    await bench.queue(`${name}-failures`);
    const given = { BatchSize: 1, MaximumRetryAttempts: 1, ...to(`${name}-failures`) };
    expect(await answer(map(given))).toEqual(
      shown({ ...given, MaximumBatchingWindowInSeconds: 1, StartingPosition: 'TRIM_HORIZON' }),
    );
    await put(['custom', 'hello']);
    await pass(60);
    const [record, ...others] = await told(`${name}-failures`);
    expect([record, others]).toEqual([failure('RetryAttemptsExhausted', 2, 'Unhandled'), []]);
    const order = failure('RetryAttemptsExhausted', 2, 'Unhandled');
    expect(Object.keys(record)).toEqual(Object.keys(order));
    expect(Object.keys(record.KinesisBatchInfo)).toEqual(Object.keys(order.KinesisBatchInfo));
  });

  test('begins anew at the first record that the function names, and has all its retries again', async () => {
    await node(`
      const bad = event.Records.filter(({ kinesis }) => Buffer.from(kinesis.data, 'base64').includes('bad'));
      return { batchItemFailures: bad.map(({ kinesis }) => ({ itemIdentifier: kinesis.sequenceNumber })) };`);
    await bench.queue(`${name}-failures`);
    const FunctionResponseTypes = ['ReportBatchItemFailures' as const];
    await map({ BatchSize: 3, MaximumRetryAttempts: 3, FunctionResponseTypes, ...to(`${name}-failures`) });
    await put(['test_0', '0'], ['test_1', '1'], ['test_2', '2'], ['test_3', '3'], ['test_4', '4'], ['test_5', 'bad']);
    await pass(60);
    expect(texts()).toEqual([['0', '1', '2'], ['3', '4', 'bad'], ['bad'], ['bad'], ['bad'], ['bad']]);
    expect(await told(`${name}-failures`)).toEqual([failure('RetryAttemptsExhausted', 4, null)]);
  });

  const FunctionResponseTypes = ['ReportBatchItemFailures' as const];

  test('is none for a function that reports nothing, in whatever form', async () => {
    const forms = ["''", '[]', 'null', '{}', '{ batchItemFailures: [] }', '{ batchItemFailures: null }'];
    for (const [n, form] of forms.entries()) {
      await node(`return ${form};`, `${name}-${n}`);
      await map({ BatchSize: 1, MaximumRetryAttempts: 2, FunctionResponseTypes }, `${name}-${n}`);
    }
    await put(['test', 'hello']);
    await pass(60);
    for (const n of forms.keys()) expect([forms[n], texts(`${name}-${n}`)]).toEqual([forms[n], [['hello']]]);
  });

  test('is the whole batch for a function that names nothing of it, in whatever form', async () => {
    const forms = [
      'return { batchItemFailures: [{ itemIdentifier: 123 }] };',
      "return { batchItemFailures: [{ itemIdentifier: '' }] };",
      'return { batchItemFailures: [{ itemIdentifier: null }] };',
      'return { batchItemFailures: [{ foo: 123 }] };',
      'return { batchItemFailures: [{ foo: null }] };',
      "throw new Error('no');",
    ];
    const names = forms.map((_, n) => `${stream}-${n}`);
    for (const [n, as] of names.entries()) {
      await node(forms[n] ?? '', as);
      await bench.queue(`${as}-failures`);
      await map({ BatchSize: 1, MaximumRetryAttempts: 2, FunctionResponseTypes, ...to(`${as}-failures`) }, as);
    }
    await put(['test', 'hello']);
    await pass(60);
    for (const [n, as] of names.entries()) {
      name = as;
      const functionError = forms[n]?.startsWith('throw') ? 'Unhandled' : null;
      expect([forms[n], texts()]).toEqual([forms[n], [['hello'], ['hello'], ['hello']]]);
      expect(await told(`${as}-failures`)).toEqual([failure('RetryAttemptsExhausted', 3, functionError)]);
    }
  });
});

describe('a record that gets too old', () => {
  const MaximumRecordAgeInSeconds = 60;

  test('while its batch is retried is given up', async () => {
    await node("throw new Error('no');");
    await bench.queue(`${name}-failures`);
    await map({ BatchSize: 1, MaximumRecordAgeInSeconds, ...to(`${name}-failures`) });
    await put(['test', 'stream-data']);
    await pass(180);
    expect(await told(`${name}-failures`)).toEqual([failure('RecordAgeExceeded', 8)]);
  });

  test('before it is read never reaches the function, those after it do', async () => {
    await put(['test', 'old']);
    await pass(80);
    await node('');
    await bench.queue(`${name}-failures`);
    await put(...many(5, 'test'));
    const given = { BatchSize: 10, MaximumRetryAttempts: 0, MaximumRecordAgeInSeconds };
    expect(await answer(map({ ...given, ...to(`${name}-failures`) }))).toEqual(
      shown({
        ...given,
        ...to(`${name}-failures`),
        MaximumBatchingWindowInSeconds: 1,
        StartingPosition: 'TRIM_HORIZON',
      }),
    );
    await pass(30);
    expect(await told(`${name}-failures`)).toEqual([failure('RecordAgeExceeded', 1)]);
    expect(texts()).toEqual([many(5, 'test').map(([, text]) => text)]);
  });
});

describe('what is refused', () => {
  test('a second mapping, a stream that is not there, and a mapping that says not where to begin', async () => {
    await node('');
    const { UUID: first } = await map();
    expect(await refused(map())).toEqual(
      refusal.conflict(
        `The event source arn (" ${streamArn()} ") and function (" ${name} ") provided mapping already exists. Please update or delete the existing mapping with UUID ${first}`,
      ),
    );
    const nothing = 'arn:aws:kinesis:us-east-1:000000000000:stream/nothing';
    const from = (StartingPosition?: string) =>
      refused(bench.map(name, nothing, { StartingPosition: StartingPosition as 'LATEST' }));
    expect(await from('LATEST')).toEqual(refusal.invalid(`Stream not found: ${nothing}`));
    expect(await from()).toEqual(
      refusal.invalid(
        "1 validation error detected: Value null at 'startingPosition' failed to satisfy constraint: Member must not be null.",
      ),
    );
    expect(await from('invalid')).toEqual(
      refusal.violation(
        "Value 'invalid' at 'startingPosition' failed to satisfy constraint: Member must satisfy enum value set: [LATEST, AT_TIMESTAMP, TRIM_HORIZON]",
      ),
    );
  });
});

describe('code in S3', () => {
  test('is fetched, shown at a location of its own, and updated; what is not there is told in S3’s words', async () => {
    const s3 = new S3Client({ ...sdk(bench.url), forcePathStyle: true });
    await s3.send(new CreateBucketCommand({ Bucket: 'brooks' }));
    await s3.send(new PutObjectCommand({ Bucket: 'brooks', Key: 'function.zip', Body: ZIP }));
    const create = (S3Bucket: string, S3Key: string) =>
      bench.lambda.send(
        new CreateFunctionCommand({
          FunctionName: name,
          Role: ROLE,
          Runtime: 'nodejs24.x',
          Handler: 'index.handler',
          Code: { S3Bucket, S3Key },
        }),
      );
    const noBucket = refusal.invalid(
      'Error occurred while GetObject. S3 Error Code: NoSuchBucket. S3 Error Message: The specified bucket does not exist',
    );
    const noKey = refusal.invalid(
      'Error occurred while GetObject. S3 Error Code: NoSuchKey. S3 Error Message: The specified key does not exist.',
    );
    expect(await refused(create('no-such-brooks', 'function.zip'))).toEqual(noBucket);
    expect(await refused(create('brooks', 'nothing.zip'))).toEqual(noKey);
    expect((await create('brooks', 'function.zip')).CodeSize).toBe(ZIP.length);
    expect((await bench.invoke(name, { a: 1 })).payload).toEqual({ a: 1 });
    const { Code } = await bench.lambda.send(new GetFunctionCommand({ FunctionName: name }));
    expect(Code?.RepositoryType).toBe('S3');
    expect(Buffer.from(await (await fetch(Code?.Location ?? '')).arrayBuffer())).toEqual(ZIP);
    const update = (S3Bucket: string, S3Key: string) =>
      bench.lambda.send(new UpdateFunctionCodeCommand({ FunctionName: name, S3Bucket, S3Key }));
    expect(await refused(update('no-such-brooks', 'function.zip'))).toEqual(noBucket);
    expect(await refused(update('brooks', 'nothing.zip'))).toEqual(noKey);
    expect((await update('brooks', 'function.zip')).LastUpdateStatus).toBe('InProgress');
  });
});
