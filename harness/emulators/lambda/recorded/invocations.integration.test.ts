import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DeleteFunctionConcurrencyCommand,
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  InvokeCommand,
  PutFunctionConcurrencyCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { zipOf } from '../testing.ts';
import { FUNCTION, type RecordedBench, recordedBench, refusal, refused, UUID } from './testing.ts';

/** Invocations of Node functions and of OS-only runtimes, as AWS was recorded to answer and to log them. */
let bench: RecordedBench;
beforeAll(async () => {
  bench = await recordedBench();
});
afterAll(() => bench[Symbol.asyncDispose]());

const ECHO = 'export const handler = async (event) => { console.log(JSON.stringify(event)); return event; };\n';
const OK = { StatusCode: 200, ExecutedVersion: '$LATEST', status: 200, requestId: expect.stringMatching(UUID) };
const failed = (payload: object) => ({ ...OK, FunctionError: 'Unhandled', payload });
const reserve = (FunctionName: string, ReservedConcurrentExecutions: number) =>
  bench.lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions }));
const THROTTLED = {
  status: 429,
  code: 'TooManyRequestsException',
  message: 'Rate Exceeded.',
  Type: 'User',
  Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
};

describe('an invocation', () => {
  test('that is waited for brings back what the function made of it', async () => {
    await bench.node('echo', ECHO);
    expect(await bench.invoke('echo', { a: 'b' })).toEqual({ ...OK, payload: { a: 'b' } });
    expect(await bench.invoke('echo', {}, { InvocationType: 'RequestResponse' })).toEqual({ ...OK, payload: {} });
  });

  test('that is not waited for, and one that is none, bring back nothing', async () => {
    await bench.node('later', ECHO);
    const requestId = expect.stringMatching(UUID);
    expect(await bench.invoke('later', {}, { InvocationType: 'Event' })).toEqual({
      StatusCode: 202,
      status: 202,
      payload: undefined,
      requestId,
    });
    expect(await bench.invoke('later', {}, { InvocationType: 'DryRun' })).toEqual({
      StatusCode: 204,
      status: 204,
      payload: undefined,
      requestId,
    });
    await bench.clock.settled();
  });

  test('of a function that returns nothing brings back null', async () => {
    await bench.node('nothing', 'export const handler = async () => {};\n');
    expect(await bench.invoke('nothing')).toEqual({ ...OK, payload: null });
  });

  test('has one request id: in the answer, for the handler, and in the log', async () => {
    await bench.node('identity', 'export const handler = async (event, context) => context.awsRequestId;\n');
    const { payload, requestId, log = '' } = await bench.invoke('identity', {}, { LogType: 'Tail' });
    expect(payload).toBe(requestId);
    expect(log.match(new RegExp(requestId, 'g'))).toHaveLength(3);
  });

  test('shows its log from START to REPORT', async () => {
    await bench.node('logging', ECHO, { Runtime: 'nodejs22.x' });
    const { requestId: id, log = '' } = await bench.invoke('logging', {}, { LogType: 'Tail' });
    expect(log.split(/(?<=\n)/)).toEqual([
      `START RequestId: ${id} Version: $LATEST\n`,
      expect.stringMatching(new RegExp(`^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z\\t${id}\\tINFO\\t{}\\n$`)),
      `END RequestId: ${id}\n`,
      expect.stringMatching(
        new RegExp(
          `^REPORT RequestId: ${id}\\tDuration: [\\d.]+ ms\\tBilled Duration: \\d+ ms\\tMemory Size: 128 MB\\tMax Memory Used: \\d+ MB\\tInit Duration: [\\d.]+ ms\\t\\n$`,
        ),
      ),
    ]);
  });

  test('finds the environment as the one before left it', async () => {
    await bench.node('cache', 'let counter = 0;\nexport const handler = async () => ({ counter: counter++ });\n');
    expect(await bench.invoke('cache')).toEqual({ ...OK, payload: { counter: 0 } });
    expect(await bench.invoke('cache')).toEqual({ ...OK, payload: { counter: 1 } });
  });

  test('sees the function’s variables', async () => {
    const Environment = { Variables: { Hello: 'World' } };
    await bench.node('variables', 'export const handler = async () => process.env.Hello;\n', { Environment });
    expect((await bench.invoke('variables')).payload).toBe('World');
    const shown = await bench.lambda.send(new GetFunctionConfigurationCommand({ FunctionName: 'variables' }));
    expect(shown.Environment).toEqual(Environment);
  });

  test('sees what AWS sets, and its own process', async () => {
    const source = 'export const handler = async () => ({ variables: process.env, folder: process.cwd() });\n';
    await bench.node('introspective', source, { MemorySize: 1024 });
    const { variables, folder } = (await bench.invoke('introspective')).payload;
    expect(variables).toMatchObject({
      AWS_ACCESS_KEY_ID: expect.any(String),
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '1024',
      AWS_LAMBDA_FUNCTION_NAME: 'introspective',
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/introspective',
      AWS_LAMBDA_LOG_STREAM_NAME: expect.any(String),
      AWS_LAMBDA_RUNTIME_API: expect.stringMatching(/:\d+$/),
      AWS_REGION: 'us-east-1',
      AWS_SECRET_ACCESS_KEY: expect.any(String),
      LAMBDA_RUNTIME_DIR: '/var/runtime',
      LAMBDA_TASK_ROOT: folder,
      LANG: 'en_US.UTF-8',
      NODE_PATH: expect.any(String),
      PATH: expect.stringMatching(/:\/usr\/local\/bin:\/usr\/bin:\/bin:\/opt\/bin$/),
      TZ: ':UTC',
      _HANDLER: 'index.handler',
      _X_AMZN_TRACE_ID: expect.stringMatching(/^Root=1-/),
    });
  });

  test('sees a context with the client’s in it', async () => {
    await bench.node('context', 'export const handler = async (event, context) => ({ context });\n', {
      Runtime: 'nodejs22.x',
    });
    const given = { custom: { foo: 'bar' }, client: { snap: ['crackle', 'pop'] }, env: { fizz: 'buzz' } };
    const ClientContext = Buffer.from(JSON.stringify(given)).toString('base64');
    const { payload, requestId } = await bench.invoke('context', {}, { ClientContext });
    expect(payload).toEqual({
      context: {
        callbackWaitsForEmptyEventLoop: true,
        functionVersion: '$LATEST',
        functionName: 'context',
        memoryLimitInMB: '128',
        logGroupName: '/aws/lambda/context',
        logStreamName: expect.stringMatching(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/),
        clientContext: given,
        invokedFunctionArn: `${FUNCTION}:context`,
        awsRequestId: requestId,
      },
    });
  });

  test('sees the name it was invoked by: without a qualifier, or with $LATEST', async () => {
    await bench.node('named', 'export const handler = async (event, context) => context.invokedFunctionArn;\n');
    expect((await bench.invoke('named')).payload).toBe(`${FUNCTION}:named`);
    expect((await bench.invoke('named', {}, { Qualifier: '$LATEST' })).payload).toBe(`${FUNCTION}:named:$LATEST`);
    const Qualifier = '$LATEST';
    const shown = new GetFunctionConfigurationCommand({ FunctionName: 'named', Qualifier });
    expect((await bench.lambda.send(shown)).FunctionArn).toBe(`${FUNCTION}:named:$LATEST`);
  });

  test('runs what a wrapper starts', async () => {
    const source = 'export const handler = async () => process.env.WRAPPER_VAR;\n';
    const AWS_LAMBDA_EXEC_WRAPPER = '/var/task/environment_wrapper';
    const ZipFile = zipOf(
      { name: 'index.mjs', content: source },
      { name: 'environment_wrapper', content: '#!/bin/sh\nexport WRAPPER_VAR=mine\nexec "$@"\n', mode: 0o100755 },
    );
    await bench.node('wrapped', '', { Code: { ZipFile }, Environment: { Variables: { AWS_LAMBDA_EXEC_WRAPPER } } });
    expect(await bench.invoke('wrapped')).toEqual({ ...OK, payload: 'mine' });
  });
});

describe('payloads', () => {
  test('of 6 MB pass', async () => {
    await bench.node('large', 'export const handler = async ({ bytes }) => "a".repeat(bytes);\n');
    const { payload, FunctionError } = await bench.invoke('large', { bytes: 6 * 1024 * 1024 });
    expect([FunctionError, payload.length]).toEqual([undefined, 6 * 1024 * 1024]);
    const given = 'a'.repeat(6 * 1024 * 1024 - 100);
    expect((await bench.invoke('large', { bytes: 1, given })).payload).toBe('a');
  });

  test('of 7 MB are refused to the function, again and again', async () => {
    await bench.node('larger', 'export const handler = async ({ bytes }) => "a".repeat(bytes);\n');
    for (const _again of [1, 2]) {
      expect(await bench.invoke('larger', { bytes: 7 * 1024 * 1024 })).toEqual(
        failed({
          errorType: 'Function.ResponseSizeTooLarge',
          errorMessage: 'Response payload size exceeded maximum allowed payload size (6291556 bytes).',
        }),
      );
    }
  });

  test.each([
    ['n\x87r\x9e\xe9\xb5\xd7I\xee\x9bmt', 'Invalid UTF-8 start byte 0x87', 3],
    [
      '\x99\xeb,j\x07\xa1zYh',
      "Unexpected character ((CTRL-CHAR, code 153)): expected a valid value (JSON String, Number, Array, Object or token 'null', 'true' or 'false')",
      1,
    ],
  ])('that are no JSON: %j', async (bytes, what, column) => {
    await bench.node(`no-json-${column}`, ECHO);
    const Payload = Buffer.from(bytes, 'latin1');
    expect(await refused(bench.lambda.send(new InvokeCommand({ FunctionName: `no-json-${column}`, Payload })))).toEqual(
      {
        status: 400,
        code: 'InvalidRequestContentException',
        message: `Could not parse request body into json: Could not parse payload into json: ${what}\n at [Source: REDACTED (\`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION\` disabled); line: 1, column: ${column}]`,
        Type: 'User',
      },
    );
  });
});

describe('a function that fails', () => {
  test('by an error: with its type, its text and its trace', async () => {
    await bench.node('throws', "export const handler = async () => { throw new Error('Error: some_error_msg'); };\n");
    const trace = expect.arrayContaining([expect.stringContaining('some_error_msg')]);
    expect(await bench.invoke('throws')).toEqual(
      failed({ errorType: 'Error', errorMessage: 'Error: some_error_msg', trace }),
    );
  });

  test('by an error, in the same way with every runtime', async () => {
    const source = "exports.handler = async () => { throw new Error('Error: some_error_msg'); };\n";
    const ZipFile = zipOf({ name: 'index.js', content: source });
    const answers = ['16', '18', '20', '22', '24'].map(async (version) => {
      const Runtime = `nodejs${version}.x` as 'nodejs24.x';
      await bench.node(`throws-${version}`, '', { Code: { ZipFile }, Runtime });
      return [Runtime, (await bench.invoke(`throws-${version}`)).payload];
    });
    for (const [runtime, payload] of await Promise.all(answers)) {
      const trace = expect.arrayContaining(['Error: Error: some_error_msg']);
      const expected = { errorType: 'Error', errorMessage: 'Error: some_error_msg', trace };
      expect([runtime, payload]).toEqual([runtime, expected]);
    }
  });

  test('by taking too long', async () => {
    await bench.node('slow', 'export const handler = () => new Promise((done) => setTimeout(done, 5000));\n', {
      Timeout: 1,
    });
    const { requestId, ...answer } = await bench.invoke('slow');
    expect({ requestId, ...answer }).toEqual(
      failed({
        errorType: 'Sandbox.Timedout',
        errorMessage: `RequestId: ${requestId} Error: Task timed out after 1.00 seconds`,
      }),
    );
  });

  test('not by taking as long as it may', async () => {
    await bench.node('in-time', 'export const handler = () => new Promise((done) => setTimeout(done, 200, null));\n', {
      Timeout: 2,
    });
    expect(await bench.invoke('in-time')).toEqual({ ...OK, payload: null });
  });

  test('a time-out ends the process, and leaves /tmp to the next', async () => {
    const source = `
      import { readFileSync, writeFileSync } from 'node:fs';
      import { tmpdir } from 'node:os';
      let number = 0;
      export const handler = async ({ write, read, set, sleep }) => {
        if (write) writeFileSync(tmpdir() + '/kept', write);
        if (read) return { content: readFileSync(tmpdir() + '/kept', 'utf8'), number };
        if (set) number = set;
        if (sleep) await new Promise((done) => setTimeout(done, sleep));
        return null;
      };`;
    await bench.node('reused', source, { Timeout: 1 });
    await bench.invoke('reused', { write: 'some-content' });
    await bench.invoke('reused', { set: 42 });
    expect((await bench.invoke('reused', { read: true })).payload).toEqual({ content: 'some-content', number: 42 });
    expect((await bench.invoke('reused', { sleep: 5000 })).FunctionError).toBe('Unhandled');
    expect((await bench.invoke('reused', { read: true })).payload).toEqual({ content: 'some-content', number: 0 });
  });

  test('by leaving, while it starts or while it runs', async () => {
    await bench.node('leaves-early', 'process.exit(0);\n');
    await bench.node('leaves', 'export const handler = async () => process.exit(0);\n');
    for (const name of ['leaves-early', 'leaves']) {
      const { requestId, ...answer } = await bench.invoke(name);
      expect({ requestId, ...answer }).toEqual(
        failed({
          errorType: 'Runtime.ExitError',
          errorMessage: `RequestId: ${requestId} Error: Runtime exited without providing a reason`,
        }),
      );
    }
  });

  test('by a wrapper that is not there', async () => {
    const Environment = { Variables: { AWS_LAMBDA_EXEC_WRAPPER: '/idontexist.sh' } };
    await bench.node('unwrapped', ECHO, { Environment });
    const { requestId, ...answer } = await bench.invoke('unwrapped');
    expect({ requestId, ...answer }).toEqual(
      failed({
        errorType: 'Runtime.ExitError',
        errorMessage: `RequestId: ${requestId} Error: Runtime exited with error: exit status 127`,
      }),
    );
  });

  test('of an OS-only runtime, by what its bootstrap says', async () => {
    const error = '{"errorMessage":"Error: some_error_msg","errorType":"errorString"}';
    const bootstrap = `#!/bin/sh
api="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation"
while true; do
  id=$(curl -sS -D - -o /dev/null "$api/next" | tr -d '\\r' | sed -n 's/^lambda-runtime-aws-request-id: //Ip')
  curl -sS -o /dev/null -H 'Lambda-Runtime-Function-Error-Type: errorString' -d '${error}' "$api/$id/error"
done
`;
    await bench.provided('says', bootstrap);
    expect(await bench.invoke('says')).toEqual(failed(JSON.parse(error)));
  });
});

describe('reserved concurrency', () => {
  test('of 0 refuses every invocation, until it is taken away', async () => {
    await bench.node('blocked', ECHO);
    expect((await bench.invoke('blocked', { hello: 'world' })).payload).toEqual({ hello: 'world' });
    await reserve('blocked', 0);
    expect(await refused(bench.invoke('blocked'))).toEqual(THROTTLED);
    expect(await refused(bench.invoke('blocked', {}, { Qualifier: '$LATEST' }))).toEqual(THROTTLED);
    await bench.lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName: 'blocked' }));
    expect((await bench.invoke('blocked', 1)).payload).toBe(1);
  });

  test('of 1 refuses what comes while an event runs, and the next event waits', async () => {
    const source = `
      import { watch, existsSync } from 'node:fs';
      export const handler = async ({ until }, { awsRequestId }) => {
        console.log('running ' + awsRequestId);
        while (until && !existsSync(until)) await new Promise((done) => setTimeout(done, 20));
        return awsRequestId;
      };`;
    const folder = await mkdtemp(join(tmpdir(), 'naetmul-recorded-'));
    const until = join(folder, 'go');
    await bench.node('busy', source, { Timeout: 30 });
    await bench.invoke('busy');
    await reserve('busy', 1);
    const running = () => bench.logOf('busy').flatMap(({ message }) => /\trunning (\S+)/.exec(message)?.[1] ?? []);
    const first = await bench.enqueue('busy', { until });
    await expect.poll(running, { timeout: 10_000 }).toContain(first);
    const second = await bench.enqueue('busy', {});
    expect(await refused(bench.invoke('busy'))).toEqual(THROTTLED);
    await reserve('busy', 3);
    const third = await bench.invoke('busy');
    await writeFile(until, '');
    await expect.poll(running, { timeout: 10_000 }).toHaveLength(4);
    expect(running().slice(1).sort()).toEqual([first, second, third.requestId].sort());
    await rm(folder, { recursive: true });
  });
});

describe('an update', () => {
  test('of the handler’s name counts for the next invocation', async () => {
    const source = `
      export const handler = async () => ({ handler: 'handler' });
      export const handlerTwo = async () => ({ handler: 'handlerTwo' });`;
    await bench.node('two', source);
    expect((await bench.invoke('two')).payload).toEqual({ handler: 'handler' });
    const update = { FunctionName: 'two', Handler: 'index.handlerTwo' };
    await bench.lambda.send(new UpdateFunctionConfigurationCommand(update));
    const { Configuration } = await bench.lambda.send(new GetFunctionCommand({ FunctionName: 'two' }));
    expect(Configuration?.Handler).toBe('index.handlerTwo');
    expect((await bench.invoke('two')).payload).toEqual({ handler: 'handlerTwo' });
  });

  test('leaves the invocation alone that is running, and changes the next', async () => {
    const source = `
      export const handler = async ({ sleep }) => {
        console.log('running');
        if (sleep) await new Promise((done) => setTimeout(done, sleep));
        return process.env.VARIANT;
      };`;
    await bench.node('variant', source, { Environment: { Variables: { VARIANT: 'variant-1' } }, Timeout: 30 });
    const before = bench.invoke('variant', { sleep: 500 });
    await expect.poll(() => bench.logOf('variant').some(({ message }) => message.includes('\trunning'))).toBe(true);
    const Environment = { Variables: { VARIANT: 'variant-2' } };
    await bench.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: 'variant', Environment }));
    expect((await bench.invoke('variant')).payload).toBe('variant-2');
    expect((await before).payload).toBe('variant-1');
  });
});

test('a function that is not there is named with $LATEST', async () => {
  expect(await refused(bench.invoke('doesnotexist'))).toEqual(
    refusal.missing(`Function not found: ${FUNCTION}:doesnotexist:$LATEST`),
  );
});
