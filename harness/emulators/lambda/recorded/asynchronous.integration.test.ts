import {
  PutFunctionConcurrencyCommand,
  PutFunctionEventInvokeConfigCommand,
  type PutFunctionEventInvokeConfigRequest,
  UpdateFunctionConfigurationCommand,
  UpdateFunctionEventInvokeConfigCommand,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { lambdaPython } from '../../../engines/lambda-python/index.ts';
import { cacheFolder } from '../../../engines/setup/cache-folder.ts';
import { FUNCTION, queueArn, type RecordedBench, recordedBench, UUID } from './testing.ts';

/** Asynchronous invocations, their retries, dead-letter queues and destinations, as AWS was recorded. */
let bench: RecordedBench;
let name: string;
let queue: string;
let serial = 0;
beforeAll(async () => {
  const context = { cacheDir: cacheFolder(), offline: false, progress: () => undefined };
  const { signal } = new AbortController();
  bench = await recordedBench({ python: (runtime) => lambdaPython({ ...context, signal }, runtime) });
  await bench.clock.hold();
});
afterAll(() => bench[Symbol.asyncDispose]());
beforeEach(async () => {
  name = `brook-${serial++}`;
  queue = `${name}-queue`;
  await bench.queue(queue);
});

const MINUTE = 60_000;
/** Raises where it is asked to. */
const ECHOING = `
def handler(event, context):
    print("attempt")
    if event.get("raise_error"):
        raise Exception("Test exception (this is intentional)")
    return {"event": event, "context": {"aws_request_id": context.aws_request_id}}
`;
const attempts = () => bench.logOf(name).filter(({ message }) => message === 'attempt\n').length;
const configure = (config: Partial<PutFunctionEventInvokeConfigRequest>) =>
  bench.lambda.send(new PutFunctionEventInvokeConfigCommand({ FunctionName: name, ...config }));

/** Lets time go by, and all that is then due. */
async function pass(...minutes: number[]): Promise<void> {
  await bench.clock.settled();
  for (const each of minutes) await bench.clock.advance(each * MINUTE);
}

/** A record of a destination: which members there are, and in which order, was recorded. */
const recordOf = (requestId: string, condition: string, approximateInvokeCount: number, members: object) => ({
  version: '1.0',
  timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
  requestContext: { requestId, functionArn: `${FUNCTION}:${name}:$LATEST`, condition, approximateInvokeCount },
  ...members,
});
const raised = (requestId: string) => ({
  responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
  responsePayload: {
    errorMessage: 'Test exception (this is intentional)',
    errorType: 'Exception',
    requestId,
    stackTrace: [expect.stringContaining('raise Exception("Test exception (this is intentional)")\n')],
  },
});
const taken = async () => (await bench.take(queue)).map(({ Body = '' }) => JSON.parse(Body));
const both = () => ({ OnSuccess: { Destination: queueArn(queue) }, OnFailure: { Destination: queueArn(queue) } });

describe('a destination', () => {
  test.each([{}, { MaximumRetryAttempts: 0 }])('learns of a success, with %j', async (settings) => {
    await bench.python(name, ECHOING);
    await configure({ ...settings, DestinationConfig: both() });
    const requestId = await bench.enqueue(name, {});
    await pass();
    expect(await taken()).toEqual([
      recordOf(requestId, 'Success', 1, {
        requestPayload: {},
        responseContext: { statusCode: 200, executedVersion: '$LATEST' },
        responsePayload: { event: {}, context: { aws_request_id: requestId } },
      }),
    ]);
  });

  test('learns of a failure after the only attempt', async () => {
    await bench.python(name, ECHOING);
    await configure({ MaximumRetryAttempts: 0, DestinationConfig: both() });
    const requestId = await bench.enqueue(name, { raise_error: 1 });
    await pass();
    const requestPayload = { raise_error: 1 };
    expect(await taken()).toEqual([
      recordOf(requestId, 'RetriesExhausted', 1, { requestPayload, ...raised(requestId) }),
    ]);
  });

  test('learns of a failure after two retries unless something else was configured', async () => {
    await bench.python(name, ECHOING);
    await configure({ DestinationConfig: both() });
    const requestId = await bench.enqueue(name, { raise_error: 1 });
    await pass();
    expect(attempts()).toBe(1);
    await pass(1);
    expect([attempts(), await taken()]).toEqual([2, []]);
    await pass(2);
    const requestPayload = { raise_error: 1 };
    expect(await taken()).toEqual([
      recordOf(requestId, 'RetriesExhausted', 3, { requestPayload, ...raised(requestId) }),
    ]);
    expect(attempts()).toBe(3);
  });

  test('writes its members in one order', async () => {
    await bench.python(name, ECHOING);
    await configure({ MaximumRetryAttempts: 0, DestinationConfig: both() });
    await bench.enqueue(name, { raise_error: 1 });
    await pass();
    const [record] = await taken();
    expect([Object.keys(record), Object.keys(record.requestContext), Object.keys(record.responseContext)]).toEqual([
      ['version', 'timestamp', 'requestContext', 'requestPayload', 'responseContext', 'responsePayload'],
      ['requestId', 'functionArn', 'condition', 'approximateInvokeCount'],
      ['statusCode', 'executedVersion', 'functionError'],
    ]);
  });

  test('learns that an event was too old for its first retry, and then for its second', async () => {
    await bench.python(name, ECHOING);
    const OnFailure = { Destination: queueArn(queue) };
    await configure({ MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 60, DestinationConfig: { OnFailure } });
    const requestPayload = { raise_error: 1 };
    const first = await bench.enqueue(name, requestPayload);
    await pass();
    // The retry would come at 60 seconds, so nobody waits for it.
    expect(await taken()).toEqual([recordOf(first, 'EventAgeExceeded', 1, { requestPayload, ...raised(first) })]);
    const longer = { FunctionName: name, MaximumEventAgeInSeconds: 90, MaximumRetryAttempts: 2 };
    await bench.lambda.send(new UpdateFunctionEventInvokeConfigCommand(longer));
    const second = await bench.enqueue(name, requestPayload);
    await pass(1);
    expect(await taken()).toEqual([recordOf(second, 'EventAgeExceeded', 2, { requestPayload, ...raised(second) })]);
    expect(attempts()).toBe(3);
  });

  test('learns of an event that no concurrency was reserved for', async () => {
    await bench.python(name, ECHOING);
    const reserve = { FunctionName: name, ReservedConcurrentExecutions: 0 };
    await bench.lambda.send(new PutFunctionConcurrencyCommand(reserve));
    const OnFailure = { Destination: queueArn(queue) };
    await configure({ MaximumRetryAttempts: 0, DestinationConfig: { OnFailure } });
    const requestId = await bench.enqueue(name, {});
    await pass();
    const [message] = await bench.take(queue);
    expect(JSON.parse(message?.Body ?? '')).toEqual(
      recordOf(requestId, 'ZeroReservedConcurrency', 0, { requestPayload: {} }),
    );
    expect(message).toMatchObject({
      MessageId: expect.stringMatching(UUID),
      Attributes: { ApproximateReceiveCount: '1', SenderId: expect.any(String), SentTimestamp: expect.any(String) },
    });
    expect(attempts()).toBe(0);
  });
});

describe('a dead-letter queue', () => {
  test('gets the event itself, with the last error', async () => {
    const DeadLetterConfig = { TargetArn: queueArn(queue) };
    const created = await bench.python(name, ECHOING, { DeadLetterConfig });
    expect(created.DeadLetterConfig).toEqual(DeadLetterConfig);
    const requestId = await bench.enqueue(name, { raise_error: 1 });
    await pass(1, 2);
    const messages = await bench.take(queue);
    expect(messages).toHaveLength(1);
    expect(JSON.parse(messages[0]?.Body ?? '')).toEqual({ raise_error: 1 });
    expect(messages[0]?.MessageAttributes).toEqual({
      ErrorCode: { DataType: 'Number', StringValue: '200' },
      ErrorMessage: { DataType: 'String', StringValue: 'Test exception (this is intentional)' },
      RequestID: { DataType: 'String', StringValue: requestId },
    });
    expect(messages[0]?.MD5OfMessageAttributes).toMatch(/^[0-9a-f]{32}$/);
  });

  test('stays when an update has an empty config for it', async () => {
    const DeadLetterConfig = { TargetArn: queueArn(queue) };
    await bench.python(name, ECHOING, { DeadLetterConfig });
    const update = { FunctionName: name, DeadLetterConfig: {} };
    const updated = await bench.lambda.send(new UpdateFunctionConfigurationCommand(update));
    expect(updated).toMatchObject({ LastUpdateStatus: 'InProgress', DeadLetterConfig });
  });
});

test('events that wait while a function is updated run as it is then', async () => {
  const source = `
    export const handler = async ({ sleep }) => {
      console.log('ran ' + process.env.VARIANT);
      if (sleep) await new Promise((done) => setTimeout(done, sleep));
    };`;
  await bench.node(name, source, { Environment: { Variables: { VARIANT: '1' } }, Timeout: 30 });
  await bench.lambda.send(new PutFunctionConcurrencyCommand({ FunctionName: name, ReservedConcurrentExecutions: 1 }));
  const ran = () => bench.logOf(name).flatMap(({ message }) => /\tran (\d)/.exec(message)?.[1] ?? []);
  await bench.enqueue(name, { sleep: 500 });
  await expect.poll(ran).toEqual(['1']);
  for (let n = 0; n < 3; n++) await bench.enqueue(name, {});
  const Environment = { Variables: { VARIANT: '2' } };
  await bench.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: name, Environment }));
  for (let n = 0; n < 2; n++) await bench.enqueue(name, {});
  await expect.poll(ran, { timeout: 10_000 }).toEqual(['1', '2', '2', '2', '2', '2']);
});
