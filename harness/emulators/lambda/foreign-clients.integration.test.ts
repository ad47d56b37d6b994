import { createHash } from 'node:crypto';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { lambdaPython } from '../../engines/lambda-python/index.ts';
import { localstackTool } from '../../engines/localstack/index.ts';
import { cacheFolder } from '../../engines/setup/cache-folder.ts';
import { ACCOUNT, type Answer, type Bench, foreignBench, REGION, type Zip } from './foreign-clients/bench.ts';
import { attachDebugger } from './foreign-clients/debugger.ts';

/** What others have written and people use with AWS: boto3, the AWS CLI of version 1, a debugger's protocol. */
let bench: Bench;
let zip: Zip;
/** Of the function of a test. */
let name: string;
let serial = 0;

const debuggers: string[] = [];

beforeAll(async () => {
  const context = { cacheDir: cacheFolder(), offline: false, progress: () => undefined };
  const { signal } = new AbortController();
  bench = await foreignBench({
    tool: localstackTool,
    python: (runtime) => lambdaPython({ ...context, signal }, runtime),
    inspect: { functionName: 'inspected', port: 0, listens: (address) => void debuggers.push(address) },
  });
  await bench.clock.hold();
  zip = await bench.zip('index.mjs', SOURCE);
});
afterAll(() => bench?.[Symbol.asyncDispose]());
beforeEach(() => {
  name = `worker-${serial++}`;
});

const SOURCE = `
export const handler = async (event, context) => {
  console.log('saw', JSON.stringify(event));
  if (event.wrong) throw new TypeError('no such thing');
  if (event.exit) process.exit(3);
  if (event.hang) await new Promise((resolve) => setTimeout(resolve, 60_000));
  return { echo: event, greeting: process.env.GREETING, memory: context.memoryLimitInMB };
};
`;
/** Fails what is bad, and says how often each message was seen. */
const CONSUMER = `
export const handler = async ({ Records }) => {
  for (const { body, attributes } of Records) console.log('saw', body, attributes.ApproximateReceiveCount);
  const bad = Records.filter(({ body }) => body.startsWith('bad'));
  return { batchItemFailures: bad.map(({ messageId }) => ({ itemIdentifier: messageId })) };
};
`;
const ROLE = `arn:aws:iam::${ACCOUNT}:role/worker`;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const uuid = expect.stringMatching(UUID);
const arnOf = (functionName: string) => `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${functionName}`;
const queueArn = (queue: string) => `arn:aws:sqs:${REGION}:${ACCOUNT}:${queue}`;
const queueUrl = (queue: string) => `${bench.url}/${ACCOUNT}/${queue}`;
const md5 = (text: string) => createHash('md5').update(text).digest('hex');
const jsonOf = (payload: { readonly base64: string }) => JSON.parse(Buffer.from(payload.base64, 'base64').toString());

/** What describes the function of a test, in the order of time: created, settled. */
const described = (changes: object = {}) => ({
  FunctionName: name,
  FunctionArn: arnOf(name),
  Runtime: 'nodejs22.x',
  Role: ROLE,
  Handler: 'index.handler',
  CodeSize: zip.size,
  CodeSha256: zip.sha256,
  Description: '',
  Timeout: 3,
  MemorySize: 128,
  LastModified: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/),
  Version: '$LATEST',
  TracingConfig: { Mode: 'PassThrough' },
  RevisionId: uuid,
  PackageType: 'Zip',
  Architectures: [process.arch === 'arm64' ? 'arm64' : 'x86_64'],
  EphemeralStorage: { Size: 512 },
  SnapStart: { ApplyOn: 'None', OptimizationStatus: 'Off' },
  RuntimeVersionConfig: { RuntimeVersionArn: expect.stringMatching(/^arn:aws:lambda:us-east-1::runtime:/) },
  LoggingConfig: { LogFormat: 'Text', LogGroup: `/aws/lambda/${name}` },
  ...changes,
});
const CREATING = { State: 'Pending', StateReason: 'The function is being created.', StateReasonCode: 'Creating' };
const READY = { State: 'Active', LastUpdateStatus: 'Successful' };

const mapped = (UUID: unknown, queue: string, changes: object) => ({
  UUID,
  BatchSize: 10,
  MaximumBatchingWindowInSeconds: 0,
  EventSourceArn: queueArn(queue),
  FunctionArn: arnOf(name),
  LastModified: expect.anything(),
  StateTransitionReason: 'USER_INITIATED',
  FunctionResponseTypes: ['ReportBatchItemFailures'],
  EventSourceMappingArn: expect.stringMatching(`^arn:aws:lambda:${REGION}:${ACCOUNT}:event-source-mapping:`),
  ...changes,
});

/** Lets time go by, and ends all that is then due. */
async function pass(seconds = 0): Promise<void> {
  await bench.clock.settled();
  if (seconds > 0) await bench.clock.advance(seconds * 1000);
}

describe('boto3', () => {
  const lambda = (call: string, input: object = {}) =>
    bench.boto3('lambda', call, {
      ...(/^(list_functions|get_account)/.test(call) ? {} : { FunctionName: name }),
      ...input,
    });
  const create = (changes: object = {}) =>
    lambda('create_function', {
      Runtime: 'nodejs22.x',
      Role: ROLE,
      Handler: 'index.handler',
      Code: { ZipFile: zip.bytes },
      ...changes,
    });
  const invoke = (event: unknown, input: object = {}) =>
    lambda('invoke', { Payload: { base64: Buffer.from(JSON.stringify(event)).toString('base64') }, ...input });
  const messages = async () =>
    (
      await bench.boto3('logs', 'filter_log_events', { logGroupName: `/aws/lambda/${name}`, filterPattern: 'saw' })
    ).events.map(({ message }: { readonly message: string }) => message.split('\t').at(-1)?.trim());

  test('creates a function from a zip file, waits for it, and reads it back', async () => {
    const settings = { Environment: { Variables: { GREETING: '안녕' } }, Timeout: 5, Description: 'echoes' };
    expect(await create({ ...settings, Tags: { team: 'brook' } })).toEqual(described({ ...settings, ...CREATING }));
    await bench.boto3('lambda', 'wait', { FunctionName: name }, 'function_active_v2');
    const now = described({ ...settings, ...READY });
    expect(await lambda('get_function_configuration')).toEqual(now);
    const got = await lambda('get_function');
    expect(got).toEqual({
      Configuration: now,
      Code: { RepositoryType: 'S3', Location: expect.stringMatching(/^http:/) },
      Tags: { team: 'brook' },
    });
    const code = Buffer.from(await (await fetch(got.Code.Location)).arrayBuffer());
    expect(code).toEqual(await readFile(zip.file));
    const { Functions } = await bench.boto3('lambda', 'pages', { PaginationConfig: { PageSize: 1 } }, 'list_functions');
    const { RuntimeVersionConfig: _, ...listed } = described(settings);
    expect(Functions).toContainEqual(listed);
    await bench.boto3('lambda', 'delete_function', { FunctionName: name });
    expect(await bench.boto3Raises('lambda', 'get_function', { FunctionName: name })).toMatchObject({
      class: 'ResourceNotFoundException',
    });
  });

  test('invokes: an answer with its log, an event, a dry run', async () => {
    await create({ Environment: { Variables: { GREETING: '안녕' } } });
    const { Payload, LogResult, ...answer } = await invoke({ 물: '🌊' }, { LogType: 'Tail' });
    expect(answer).toEqual({ StatusCode: 200, ExecutedVersion: '$LATEST' });
    expect(jsonOf(Payload)).toEqual({ echo: { 물: '🌊' }, greeting: '안녕', memory: '128' });
    expect(Buffer.from(LogResult, 'base64').toString().split('\n')).toEqual([
      expect.stringMatching(/^START RequestId: \S{36} Version: \$LATEST$/),
      expect.stringMatching(/^\S+Z\t\S{36}\tINFO\tsaw {"물":"🌊"}$/),
      expect.stringMatching(/^END RequestId: \S{36}$/),
      expect.stringMatching(
        /^REPORT RequestId: \S{36}\tDuration: .* ms\tMemory Size: 128 MB\t.*Init Duration: .* ms\t$/,
      ),
      '',
    ]);
    const nothing = { base64: '' };
    expect(await invoke({ n: 2 }, { InvocationType: 'Event' })).toEqual({ StatusCode: 202, Payload: nothing });
    expect(await invoke({ n: 3 }, { InvocationType: 'DryRun' })).toEqual({ StatusCode: 204, Payload: nothing });
    await pass();
    expect(await messages()).toEqual(['saw {"물":"🌊"}', 'saw {"n":2}']);
  });

  test('gets what goes wrong in a function as an answer', async () => {
    await create({ Timeout: 1 });
    const failed = async (event: object) => {
      const { Payload, ...answer } = await invoke(event);
      expect(answer).toEqual({ StatusCode: 200, FunctionError: 'Unhandled', ExecutedVersion: '$LATEST' });
      return jsonOf(Payload);
    };
    expect(await failed({ wrong: true })).toEqual({
      errorType: 'TypeError',
      errorMessage: 'no such thing',
      trace: expect.arrayContaining(['TypeError: no such thing']),
    });
    expect(await failed({ exit: true })).toEqual({
      errorType: 'Runtime.ExitError',
      errorMessage: expect.stringMatching(/^RequestId: \S{36} Error: Runtime exited with error: exit status 3$/),
    });
    expect(await failed({ hang: true })).toEqual({
      errorType: 'Sandbox.Timedout',
      errorMessage: expect.stringMatching(/^RequestId: \S{36} Error: Task timed out after 1\.00 seconds$/),
    });
  });

  test.each([
    { call: 'get_function', status: 404, exception: 'ResourceNotFoundException', message: 'Function not found: $ARN' },
    {
      call: 'invoke',
      status: 404,
      exception: 'ResourceNotFoundException',
      message: 'Function not found: $ARN:$LATEST',
    },
    {
      call: 'create_function',
      input: { Role: ROLE, Runtime: 'nodejs22.x', Handler: 'a.b', Code: { ZipFile: { base64: 'AAAA' } } },
      status: 400,
      exception: 'InvalidParameterValueException',
      message: 'Could not unzip uploaded file. Please check your file, then try to upload again.',
    },
    {
      call: 'put_function_concurrency',
      input: { ReservedConcurrentExecutions: 1 },
      status: 404,
      exception: 'ResourceNotFoundException',
      message: 'Function not found: $ARN:$LATEST',
    },
    {
      call: 'create_event_source_mapping',
      input: { EventSourceArn: queueArn('none') },
      status: 400,
      exception: 'InvalidParameterValueException',
      message: 'Function does not exist',
    },
  ])('raises $exception where $call is refused', async ({ call, input, status, exception, message }) => {
    const { response, ...raised } = await bench.boto3Raises('lambda', call, { FunctionName: name, ...input });
    expect(raised.class).toBe(exception);
    expect(response?.Error).toEqual({ Code: exception, Message: message.replace('$ARN', arnOf(name)) });
    expect(response?.ResponseMetadata.HTTPStatusCode).toBe(status);
  });

  test('updates code and configuration; the next invocation has both', async () => {
    await create();
    await invoke({});
    const next = await bench.zip('index.mjs', SOURCE.replace('echo:', 'again:'));
    const code = { CodeSize: next.size, CodeSha256: next.sha256 };
    const UPDATING = {
      State: 'Active',
      LastUpdateStatus: 'InProgress',
      LastUpdateStatusReason: 'The function is being created.',
      LastUpdateStatusReasonCode: 'Creating',
    };
    expect(await lambda('update_function_code', { ZipFile: next.bytes })).toEqual(described({ ...code, ...UPDATING }));
    await bench.boto3('lambda', 'wait', { FunctionName: name }, 'function_updated_v2');
    const settings = { MemorySize: 256, Timeout: 7, Environment: { Variables: { GREETING: 'hi' } } };
    expect(await lambda('update_function_configuration', settings)).toEqual(
      described({ ...code, ...settings, ...UPDATING }),
    );
    await bench.boto3('lambda', 'wait', { FunctionName: name }, 'function_updated_v2');
    expect(await lambda('get_function_configuration')).toEqual(described({ ...code, ...settings, ...READY }));
    expect(jsonOf((await invoke({})).Payload)).toEqual({ again: {}, greeting: 'hi', memory: '256' });
  });

  test('tags, permits, and reserves', async () => {
    await create({ Tags: { a: '1' } });
    const Resource = arnOf(name);
    const tags = (call: string, input: object = {}) => bench.boto3('lambda', call, { Resource, ...input });
    await tags('tag_resource', { Tags: { b: '2', c: '3' } });
    await tags('untag_resource', { TagKeys: ['a', 'c'] });
    expect(await tags('list_tags')).toEqual({ Tags: { b: '2' } });

    const SourceArn = 'arn:aws:s3:::brook';
    const statement = {
      Sid: 's3',
      Effect: 'Allow',
      Principal: { Service: 's3.amazonaws.com' },
      Action: 'lambda:InvokeFunction',
      Resource,
      Condition: { ArnLike: { 'AWS:SourceArn': SourceArn } },
    };
    const permission = { StatementId: 's3', Action: 'lambda:InvokeFunction', Principal: 's3.amazonaws.com', SourceArn };
    expect(JSON.parse((await lambda('add_permission', permission)).Statement)).toEqual(statement);
    const { Policy, RevisionId } = await lambda('get_policy');
    expect(RevisionId).toMatch(UUID);
    expect(JSON.parse(Policy)).toEqual({ Version: '2012-10-17', Id: 'default', Statement: [statement] });
    const again = await bench.boto3Raises('lambda', 'add_permission', { FunctionName: name, ...permission });
    expect([again.class, again.response?.Error.Message]).toEqual([
      'ResourceConflictException',
      'The statement id (s3) provided already exists. Please provide a new statement id, or remove the existing statement.',
    ]);
    await lambda('remove_permission', { StatementId: 's3' });
    expect((await bench.boto3Raises('lambda', 'get_policy', { FunctionName: name })).class).toBe(
      'ResourceNotFoundException',
    );

    const reserved = { ReservedConcurrentExecutions: 0 };
    expect(await lambda('put_function_concurrency', reserved)).toEqual(reserved);
    expect(await lambda('get_function_concurrency')).toEqual(reserved);
    expect((await lambda('get_function')).Concurrency).toEqual(reserved);
    const throttled = await bench.boto3Raises('lambda', 'invoke', { FunctionName: name });
    expect(throttled.class).toBe('TooManyRequestsException');
    expect(throttled.response).toMatchObject({
      Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
      ResponseMetadata: { HTTPStatusCode: 429 },
    });
    await lambda('delete_function_concurrency');
    expect(await lambda('get_function_concurrency')).toEqual({});
    expect((await invoke({})).StatusCode).toBe(200);
  });

  test('sets how often an event is tried and where it goes then', async () => {
    await create();
    await bench.boto3('sqs', 'create_queue', { QueueName: name });
    const config = {
      MaximumRetryAttempts: 1,
      MaximumEventAgeInSeconds: 600,
      DestinationConfig: { OnSuccess: {}, OnFailure: { Destination: queueArn(name) } },
    };
    const shown = { ...config, FunctionArn: `${arnOf(name)}:$LATEST`, LastModified: expect.any(String) };
    expect(await lambda('put_function_event_invoke_config', config)).toEqual(shown);
    expect(await lambda('list_function_event_invoke_configs')).toEqual({ FunctionEventInvokeConfigs: [shown] });
    await invoke({ wrong: 1 }, { InvocationType: 'Event' });
    await pass(59);
    expect(await messages()).toHaveLength(1);
    await pass(1);
    expect(await messages()).toEqual(['saw {"wrong":1}', 'saw {"wrong":1}']);
    const { Messages } = await bench.boto3('sqs', 'receive_message', { QueueUrl: queueUrl(name) });
    expect(Messages.map(({ Body }: { readonly Body: string }) => JSON.parse(Body))).toMatchObject([
      {
        version: '1.0',
        requestContext: {
          condition: 'RetriesExhausted',
          approximateInvokeCount: 2,
          functionArn: `${arnOf(name)}:$LATEST`,
        },
        requestPayload: { wrong: 1 },
        responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
        responsePayload: { errorType: 'TypeError', errorMessage: 'no such thing' },
      },
    ]);
    await lambda('delete_function_event_invoke_config');
    expect((await bench.boto3Raises('lambda', 'get_function_event_invoke_config', { FunctionName: name })).text).toBe(
      `An error occurred (ResourceNotFoundException) when calling the GetFunctionEventInvokeConfig operation: The function ${arnOf(name)}:$LATEST doesn't have an EventInvokeConfig`,
    );
  });

  test('runs a Python function that uses boto3 itself', async () => {
    const { QueueUrl } = await bench.boto3('sqs', 'create_queue', { QueueName: name });
    const app = await bench.zip(
      'app.py',
      [
        'import boto3',
        'sqs = boto3.client("sqs")',
        'def handler(event, context):',
        '    if "wrong" in event:',
        '        raise ValueError(event["wrong"])',
        '    sent = sqs.send_message(QueueUrl=event["to"], MessageBody=event["text"])',
        '    return {"id": sent["MessageId"], "request": context.aws_request_id}',
      ].join('\n'),
    );
    await create({ Runtime: 'python3.12', Handler: 'app.handler', Code: { ZipFile: app.bytes }, Timeout: 30 });
    const said = jsonOf((await invoke({ to: QueueUrl, text: '물' })).Payload);
    expect(said).toEqual({ id: uuid, request: uuid });
    const { Messages } = await bench.boto3('sqs', 'receive_message', { QueueUrl });
    expect(Messages).toMatchObject([{ MessageId: said.id, Body: '물' }]);
    const { FunctionError, Payload } = await invoke({ wrong: 'stone' });
    expect(FunctionError).toBe('Unhandled');
    expect(jsonOf(Payload)).toEqual({
      errorType: 'ValueError',
      errorMessage: 'stone',
      requestId: uuid,
      stackTrace: [expect.stringMatching(/app\.py", line 5, in handler\n {4}raise ValueError\(event\["wrong"\]\)\n$/)],
    });
  });

  test('maps a queue to a function; what it reports as failed comes again, the rest is deleted', async () => {
    const QueueUrl = queueUrl(name);
    await bench.boto3('sqs', 'create_queue', { QueueName: name, Attributes: { VisibilityTimeout: '30' } });
    const consumer = await bench.zip('index.mjs', CONSUMER);
    await create({ Code: { ZipFile: consumer.bytes } });
    const mappings = (call: string, input: object = {}) => bench.boto3('lambda', call, input);
    const made = await lambda('create_event_source_mapping', {
      EventSourceArn: queueArn(name),
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
    expect(made).toEqual(mapped(uuid, name, { State: 'Creating' }));
    const at = { UUID: made.UUID };
    const enabled = mapped(made.UUID, name, { State: 'Enabled' });
    expect(await mappings('get_event_source_mapping', at)).toEqual(enabled);
    expect(await mappings('list_event_source_mappings', { FunctionName: name })).toEqual({
      EventSourceMappings: [enabled],
    });
    expect(await mappings('list_event_source_mappings', { EventSourceArn: queueArn('none') })).toEqual({
      EventSourceMappings: [],
    });

    const Entries = ['good', 'bad', 'fine'].map((MessageBody) => ({ Id: MessageBody, MessageBody }));
    await bench.boto3('sqs', 'send_message_batch', { QueueUrl, Entries });
    await pass(29);
    expect((await messages()).sort()).toEqual(['saw bad 1', 'saw fine 1', 'saw good 1']);
    const counts = async () => {
      const AttributeNames = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'];
      return (await bench.boto3('sqs', 'get_queue_attributes', { QueueUrl, AttributeNames })).Attributes;
    };
    expect(await counts()).toEqual({ ApproximateNumberOfMessages: '0', ApproximateNumberOfMessagesNotVisible: '1' });
    await pass(1);
    expect((await messages()).at(-1)).toBe('saw bad 2');

    const changed = { BatchSize: 100, MaximumBatchingWindowInSeconds: 5, Enabled: false };
    const { Enabled: _, ...sizes } = changed;
    expect(await mappings('update_event_source_mapping', { ...at, ...changed })).toMatchObject(sizes);
    await pass();
    expect(await mappings('get_event_source_mapping', at)).toEqual({ ...enabled, ...sizes, State: 'Disabled' });
    await pass(60);
    expect((await messages()).at(-1)).toBe('saw bad 2');
    expect(await counts()).toEqual({ ApproximateNumberOfMessages: '1', ApproximateNumberOfMessagesNotVisible: '0' });

    expect(await mappings('delete_event_source_mapping', at)).toEqual({ ...enabled, ...sizes, State: 'Deleting' });
    await pass();
    const gone = await bench.boto3Raises('lambda', 'get_event_source_mapping', at);
    expect([gone.class, gone.response?.Error.Message]).toEqual([
      'ResourceNotFoundException',
      'The resource you requested does not exist.',
    ]);
  });

  test('with its resources, sends, receives, checks digests and deletes', async () => {
    expect(await bench.program('queue_program.py')).toEqual({
      received: ['물이 흐른다 & <x/>\n', ...Array.from({ length: 10 }, (_, n) => `drop ${n}`)],
      left: {
        ApproximateNumberOfMessages: '0',
        ApproximateNumberOfMessagesDelayed: '0',
        ApproximateNumberOfMessagesNotVisible: '0',
      },
      gone: 'AWS.SimpleQueueService.NonExistentQueue',
    });
  });
});

describe.each(['sqs', 'sqs-query'] as const)('boto3’s %s', (service) => {
  const sqs = (call: string, input: object = {}) => bench.boto3(service, call, { QueueUrl: queueUrl(name), ...input });
  const make = (Attributes: object = {}) => bench.boto3(service, 'create_queue', { QueueName: name, Attributes });

  test('sends and receives whatever text and attributes, with digests', async () => {
    expect(await make({ VisibilityTimeout: '10' })).toEqual({ QueueUrl: queueUrl(name) });
    const body = '물 & <x a="b">\t\r\n🌊';
    const MessageAttributes = {
      text: { DataType: 'String', StringValue: 'a b' },
      raw: { DataType: 'Binary.jpg', BinaryValue: { base64: 'AP8=' } },
    };
    // Of the same attributes, by Python's hashlib, after the developer guide.
    const MD5OfMessageAttributes = '33093e247fefee1455f6467f9d4cb59a';
    expect(await sqs('send_message', { MessageBody: body, MessageAttributes })).toEqual({
      MessageId: uuid,
      MD5OfMessageBody: md5(body),
      MD5OfMessageAttributes,
    });
    const receive = () => sqs('receive_message', { MessageAttributeNames: ['All'], AttributeNames: ['All'] });
    const message = {
      MessageId: uuid,
      ReceiptHandle: expect.any(String),
      Body: body,
      MD5OfBody: md5(body),
      MessageAttributes,
      MD5OfMessageAttributes,
      Attributes: {
        SenderId: ACCOUNT,
        SentTimestamp: expect.stringMatching(/^\d{13}$/),
        ApproximateReceiveCount: '1',
        ApproximateFirstReceiveTimestamp: expect.stringMatching(/^\d{13}$/),
      },
    };
    expect(await receive()).toEqual({ Messages: [message] });
    expect(await receive()).toEqual({});
    await pass(10);
    const { Messages } = await receive();
    const again = { ...message.Attributes, ApproximateReceiveCount: '2' };
    expect(Messages).toEqual([{ ...message, Attributes: again }]);
    const { ReceiptHandle } = Messages[0];
    await sqs('change_message_visibility', { ReceiptHandle, VisibilityTimeout: 0 });
    const { ReceiptHandle: newest } = (await receive()).Messages[0];
    expect(await sqs('delete_message', { ReceiptHandle: newest })).toEqual({});
    await pass(10);
    expect(await receive()).toEqual({});
  });

  test('sends batches, of which each entry has its own result', async () => {
    await make();
    const Entries = [
      { Id: 'a', MessageBody: 'drop' },
      { Id: 'b', MessageBody: 'stone', DelaySeconds: 901 },
    ];
    expect(await sqs('send_message_batch', { Entries })).toEqual({
      Successful: [{ Id: 'a', MessageId: uuid, MD5OfMessageBody: md5('drop') }],
      Failed: [
        {
          Id: 'b',
          SenderFault: true,
          Code: 'InvalidParameterValue',
          Message: 'Value 901 for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.',
        },
      ],
    });
    const { Messages } = await sqs('receive_message', { MaxNumberOfMessages: 10 });
    const deleted = Messages.map(({ ReceiptHandle }: Answer) => ({ Id: 'x', ReceiptHandle }));
    expect(await sqs('delete_message_batch', { Entries: deleted })).toEqual({ Successful: [{ Id: 'x' }] });
  });

  test('keeps tags and attributes, and lists queues', async () => {
    await make({ DelaySeconds: '3' });
    await sqs('tag_queue', { Tags: { team: 'brook', 물: '🌊' } });
    await sqs('untag_queue', { TagKeys: ['team'] });
    expect(await sqs('list_queue_tags')).toEqual({ Tags: { 물: '🌊' } });
    await sqs('set_queue_attributes', { Attributes: { VisibilityTimeout: '7' } });
    const AttributeNames = ['QueueArn', 'VisibilityTimeout', 'DelaySeconds'];
    expect(await sqs('get_queue_attributes', { AttributeNames })).toEqual({
      Attributes: { QueueArn: queueArn(name), VisibilityTimeout: '7', DelaySeconds: '3' },
    });
    expect(await bench.boto3(service, 'get_queue_url', { QueueName: name })).toEqual({ QueueUrl: queueUrl(name) });
    expect(await bench.boto3(service, 'list_queues', { QueueNamePrefix: name })).toEqual({
      QueueUrls: [queueUrl(name)],
    });
    expect(await sqs('delete_queue')).toEqual({});
    expect(await bench.boto3(service, 'list_queues', { QueueNamePrefix: name })).toEqual({});
  });

  test.each([
    {
      call: 'send_message',
      input: { QueueUrl: 'http://localhost:4566/000000000000/none', MessageBody: 'x' },
      exception: 'QueueDoesNotExist',
      code: 'AWS.SimpleQueueService.NonExistentQueue',
      message: `The specified queue does not exist${service === 'sqs' ? '' : ' for this wsdl version'}.`,
    },
    {
      call: 'delete_message',
      input: { ReceiptHandle: 'x' },
      exception: 'ReceiptHandleIsInvalid',
      message: 'The input receipt handle "x" is not a valid receipt handle.',
      status: 404,
    },
    {
      call: 'send_message',
      input: { MessageBody: '\u0001' },
      exception: 'InvalidMessageContents',
      message:
        'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF',
    },
    {
      call: 'receive_message',
      input: { MaxNumberOfMessages: 11 },
      // It is not in the API's model, and boto3 has no class for it.
      exception: 'ClientError',
      code: 'InvalidParameterValue',
      message: 'Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.',
    },
    {
      call: 'send_message_batch',
      input: { Entries: Array.from({ length: 11 }, (_, n) => ({ Id: `${n}`, MessageBody: 'x' })) },
      exception: 'TooManyEntriesInBatchRequest',
      code: 'AWS.SimpleQueueService.TooManyEntriesInBatchRequest',
      message: 'Maximum number of entries per request are 10. You have sent 11.',
    },
    {
      call: 'send_message_batch',
      input: { Entries: [1, 2].map(() => ({ Id: 'a', MessageBody: 'x' })) },
      exception: 'BatchEntryIdsNotDistinct',
      code: 'AWS.SimpleQueueService.BatchEntryIdsNotDistinct',
      message: 'Id a repeated.',
    },
    {
      call: 'get_queue_attributes',
      input: { AttributeNames: ['Foobar'] },
      exception: 'InvalidAttributeName',
      message: 'Unknown Attribute Foobar.',
    },
  ])('raises $exception where $call is refused', async ({ call, input, exception, code, message, status }) => {
    await make();
    const { response, ...raised } = await bench.boto3Raises(service, call, { QueueUrl: queueUrl(name), ...input });
    expect(raised.class).toBe(exception);
    expect(response?.Error).toMatchObject({ Type: 'Sender', Code: code ?? exception, Message: message });
    expect(response?.ResponseMetadata.HTTPStatusCode).toBe(status ?? 400);
  });
});

describe('the AWS CLI', () => {
  const lambda = (operation: string, ...args: readonly string[]) =>
    bench.cli('lambda', operation, '--function-name', name, ...args);
  const create = (code: Zip, ...args: readonly string[]) =>
    lambda(
      'create-function',
      '--role',
      ROLE,
      '--runtime',
      'nodejs22.x',
      '--handler',
      'index.handler',
      '--zip-file',
      `fileb://${code.file}`,
      ...args,
    );
  const out = () => join(bench.dataDir, `${name}.json`);

  test('creates a function, waits for it, invokes, updates and deletes it', async () => {
    const made = await create(zip, '--environment', 'Variables={GREETING=hi}', '--tags', 'team=brook');
    const Environment = { Variables: { GREETING: 'hi' } };
    expect(made).toEqual(described({ Environment, ...CREATING }));
    expect(await bench.cli('lambda', 'wait', 'function-active-v2', '--function-name', name)).toBeUndefined();
    const { LogResult, ...answer } = await lambda('invoke', '--payload', '{"물":"🌊"}', '--log-type', 'Tail', out());
    expect(answer).toEqual({ StatusCode: 200, ExecutedVersion: '$LATEST' });
    expect(await readFile(out(), 'utf8')).toBe('{"echo":{"물":"🌊"},"greeting":"hi","memory":"128"}');
    expect(Buffer.from(LogResult, 'base64').toString()).toMatch(
      /^START .*\tINFO\tsaw {"물":"🌊"}\nEND .*\nREPORT .*\n$/s,
    );
    expect(await lambda('invoke', '--invocation-type', 'Event', '--payload', '{}', out())).toEqual({ StatusCode: 202 });
    expect(await lambda('invoke', '--invocation-type', 'DryRun', '--payload', '{}', out())).toEqual({
      StatusCode: 204,
    });
    const failed = { StatusCode: 200, FunctionError: 'Unhandled', ExecutedVersion: '$LATEST' };
    expect(await lambda('invoke', '--payload', '{"wrong":true}', out())).toEqual(failed);
    expect(JSON.parse(await readFile(out(), 'utf8'))).toMatchObject({ errorMessage: 'no such thing' });

    const next = await bench.zip('index.mjs', SOURCE.replace('echo:', 'again:'));
    const updated = await lambda('update-function-code', '--zip-file', `fileb://${next.file}`);
    expect(updated).toMatchObject({ LastUpdateStatus: 'InProgress', CodeSha256: next.sha256 });
    await bench.cli('lambda', 'wait', 'function-updated', '--function-name', name);
    expect(await lambda('update-function-configuration', '--memory-size', '256')).toMatchObject({
      MemorySize: 256,
      Environment,
    });
    await bench.cli('lambda', 'wait', 'function-updated-v2', '--function-name', name);
    await lambda('invoke', '--payload', '1', out());
    expect(await readFile(out(), 'utf8')).toBe('{"again":1,"greeting":"hi","memory":"256"}');
    expect(await bench.cli('lambda', 'list-tags', '--resource', arnOf(name))).toEqual({ Tags: { team: 'brook' } });
    expect(await lambda('delete-function')).toBeUndefined();
    expect(await bench.cliFails('lambda', 'get-function', '--function-name', name)).toEqual({
      code: 255,
      stderr: `An error occurred (ResourceNotFoundException) when calling the GetFunction operation: Function not found: ${arnOf(name)}`,
    });
  });

  test('grants, reserves and configures events', async () => {
    await create(zip);
    const principal = ['--action', 'lambda:InvokeFunction', '--principal', 'events.amazonaws.com'];
    await lambda('add-permission', '--statement-id', 'rule', ...principal);
    expect(JSON.parse((await lambda('get-policy')).Policy).Statement).toEqual([
      {
        Sid: 'rule',
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'lambda:InvokeFunction',
        Resource: arnOf(name),
      },
    ]);
    expect(await lambda('remove-permission', '--statement-id', 'rule')).toBeUndefined();
    await lambda('put-function-concurrency', '--reserved-concurrent-executions', '5');
    expect(await lambda('get-function-concurrency')).toEqual({ ReservedConcurrentExecutions: 5 });
    const events = await lambda('put-function-event-invoke-config', '--maximum-retry-attempts', '0');
    expect(events).toEqual({
      FunctionArn: `${arnOf(name)}:$LATEST`,
      LastModified: expect.anything(),
      MaximumRetryAttempts: 0,
      DestinationConfig: { OnSuccess: {}, OnFailure: {} },
    });
    expect(await lambda('get-function-event-invoke-config')).toEqual(events);
  });

  test('maps a queue, whose bad message ends among the dead letters', async () => {
    const sqs = (operation: string, ...args: readonly string[]) => bench.cli('sqs', operation, ...args);
    const dead = `${name}-dead`;
    expect(await sqs('create-queue', '--queue-name', dead)).toEqual({ QueueUrl: queueUrl(dead) });
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: queueArn(dead), maxReceiveCount: '2' });
    const attributes = JSON.stringify({ VisibilityTimeout: '30', RedrivePolicy });
    await sqs('create-queue', '--queue-name', name, '--attributes', attributes);
    await create(await bench.zip('index.mjs', CONSUMER));
    const reporting = ['--function-response-types', 'ReportBatchItemFailures'];
    const made = await lambda('create-event-source-mapping', '--event-source-arn', queueArn(name), ...reporting);
    expect(made).toEqual(mapped(uuid, name, { State: 'Creating' }));
    const { EventSourceMappings } = await lambda('list-event-source-mappings');
    expect(EventSourceMappings).toEqual([mapped(made.UUID, name, { State: 'Enabled' })]);

    const entries = JSON.stringify(['good', 'bad'].map((body) => ({ Id: body, MessageBody: body })));
    const { Successful } = await sqs('send-message-batch', '--queue-url', queueUrl(name), '--entries', entries);
    expect(Successful.map(({ Id, MD5OfMessageBody }: Answer) => [Id, MD5OfMessageBody])).toEqual([
      ['good', md5('good')],
      ['bad', md5('bad')],
    ]);
    await pass(30);
    await pass(30);
    const { Messages } = await sqs('receive-message', '--queue-url', queueUrl(dead), '--attribute-names', 'All');
    expect(Messages).toMatchObject([
      { Body: 'bad', MessageId: Successful[1].MessageId, Attributes: { DeadLetterQueueSourceArn: queueArn(name) } },
    ]);
    const group = ['--log-group-name', `/aws/lambda/${name}`, '--filter-pattern', 'saw'];
    const { events } = await bench.cli('logs', 'filter-log-events', ...group);
    const seen = events.map(({ message }: Answer) => message.split('\t').at(-1).trim());
    expect(seen.slice(0, 2).sort()).toEqual(['saw bad 1', 'saw good 1']);
    expect(seen.slice(2)).toEqual(['saw bad 2']);

    const at = ['--uuid', made.UUID];
    expect(await bench.cli('lambda', 'update-event-source-mapping', ...at, '--batch-size', '5')).toMatchObject({
      BatchSize: 5,
    });
    expect(await bench.cli('lambda', 'delete-event-source-mapping', ...at)).toMatchObject({ State: 'Deleting' });
    await pass();
    expect(await bench.cliFails('lambda', 'get-event-source-mapping', ...at)).toEqual({
      code: 255,
      stderr:
        'An error occurred (ResourceNotFoundException) when calling the GetEventSourceMapping operation: The resource you requested does not exist.',
    });
  });

  test.each([
    {
      operation: 'get-queue-url',
      args: ['--queue-name', 'none'],
      told: '(AWS.SimpleQueueService.NonExistentQueue) when calling the GetQueueUrl operation: The specified queue does not exist.',
    },
    {
      operation: 'create-queue',
      args: ['--queue-name', 'a b'],
      told: '(InvalidParameterValue) when calling the CreateQueue operation: Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
    },
  ])('says why sqs $operation is refused', async ({ operation, args, told }) => {
    const stderr = `An error occurred ${told}`;
    expect(await bench.cliFails('sqs', operation, ...args)).toEqual({ code: 255, stderr });
  });

  test('counts invocations', async () => {
    await create(zip);
    await lambda('invoke', '--payload', '{}', out());
    await lambda('invoke', '--payload', '{"wrong":1}', out());
    const now = bench.clock.now();
    const range = ['--start-time', `${now / 1000 - 60}`, '--end-time', `${now / 1000 + 60}`, '--period', '3600'];
    const sumOf = async (metric: string) => {
      const which = [
        '--namespace',
        'AWS/Lambda',
        '--metric-name',
        metric,
        '--dimensions',
        `Name=FunctionName,Value=${name}`,
      ];
      const { Datapoints } = await bench.cli(
        'cloudwatch',
        'get-metric-statistics',
        ...which,
        ...range,
        '--statistics',
        'Sum',
      );
      return Datapoints.map(({ Sum }: Answer) => Sum);
    };
    expect([await sumOf('Invocations'), await sumOf('Errors')]).toEqual([[2], [1]]);
  });
});

describe('a debugger', () => {
  test('stops at a line of the handler’s own file, looks around, and lets it go on', async () => {
    const folder = await mkdtemp(join(bench.dataDir, 'source-'));
    const file = join(folder, 'index.ts');
    await writeFile(
      file,
      [
        'interface Drop { readonly n: number }',
        'export const handler = async ({ n }: Drop): Promise<{ doubled: number }> => {',
        '  const doubled = n * 2;',
        '  return { doubled };',
        '};',
      ].join('\n'),
    );
    const FunctionName = 'inspected';
    await bench.boto3('lambda', 'create_function', {
      FunctionName,
      Role: ROLE,
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Timeout: 1,
      Code: { S3Bucket: 'hot-reload', S3Key: folder },
    });
    const out = join(bench.dataDir, 'inspected.json');
    const invoke = async (n: number) => {
      const args = ['--function-name', FunctionName, '--payload', JSON.stringify({ n }), out];
      const { FunctionError } = await bench.cli('lambda', 'invoke', ...args);
      return { FunctionError, payload: JSON.parse(await readFile(out, 'utf8')) };
    };
    expect(await invoke(1)).toEqual({ FunctionError: undefined, payload: { doubled: 2 } });
    expect(debuggers).toEqual([expect.stringMatching(/^ws:\/\/127\.0\.0\.1:\d+\//)]);
    const inspector = await attachDebugger(debuggers[0] ?? '');
    await inspector.call('Debugger.enable');
    const returns = { url: `file://${file}`, lineNumber: 3 };
    const { breakpointId, locations } = await inspector.call('Debugger.setBreakpointByUrl', returns);
    expect(locations).toMatchObject([{ lineNumber: 3 }]);

    const paused = inspector.next('Debugger.paused');
    const answer = invoke(21);
    const { callFrames, hitBreakpoints } = await paused;
    expect(hitBreakpoints).toEqual([breakpointId]);
    const { callFrameId, functionName, location } = callFrames[0];
    expect([functionName, location.lineNumber]).toEqual(['handler', 3]);
    const looked = await inspector.call('Debugger.evaluateOnCallFrame', { callFrameId, expression: 'doubled' });
    expect(looked.result).toMatchObject({ type: 'number', value: 42 });
    // Another function is ended at its limit of a second, which is this one's, too.
    await bench.boto3('lambda', 'create_function', {
      FunctionName: name,
      Role: ROLE,
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Timeout: 1,
      Code: { ZipFile: zip.bytes },
    });
    const Payload = { base64: Buffer.from('{"hang":true}').toString('base64') };
    const ended = await bench.boto3('lambda', 'invoke', { FunctionName: name, Payload });
    expect(jsonOf(ended.Payload)).toMatchObject({ errorType: 'Sandbox.Timedout' });
    await inspector.call('Debugger.resume');
    expect(await answer).toEqual({ FunctionError: undefined, payload: { doubled: 42 } });
    await inspector.close();
  });
});
