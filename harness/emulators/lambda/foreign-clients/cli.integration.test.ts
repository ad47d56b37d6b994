import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { localstackTool } from '../../../engines/localstack/index.ts';
import { arnOf, CONSUMER, CREATING, described, mapped, md5, queueArn, ROLE, SOURCE, uuid } from './shapes.ts';
import { type Answer, type Bench, foreignBench, type Zip } from './testing.ts';

/** The AWS CLI, version 1. */
let bench: Bench;
let zip: Zip;
/** Of the function of a test. */
let name: string;
let serial = 0;

beforeAll(async () => {
  bench = await foreignBench({ tool: localstackTool });
  await bench.clock.hold();
  zip = await bench.zip('index.mjs', SOURCE);
});
afterAll(() => bench?.[Symbol.asyncDispose]());
beforeEach(() => {
  name = `worker-${serial++}`;
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
    expect(made).toEqual(described(name, zip, { Environment, ...CREATING }));
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
    expect(await sqs('create-queue', '--queue-name', dead)).toEqual({ QueueUrl: bench.queueUrl(dead) });
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: queueArn(dead), maxReceiveCount: '2' });
    const attributes = JSON.stringify({ VisibilityTimeout: '30', RedrivePolicy });
    await sqs('create-queue', '--queue-name', name, '--attributes', attributes);
    await create(await bench.zip('index.mjs', CONSUMER));
    const reporting = ['--function-response-types', 'ReportBatchItemFailures'];
    const made = await lambda('create-event-source-mapping', '--event-source-arn', queueArn(name), ...reporting);
    expect(made).toEqual(mapped(name, uuid, { State: 'Creating' }));
    const { EventSourceMappings } = await lambda('list-event-source-mappings');
    expect(EventSourceMappings).toEqual([mapped(name, made.UUID, { State: 'Enabled' })]);

    const entries = JSON.stringify(['good', 'bad'].map((body) => ({ Id: body, MessageBody: body })));
    const { Successful } = await sqs('send-message-batch', '--queue-url', bench.queueUrl(name), '--entries', entries);
    expect(Successful.map(({ Id, MD5OfMessageBody }: Answer) => [Id, MD5OfMessageBody])).toEqual([
      ['good', md5('good')],
      ['bad', md5('bad')],
    ]);
    await bench.pass(30);
    await bench.pass(30);
    const { Messages } = await sqs('receive-message', '--queue-url', bench.queueUrl(dead), '--attribute-names', 'All');
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
    const left = async () => (await lambda('list-event-source-mappings')).EventSourceMappings;
    await expect.poll(left, { timeout: 10_000 }).toEqual([]);
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
