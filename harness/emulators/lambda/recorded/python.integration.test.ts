import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lambdaPython } from '../../../engines/lambda-python/index.ts';
import { cacheFolder } from '../../../engines/setup/cache-folder.ts';
import { zipOf } from '../testing.ts';
import { FUNCTION, type RecordedBench, recordedBench, UUID } from './testing.ts';

/** Invocations of Python functions, as AWS was recorded to answer and to log them. */
let bench: RecordedBench;
beforeAll(async () => {
  const context = { cacheDir: cacheFolder(), offline: false, progress: () => undefined };
  const { signal } = new AbortController();
  bench = await recordedBench({ python: (runtime) => lambdaPython({ ...context, signal }, runtime) });
});
afterAll(() => bench[Symbol.asyncDispose]());

const OK = { StatusCode: 200, ExecutedVersion: '$LATEST', status: 200, requestId: expect.stringMatching(UUID) };
const failed = (payload: object) => ({ ...OK, FunctionError: 'Unhandled', payload });
const REPORT =
  /^REPORT RequestId: \S+\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms\tMemory Size: 128 MB\tMax Memory Used: \d+ MB\t(Init Duration: [\d.]+ ms\t)?\n$/;
/** Every line of a text, with its end. */
const linesOf = (text: string) => text.split(/(?<=\n)/);

/** Says in two ways that it runs, tells what it sees, and raises where it is asked to. */
const TALKATIVE = `
import logging
logging.getLogger().setLevel(logging.INFO)
counter = -1
def handler(event, context):
    global counter
    counter += 1
    print("printed")
    logging.getLogger().info("logged")
    if event.get("raise"):
        raise Exception("Test exception (this is intentional)")
    members = ["invoked_function_arn", "function_version", "function_name", "memory_limit_in_mb", "aws_request_id",
               "log_group_name", "log_stream_name", "client_context"]
    return {"event": event, "counter": counter, "context": {name: getattr(context, name) for name in members}}
`;

describe('a function', () => {
  test('sees its event and its context, and logs by print and by logging', async () => {
    await bench.python('talkative', TALKATIVE);
    const event = { foo: 'bar with \'quotes"' };
    const { log = '', requestId, ...answer } = await bench.invoke('talkative', event, { LogType: 'Tail' });
    expect({ ...answer, requestId }).toEqual({
      ...OK,
      payload: {
        event,
        counter: 0,
        context: {
          invoked_function_arn: `${FUNCTION}:talkative`,
          function_version: '$LATEST',
          function_name: 'talkative',
          memory_limit_in_mb: '128',
          aws_request_id: requestId,
          log_group_name: '/aws/lambda/talkative',
          log_stream_name: expect.stringMatching(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/),
          client_context: null,
        },
      },
    });
    expect(linesOf(log)).toEqual([
      `START RequestId: ${requestId} Version: $LATEST\n`,
      'printed\n',
      expect.stringMatching(new RegExp(`^\\[INFO\\]\\t\\d{4}-\\S+Z\\t${requestId}\\tlogged\\n$`)),
      `END RequestId: ${requestId}\n`,
      expect.stringMatching(REPORT),
    ]);
    expect((await bench.invoke('talkative')).payload.counter).toBe(1);
  });

  test('that returns nothing returns null', async () => {
    await bench.python('nothing', 'def handler(event, context):\n    pass\n');
    expect(await bench.invoke('nothing')).toEqual({ ...OK, payload: null });
    expect(await bench.invoke('nothing', {}, { InvocationType: 'Event' })).toMatchObject({
      StatusCode: 202,
      payload: undefined,
    });
    await bench.clock.settled();
  });

  test('prints several lines as several events, but for a carriage return', async () => {
    await bench.python('prints', 'def handler(event, context):\n    print(event["body"])\n');
    await bench.invoke('prints', { body: 'multi\nline\nstring\nanother\rline' });
    expect(bench.logOf('prints').map(({ message }) => message)).toEqual([
      expect.stringMatching(
        /^INIT_START Runtime Version: python:3\.12\.v\d+\tRuntime Version ARN: arn:aws:lambda:us-east-1::runtime:[0-9a-f]{64}\n$/,
      ),
      expect.stringMatching(/^START RequestId: \S+ Version: \$LATEST\n$/),
      'multi\n',
      'line\n',
      'string\n',
      'another\rline\n',
      expect.stringMatching(/^END RequestId: \S+\n$/),
      expect.stringMatching(REPORT),
    ]);
  });

  test('has a handler in a module of a package', async () => {
    const ZipFile = zipOf(
      { name: 'localpackage/__init__.py', content: '' },
      { name: 'localpackage/handler.py', content: 'def handler(event, context):\n    return event\n' },
    );
    await bench.python('submodule', '', { Code: { ZipFile }, Handler: 'localpackage/handler.handler' });
    expect(await bench.invoke('submodule', { a: 1 })).toEqual({ ...OK, payload: { a: 1 } });
    await bench.python('dotted', '', { Code: { ZipFile }, Handler: 'localpackage.handler.handler' });
    expect(await bench.invoke('dotted', { a: 1 })).toEqual({ ...OK, payload: { a: 1 } });
  });
});

describe('what AWS sets in a function’s environment', () => {
  /** Names that AWS sets for Python and naetmul does not: see docs/fidelity/lambda-recorded.md. */
  const NOT_HERE = [
    'AWS_SESSION_TOKEN',
    'AWS_XRAY_CONTEXT_MISSING',
    'AWS_XRAY_DAEMON_ADDRESS',
    'LD_LIBRARY_PATH',
    'PWD',
    'SHLVL',
    '_AWS_XRAY_DAEMON_ADDRESS',
    '_AWS_XRAY_DAEMON_PORT',
  ];

  test('is there under the same names, and with the same values where they do not depend on the machine', async () => {
    const source = 'import os\ndef handler(event, context):\n    return dict(os.environ)\n';
    const Environment = { Variables: { TEST_KEY: 'TEST_VAL' } };
    await bench.python('introspective', source, { Environment, MemorySize: 1024 });
    const { payload } = await bench.invoke('introspective');
    expect(payload).toMatchObject({
      AWS_ACCESS_KEY_ID: expect.any(String),
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_EXECUTION_ENV: 'AWS_Lambda_python3.12',
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
      LAMBDA_TASK_ROOT: expect.any(String),
      LANG: 'en_US.UTF-8',
      PATH: expect.stringMatching(/:\/usr\/local\/bin:\/usr\/bin:\/bin:\/opt\/bin$/),
      PYTHONPATH: expect.any(String),
      TEST_KEY: 'TEST_VAL',
      TZ: ':UTC',
      _HANDLER: 'handler.handler',
      _X_AMZN_TRACE_ID: expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0/),
    });
    expect(NOT_HERE.filter((name) => name in payload)).toEqual([]);
  });
});

describe('a function that fails', () => {
  const TRACE = 'handler\\.py", line';

  test('in its handler: with the error, its trace, and a line in the log', async () => {
    await bench.python('raises', TALKATIVE);
    const { log = '', requestId, ...answer } = await bench.invoke('raises', { raise: 1 }, { LogType: 'Tail' });
    expect({ ...answer, requestId }).toEqual(
      failed({
        errorMessage: 'Test exception (this is intentional)',
        errorType: 'Exception',
        requestId,
        stackTrace: [expect.stringMatching(new RegExp(`^  File ".*${TRACE} 11, in handler\\n    raise Exception`))],
      }),
    );
    expect(linesOf(log).map((line) => line.trimEnd())).toEqual([
      `START RequestId: ${requestId} Version: $LATEST`,
      'printed',
      expect.stringMatching(/^\[INFO\]\t\S+\t\S+\tlogged$/),
      '[ERROR] Exception: Test exception (this is intentional)',
      'Traceback (most recent call last):',
      expect.stringMatching(/^\u00a0{2}File ".*handler\.py", line 11, in handler$/),
      '\u00a0\u00a0\u00a0\u00a0raise Exception("Test exception (this is intentional)")',
      `END RequestId: ${requestId}`,
      expect.stringMatching(/^REPORT /),
    ]);
  });

  test('fails in the same way with every runtime since 3.9', async () => {
    const source = 'def handler(event, context):\n    raise Exception("Failed: some_error_msg")\n';
    const versions = ['3.9', '3.10', '3.11', '3.12', '3.13', '3.14'];
    const answers = versions.map(async (version) => {
      const name = `python${version.replace('.', '-')}`;
      await bench.python(name, source, { Runtime: `python${version}` as 'python3.12', MemorySize: 1024 });
      const { payload, requestId } = await bench.invoke(name);
      return { version, payload, requestId };
    });
    for (const { version, payload, requestId } of await Promise.all(answers)) {
      const stackTrace = [expect.stringContaining('some_error_msg')];
      const expected = { errorMessage: 'Failed: some_error_msg', errorType: 'Exception', requestId, stackTrace };
      expect([version, payload]).toEqual([version, expected]);
    }
  });

  test('while it is imported: with no request’s id', async () => {
    await bench.python('fails-early', 'raise Exception("Runtime startup fails")\n');
    expect(await bench.invoke('fails-early')).toEqual(
      failed({
        errorMessage: 'Runtime startup fails',
        errorType: 'Exception',
        requestId: '',
        stackTrace: expect.arrayContaining([
          expect.stringMatching(/importlib/),
          expect.stringMatching(/handler\.py", line 1, in <module>\n {4}raise Exception\("Runtime startup fails"\)\n$/),
        ]),
      }),
    );
  });

  test.each([
    ['leaves-early', 'import sys\nsys.exit(0)\n'],
    ['leaves', 'import sys\ndef handler(event, context):\n    sys.exit(0)\n'],
  ])('by leaving: %s', async (name, source) => {
    await bench.python(name, source);
    const { requestId, ...answer } = await bench.invoke(name);
    expect({ requestId, ...answer }).toEqual(
      failed({
        errorType: 'Runtime.ExitError',
        errorMessage: `RequestId: ${requestId} Error: Runtime exited without providing a reason`,
      }),
    );
  });
});

test('an event that fails is logged each time, in the same stream, under the same id', async () => {
  await bench.clock.hold();
  const source = `
class CustomException(Exception):
    pass

def handler(event, context):
    raise CustomException("some error occurred")
`;
  await bench.python('retried', source);
  const requestId = await bench.enqueue('retried', {});
  await bench.clock.settled();
  await bench.clock.advance(60_000);
  await bench.clock.real();
  const logged = bench.logOf('retried');
  const run = [
    `START RequestId: ${requestId} Version: $LATEST\n`,
    expect.stringMatching(
      /^\[ERROR\] CustomException: some error occurred\nTraceback \(most recent call last\):\n\u00a0{2}File ".*handler\.py", line 6, in handler\n\u00a0{4}raise CustomException\("some error occurred"\)$/,
    ),
    `END RequestId: ${requestId}\n`,
    expect.stringMatching(REPORT),
  ];
  expect(logged.map(({ message }) => message)).toEqual([expect.stringMatching(/^INIT_START /), ...run, ...run]);
  expect(new Set(logged.map(({ stream }) => stream)).size).toBe(1);
});
