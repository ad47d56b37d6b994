import {
  CreateFunctionCommand,
  InvokeAsyncCommand,
  InvokeCommand,
  type InvokeCommandInput,
} from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AwsError } from '../../../edge/aws-error.ts';
import { type LambdaBench, lambdaBench, WORKER, WORKER_ARN } from '../testing.ts';
import { jsonFault } from './json-fault.ts';

let bench: LambdaBench;
beforeEach(async () => {
  bench = await lambdaBench();
  await bench.client.send(new CreateFunctionCommand(WORKER));
});
afterEach(() => bench[Symbol.asyncDispose]());

const invoke = (input: Partial<InvokeCommandInput> = {}) =>
  bench.client.send(new InvokeCommand({ FunctionName: 'worker', ...input }));
const text = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString();

describe('Invoke', () => {
  test('hands the payload over and brings the answer back', async () => {
    bench.answers.next = async () => ({ payload: Buffer.from('{"done":"물"}') });
    const { $metadata, Payload, ...rest } = await invoke({ Payload: Buffer.from('{"a":1}') });
    expect([$metadata.httpStatusCode, text(Payload), rest]).toEqual([
      200,
      '{"done":"물"}',
      { StatusCode: 200, ExecutedVersion: '$LATEST' },
    ]);
    const [{ revision, invocation } = {}] = bench.invoked;
    expect(revision).toMatchObject({ name: 'worker', arn: WORKER_ARN, handler: 'index.handler', timeoutMs: 3000 });
    expect(text(invocation?.payload)).toBe('{"a":1}');
    expect(invocation?.requestId).toBe($metadata.requestId);
  });

  test('without a payload the event is an empty object', async () => {
    await invoke();
    expect(text(bench.invoked[0]?.invocation.payload)).toBe('{}');
  });

  test('a function’s own error is a success of the call', async () => {
    const error = '{"errorType":"Error","errorMessage":"no"}';
    bench.answers.next = async () => ({ payload: Buffer.from(error), functionError: 'Unhandled' });
    const { StatusCode, FunctionError, Payload } = await invoke();
    expect([StatusCode, FunctionError, text(Payload)]).toEqual([200, 'Unhandled', error]);
  });

  test('the end of the log comes along when it is asked for', async () => {
    bench.answers.next = async () => ({ logTail: Buffer.from('END RequestId: 1\n') });
    expect((await invoke()).LogResult).toBeUndefined();
    const { LogResult } = await invoke({ LogType: 'Tail' });
    expect(Buffer.from(LogResult ?? '', 'base64').toString()).toBe('END RequestId: 1\n');
  });

  test('the client’s context is handed over as JSON', async () => {
    const ClientContext = Buffer.from('{"custom":{"foo":"bar"}}').toString('base64');
    await invoke({ ClientContext });
    expect(bench.invoked[0]?.invocation.clientContext).toBe('{"custom":{"foo":"bar"}}');
    await expect(invoke({ ClientContext: 'bm8=' })).rejects.toMatchObject({
      name: 'InvalidRequestContentException',
      message: 'Client context must be a valid Base64-encoded JSON object.',
    });
  });

  test('a throttled invocation is answered as the host says', async () => {
    bench.answers.next = () => {
      const Reason = 'ReservedFunctionConcurrentInvocationLimitExceeded';
      throw new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429, { Reason, Type: 'User' });
    };
    await expect(invoke()).rejects.toMatchObject({
      name: 'TooManyRequestsException',
      message: 'Rate Exceeded.',
      Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
      Type: 'User',
      $metadata: { httpStatusCode: 429 },
    });
  });

  test('a dry run checks and runs nothing', async () => {
    const { StatusCode, Payload } = await invoke({ InvocationType: 'DryRun' });
    expect([StatusCode, text(Payload), bench.invoked]).toEqual([204, '', []]);
    await expect(invoke({ InvocationType: 'DryRun', FunctionName: 'nobody' })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  test('an event is queued, with the answer’s request id', async () => {
    const answer = await invoke({ InvocationType: 'Event', Payload: Buffer.from('[1]') });
    expect([answer.StatusCode, answer.$metadata.httpStatusCode, text(answer.Payload)]).toEqual([202, 202, '']);
    expect(answer.ExecutedVersion).toBeUndefined();
    expect(bench.events).toMatchObject([{ functionArn: WORKER_ARN, requestId: answer.$metadata.requestId }]);
    expect([text(bench.events[0]?.payload), bench.invoked]).toEqual(['[1]', []]);
  });

  test('InvokeAsync queues, too', async () => {
    const old = new InvokeAsyncCommand({ FunctionName: 'worker', InvokeArgs: Buffer.from('{"old":true}') });
    expect(await bench.client.send(old)).toMatchObject({ Status: 202 });
    expect(text(bench.events[0]?.payload)).toBe('{"old":true}');
  });

  test('a function that is not there is named with $LATEST', async () => {
    const arn = 'arn:aws:lambda:us-east-1:000000000000:function';
    await expect(invoke({ FunctionName: 'nobody' })).rejects.toMatchObject({
      message: `Function not found: ${arn}:nobody:$LATEST`,
    });
    await expect(invoke({ Qualifier: 'live' })).rejects.toMatchObject({
      message: `Function not found: ${arn}:worker:live`,
    });
  });

  test('payloads are limited to 6 MB, and events to 1 MB', async () => {
    const Payload = Buffer.from(JSON.stringify('x'.repeat(1024 * 1024 - 1)));
    expect((await invoke({ Payload })).StatusCode).toBe(200);
    await expect(invoke({ Payload, InvocationType: 'Event' })).rejects.toMatchObject({
      name: 'RequestEntityTooLargeException',
      message: '1048577 byte payload is too large for the Event invocation type (limit 1048576 bytes)',
      $metadata: { httpStatusCode: 413 },
    });
    await expect(invoke({ Payload: Buffer.alloc(6_291_457, 0x20) })).rejects.toMatchObject({
      name: 'RequestEntityTooLargeException',
      message: 'Request must be smaller than 6291456 bytes for the InvokeFunction operation',
    });
  });

  test('an unknown type is a violation', async () => {
    await expect(invoke({ InvocationType: 'Later' as never })).rejects.toMatchObject({
      name: 'ValidationException',
      message:
        "1 validation error detected: Value 'Later' at 'invocationType' failed to satisfy constraint: Member must satisfy enum value set: [Event, RequestResponse, DryRun]",
    });
  });

  test('what is no JSON is refused in the words of AWS’s parser', async () => {
    const Payload = Buffer.from('n\x87r\x9e', 'latin1');
    await expect(invoke({ Payload })).rejects.toMatchObject({
      name: 'InvalidRequestContentException',
      message:
        'Could not parse request body into json: Could not parse payload into json: Invalid UTF-8 start byte 0x87\n at [Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: 1, column: 3]',
      Type: 'User',
    });
  });

  test('the answer is JSON by its content type', async () => {
    const raw = await fetch(`${bench.url}/2015-03-31/functions/worker/invocations`, {
      method: 'POST',
      body: '{}',
      headers: { authorization: 'AWS4-HMAC-SHA256 Credential=test/20220101/us-east-1/lambda/aws4_request' },
    });
    expect([raw.headers.get('content-type'), raw.headers.get('x-amz-executed-version')]).toEqual([
      'application/json',
      '$LATEST',
    ]);
  });
});

const EXPECTED = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";

test.each([
  ['hello', `Unrecognized token 'hello': was expecting ${EXPECTED}`, 1, 6],
  ['\x99\xeb,j', `Unexpected character ((CTRL-CHAR, code 153)): expected a valid value ${EXPECTED}`, 1, 1],
  ['{"a":}', `Unexpected character ('}' (code 125)): expected a valid value ${EXPECTED}`, 1, 6],
  ['{\n"a" 1}', "Unexpected character ('1' (code 49)): was expecting a colon to separate field name and value", 2, 5],
  ["{'a':1}", "Unexpected character (''' (code 39)): was expecting double-quote to start field name", 1, 2],
  ['[1 2]', "Unexpected character ('2' (code 50)): was expecting comma to separate Array entries", 1, 4],
  ['{"a":1', 'Unexpected end-of-input', 1, 7],
])('%j is no JSON', (given, what, line, column) => {
  const source = '[Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled)';
  expect(jsonFault(Buffer.from(given, 'latin1'))).toBe(`${what}\n at ${source}; line: ${line}, column: ${column}]`);
});

test.each(['null', ' [1, "물", {"a": -1.5e3}] ', '"\\u0041"', 'true'])('%s is JSON', (given) => {
  expect(jsonFault(Buffer.from(given))).toBeUndefined();
});
