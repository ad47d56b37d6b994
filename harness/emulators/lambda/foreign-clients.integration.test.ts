import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { lambdaPython } from '../../engines/lambda-python/index.ts';
import { localstackTool } from '../../engines/localstack/index.ts';
import { cacheFolder } from '../../engines/setup/cache-folder.ts';
import {
  arnOf,
  CONSUMER,
  CREATING,
  described,
  jsonOf,
  mapped,
  queueArn,
  READY,
  ROLE,
  SOURCE,
  UUID,
  uuid,
} from './foreign-clients/shapes.ts';
import { type Bench, foreignBench, type Zip } from './foreign-clients/testing.ts';

/** boto3 makes, runs and maps functions. What other clients do is tested in the folder foreign-clients. */
let bench: Bench;
let zip: Zip;
/** Of the function of a test. */
let name: string;
let serial = 0;

beforeAll(async () => {
  const context = { cacheDir: cacheFolder(), offline: false, progress: () => undefined };
  const { signal } = new AbortController();
  const python = (runtime: string) => lambdaPython({ ...context, signal }, runtime);
  bench = await foreignBench({ tool: localstackTool, python });
  await bench.clock.hold();
  zip = await bench.zip('index.mjs', SOURCE);
});
afterAll(() => bench?.[Symbol.asyncDispose]());
beforeEach(() => {
  name = `worker-${serial++}`;
});

describe('boto3', () => {
  const lambda = (call: string, input: object = {}) => bench.boto3('lambda', call, { FunctionName: name, ...input });
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
    expect(await create({ ...settings, Tags: { team: 'brook' } })).toEqual(
      described(name, zip, { ...settings, ...CREATING }),
    );
    await bench.boto3('lambda', 'wait', { FunctionName: name }, 'function_active_v2');
    const now = described(name, zip, { ...settings, ...READY });
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
    const { RuntimeVersionConfig: _, ...listed } = described(name, zip, settings);
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
    await bench.pass();
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
    expect(await lambda('update_function_code', { ZipFile: next.bytes })).toEqual(
      described(name, zip, { ...code, ...UPDATING }),
    );
    await bench.boto3('lambda', 'wait', { FunctionName: name }, 'function_updated_v2');
    const settings = { MemorySize: 256, Timeout: 7, Environment: { Variables: { GREETING: 'hi' } } };
    expect(await lambda('update_function_configuration', settings)).toEqual(
      described(name, zip, { ...code, ...settings, ...UPDATING }),
    );
    await bench.boto3('lambda', 'wait', { FunctionName: name }, 'function_updated_v2');
    expect(await lambda('get_function_configuration')).toEqual(
      described(name, zip, { ...code, ...settings, ...READY }),
    );
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
    await bench.pass(59);
    expect(await messages()).toHaveLength(1);
    await bench.pass(1);
    expect(await messages()).toEqual(['saw {"wrong":1}', 'saw {"wrong":1}']);
    const { Messages } = await bench.boto3('sqs', 'receive_message', { QueueUrl: bench.queueUrl(name) });
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
    const QueueUrl = bench.queueUrl(name);
    await bench.boto3('sqs', 'create_queue', { QueueName: name, Attributes: { VisibilityTimeout: '30' } });
    const consumer = await bench.zip('index.mjs', CONSUMER);
    await create({ Code: { ZipFile: consumer.bytes } });
    const mappings = (call: string, input: object = {}) => bench.boto3('lambda', call, input);
    const made = await lambda('create_event_source_mapping', {
      EventSourceArn: queueArn(name),
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
    expect(made).toEqual(mapped(name, uuid, { State: 'Creating' }));
    const at = { UUID: made.UUID };
    const enabled = mapped(name, made.UUID, { State: 'Enabled' });
    expect(await mappings('get_event_source_mapping', at)).toEqual(enabled);
    expect(await mappings('list_event_source_mappings', { FunctionName: name })).toEqual({
      EventSourceMappings: [enabled],
    });
    expect(await mappings('list_event_source_mappings', { EventSourceArn: queueArn('none') })).toEqual({
      EventSourceMappings: [],
    });

    const Entries = ['good', 'bad', 'fine'].map((MessageBody) => ({ Id: MessageBody, MessageBody }));
    await bench.boto3('sqs', 'send_message_batch', { QueueUrl, Entries });
    await bench.pass(29);
    expect((await messages()).sort()).toEqual(['saw bad 1', 'saw fine 1', 'saw good 1']);
    const counts = async () => {
      const AttributeNames = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'];
      return (await bench.boto3('sqs', 'get_queue_attributes', { QueueUrl, AttributeNames })).Attributes;
    };
    expect(await counts()).toEqual({ ApproximateNumberOfMessages: '0', ApproximateNumberOfMessagesNotVisible: '1' });
    await bench.pass(1);
    expect((await messages()).at(-1)).toBe('saw bad 2');

    const changed = { BatchSize: 100, MaximumBatchingWindowInSeconds: 5, Enabled: false };
    const { Enabled: _, ...sizes } = changed;
    expect(await mappings('update_event_source_mapping', { ...at, ...changed })).toMatchObject(sizes);
    await expect
      .poll(() => mappings('get_event_source_mapping', at), { timeout: 10_000 })
      .toEqual({ ...enabled, ...sizes, State: 'Disabled' });
    await bench.pass(60);
    expect((await messages()).at(-1)).toBe('saw bad 2');
    expect(await counts()).toEqual({ ApproximateNumberOfMessages: '1', ApproximateNumberOfMessagesNotVisible: '0' });

    expect(await mappings('delete_event_source_mapping', at)).toEqual({ ...enabled, ...sizes, State: 'Deleting' });
    const gone = async () => (await bench.boto3Raises('lambda', 'get_event_source_mapping', at)).text;
    await expect
      .poll(gone, { timeout: 10_000 })
      .toBe(
        'An error occurred (ResourceNotFoundException) when calling the GetEventSourceMapping operation: The resource you requested does not exist.',
      );
  });
});
