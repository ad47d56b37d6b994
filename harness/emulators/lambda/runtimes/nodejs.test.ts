import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { createMirror } from '../../../clock/index.ts';
import { createFolder, LOG_STREAM, REQUEST_ID, type Sample, start, stopAll } from './test-support.ts';

afterEach(stopAll);

const RESPONSE = `invocation/${REQUEST_ID}/response`;
const ERROR = `invocation/${REQUEST_ID}/error`;
const INIT_ERROR = 'init/error';

/** The answer to one event. */
async function answerOf(sample: Sample, event: unknown = {}) {
  const { path, errorType, body } = await (await start(sample)).invoke(event);
  return { path, errorType, answer: JSON.parse(body) };
}

const echo = (code: string): string => `exports.handler = async (event) => (${code});`;

describe('finds the handler', () => {
  const ways: readonly [what: string, handler: string, files: Record<string, string>][] = [
    ['CommonJS', 'index.handler', { 'index.js': echo('event.a') }],
    [
      'a nested export in a folder',
      'src/app.api.v1',
      { 'src/app.js': 'exports.api = { v1: async (event) => event.a }' },
    ],
    ['a file without an extension', 'index.handler', { index: echo('event.a') }],
    ['an ES module', 'index.handler', { 'index.mjs': 'export const handler = async (event) => event.a;' }],
    [
      'an ES module by its package, with a top-level await',
      'src/index.handler',
      {
        'package.json': '{"type":"module"}',
        'src/index.js': 'const a = await Promise.resolve("a"); export const handler = async (event) => event[a];',
      },
    ],
    [
      '.cjs in a module package',
      'index.handler',
      { 'package.json': '{"type":"module"}', 'index.cjs': echo('event.a') },
    ],
    [
      'TypeScript without a package.json',
      'index.handler',
      { 'index.ts': 'export const handler = async (event: { a: number }): Promise<number> => event.a;' },
    ],
    [
      'TypeScript that imports TypeScript',
      'src/index.handler',
      {
        'src/index.mts': "import { pick } from './pick.ts'; export const handler = async (event: any) => pick(event);",
        'src/pick.ts': 'export const pick = (event: { a: number }): number => event.a;',
      },
    ],
    ['CommonJS TypeScript', 'index.handler', { 'index.cts': 'exports.handler = async (event: any) => event.a;' }],
    ['JavaScript before TypeScript', 'index.handler', { 'index.js': echo('event.a'), 'index.ts': 'throw 1;' }],
  ];
  for (const runtime of ['nodejs22.x', 'nodejs24.x']) {
    test.each(ways)(`of ${runtime}: %s`, async (_what, handler, files) => {
      expect(await answerOf({ runtime, handler, files }, { a: 7 })).toMatchObject({ path: RESPONSE, answer: 7 });
    });
  }
});

describe('ends as AWS does when the handler cannot be had', () => {
  const ways: readonly [type: string, message: string, handler: string, files: Record<string, string>][] = [
    [
      'Runtime.ImportModuleError',
      "Error: Cannot find module 'index'\nRequire stack:\n- /var/runtime/index.mjs",
      'index.handler',
      { 'other.js': '' },
    ],
    ['Runtime.HandlerNotFound', 'index.handler is undefined or not exported', 'index.handler', { 'index.js': '' }],
    [
      'Runtime.HandlerNotFound',
      'index.handler is not a function',
      'index.handler',
      { 'index.js': 'exports.handler = 1' },
    ],
    ['Runtime.MalformedHandlerName', 'Bad handler', 'index', { 'index.js': '' }],
    [
      'Runtime.MalformedHandlerName',
      "'../index.handler' is not a valid handler name. Use absolute paths when specifying root directories in handler names.",
      '../index.handler',
      { 'index.js': '' },
    ],
    ['Runtime.UserCodeSyntaxError', "SyntaxError: Unexpected token ')'", 'index.handler', { 'index.js': 'f(}' }],
    ['TypeError', 'no', 'index.handler', { 'index.js': 'throw new TypeError("no")' }],
  ];
  for (const [runtime, code, what] of [
    ['nodejs22.x', 129, 'Uncaught Exception'],
    ['nodejs24.x', 1, 'Init Error'],
  ] as const) {
    test.each(ways)(`of ${runtime}: %s (%s)`, async (errorType, errorMessage, handler, files) => {
      const failed = await start({ runtime, handler, files });
      const told = await failed.told();
      expect(told).toMatchObject({ path: INIT_ERROR, errorType });
      const payload = JSON.parse(told.body);
      expect(payload).toEqual({ errorType, errorMessage: payload.errorMessage, trace: expect.any(Array) });
      if (errorType !== 'Runtime.UserCodeSyntaxError') expect(payload.errorMessage).toBe(errorMessage);
      else expect(payload.errorMessage).toMatch(/^SyntaxError: /);
      expect(await failed.ended).toEqual({ code, signal: null });
      expect(failed.lines()[0]).toMatch(
        new RegExp(`^<time>\t(undefined|-)\tERROR\t${what} \t{"errorType":"${errorType}"`),
      );
    });
  }

  test('a module that the function itself lacks is named with who wanted it', async () => {
    const failed = await start({ files: { 'index.js': 'require("left-pad")' } });
    const { errorMessage } = JSON.parse((await failed.told()).body);
    const stack = `- ${join(failed.taskRoot, 'index.js')}\n- /var/runtime/index.mjs`;
    expect(errorMessage).toBe(`Error: Cannot find module 'left-pad'\nRequire stack:\n${stack}`);
  });

  test('a syntax error says where it is', async () => {
    const failed = await start({ files: { 'index.js': '\n\nexports.handler = async () => {' } });
    const { trace } = JSON.parse((await failed.told()).body);
    expect(trace[0]).toBe(`${join(failed.taskRoot, 'index.js')}:3`);
  });

  test('nodejs24.x has no callbacks any more', async () => {
    const files = { 'index.js': 'exports.handler = (event, context, callback) => callback(null, 1)' };
    const failed = await start({ runtime: 'nodejs24.x', files });
    expect(JSON.parse((await failed.told()).body)).toMatchObject({
      errorType: 'Runtime.CallbackHandlerDeprecated',
      errorMessage:
        'ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. You need to modify this function to use a supported handler signature to use Node.js 24 or later. For more information see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.',
    });
  });

  test('response streaming is refused in so many words', async () => {
    const files = { 'index.js': 'exports.handler = awslambda.streamifyResponse(async () => {})' };
    expect(JSON.parse((await (await start({ files })).told()).body).errorMessage).toBe(
      'Response streaming is not supported by naetmul: export a handler that returns its response.',
    );
  });
});

describe('takes what the handler gives', () => {
  const handler = (code: string) => ({ 'index.js': `exports.handler = ${code};` });
  const both: readonly [string, string, unknown][] = [
    ['a value', 'async () => ({ ok: "서울 🌊" })', { ok: '서울 🌊' }],
    ['nothing', 'async () => {}', null],
    ['a promise of a plain function', '() => new Promise((resolve) => setTimeout(resolve, 5, 1))', 1],
  ];
  for (const runtime of ['nodejs22.x', 'nodejs24.x']) {
    test.each(both)(`of ${runtime}: %s`, async (_what, code, answer) => {
      expect(await answerOf({ runtime, files: handler(code) })).toEqual({
        path: RESPONSE,
        errorType: undefined,
        answer,
      });
    });
  }

  test('what a plain function returns counts from nodejs24.x on', async () => {
    const files = handler('() => 1');
    expect(await answerOf({ runtime: 'nodejs22.x', files })).toMatchObject({ path: RESPONSE, answer: null });
    expect(await answerOf({ runtime: 'nodejs24.x', files })).toMatchObject({ path: RESPONSE, answer: 1 });
  });

  test('the older runtimes take the first of callback and context methods', async () => {
    const ways: [string, unknown][] = [
      ['(event, context, callback) => { callback(null, 1); callback(null, 2); }', 1],
      ['(event, context) => { context.succeed(2); context.fail(new Error()); }', 2],
      ['(event, context) => context.done(null, 3)', 3],
    ];
    for (const [code, answer] of ways) {
      expect(await answerOf({ files: handler(code) })).toMatchObject({ path: RESPONSE, answer });
    }
    const failing = handler('(event, context) => context.fail()');
    expect(await answerOf({ files: failing })).toEqual({
      path: ERROR,
      errorType: 'string',
      answer: { errorType: 'string', errorMessage: 'handled', trace: [] },
    });
  });

  test('a callback waits until the event loop is empty, unless told not to', async () => {
    const code = (waits: boolean) =>
      `(event, context, callback) => { context.callbackWaitsForEmptyEventLoop = ${waits}; const seen = [];
       setTimeout(() => seen.push("later"), 20); callback(null, seen); }`;
    expect(await answerOf({ files: handler(code(true)) })).toMatchObject({ answer: ['later'] });
    expect(await answerOf({ files: handler(code(false)) })).toMatchObject({ answer: [] });
  });

  test('a promise that is never settled fails up to nodejs22.x and ends the process of nodejs24.x', async () => {
    const files = handler('async () => new Promise(() => {})');
    expect(await answerOf({ runtime: 'nodejs22.x', files })).toMatchObject({
      path: ERROR,
      errorType: 'Runtime.NodeJsExit',
      answer: {
        errorMessage:
          'The Lambda runtime client detected an unexpected Node.js exit code. This is most commonly caused by a Promise that was never settled. For more information, see https://nodejs.org/docs/latest/api/process.html#exit-codes',
      },
    });
    const modern = await start({ runtime: 'nodejs24.x', files });
    void modern.invoke({});
    expect(await modern.ended).toEqual({ code: 0, signal: null });
  });

  test('a second event finds the function as the first one left it', async () => {
    const counter = await start({ files: { 'index.mjs': 'let n = 0; export const handler = async () => ++n;' } });
    for (const n of [1, 2, 3]) expect((await counter.invoke({})).body).toBe(String(n));
  });

  test('events and answers of 6 MB pass whole', async () => {
    const big = await start({ files: handler('async (event) => event') });
    const event = 'x'.repeat(6 * 1024 * 1024 - 2);
    expect((await big.invoke(event)).body).toBe(JSON.stringify(event));
  });
});

describe('reports what went wrong', () => {
  const handler = (code: string) => ({ 'index.js': `exports.handler = ${code};` });
  for (const runtime of ['nodejs22.x', 'nodejs24.x']) {
    test(`of ${runtime}: a thrown error, with its trace and a line in the log, and goes on`, async () => {
      const code = 'async (event) => { if (event.bad) throw new RangeError("too far"); return 1; }';
      const failing = await start({ runtime, files: handler(code) });
      const told = await failing.invoke({ bad: true });
      expect(told).toMatchObject({ path: ERROR, errorType: 'RangeError' });
      const payload = JSON.parse(told.body);
      const trace = ['RangeError: too far', expect.stringContaining(`${failing.taskRoot}/index.js:1:`)];
      expect(payload).toEqual({
        errorType: 'RangeError',
        errorMessage: 'too far',
        trace: expect.arrayContaining(trace),
      });
      expect((await failing.invoke({})).body).toBe('1');
      const logged = { errorType: 'RangeError', errorMessage: 'too far', stack: payload.trace };
      expect(failing.lines()).toEqual([`<time>\t${REQUEST_ID}\tERROR\tInvoke Error \t${JSON.stringify(logged)}\n`]);
    });

    test(`of ${runtime}: what is thrown but is no error`, async () => {
      const ways: [string, unknown][] = [
        ['"no"', { errorType: 'string', errorMessage: 'no', trace: [] }],
        ['{ code: 1 }', { errorType: 'object', errorMessage: '[object Object]', trace: [] }],
        ['{ get name() { throw 1; } }', { errorType: 'handled', errorMessage: expect.any(String), trace: [] }],
      ];
      for (const [thrown, answer] of ways) {
        const files = handler(`async () => { throw ${thrown}; }`);
        expect(await answerOf({ runtime, files })).toMatchObject({ path: ERROR, answer });
      }
    });

    test(`of ${runtime}: a result that JSON cannot hold`, async () => {
      const errorType = runtime === 'nodejs24.x' ? 'Runtime.JSONStringifyError' : 'Error';
      for (const result of ['1n', '(() => { const a = {}; a.a = a; return a; })()']) {
        expect(await answerOf({ runtime, files: handler(`async () => ${result}`) })).toMatchObject({
          path: ERROR,
          errorType,
          answer: { errorType, errorMessage: 'Unable to stringify response body' },
        });
      }
    });

    test(`of ${runtime}: an uncaught exception, which ends the process`, async () => {
      const code = '() => new Promise(() => setTimeout(() => { throw new TypeError("late"); }))';
      const failing = await start({ runtime, files: handler(code) });
      expect(await failing.invoke({})).toMatchObject({ path: ERROR, errorType: 'TypeError' });
      expect(await failing.ended).toEqual({ code: 129, signal: null });
      expect(failing.lines()[0]).toContain(`\t${REQUEST_ID}\tERROR\tUncaught Exception \t{"errorType":"TypeError"`);
    });

    test(`of ${runtime}: an unhandled rejection, which ends the process`, async () => {
      const code =
        '() => { Promise.reject(new Error("forgotten")); return new Promise(() => setTimeout(() => {}, 9999)); }';
      const failing = await start({ runtime, files: handler(code) });
      const told = await failing.invoke({});
      expect(told).toMatchObject({ path: ERROR, errorType: 'Runtime.UnhandledPromiseRejection' });
      expect(JSON.parse(told.body)).toMatchObject({ errorMessage: 'Error: forgotten' });
      expect(await failing.ended).toEqual({ code: 128, signal: null });
      expect(failing.lines()[0]).toContain('"reason":{"errorType":"Error","errorMessage":"forgotten","stack":[');
    });
  }

  test('process.exit ends the process without a word', async () => {
    const failing = await start({ files: handler('async () => process.exit(3)') });
    void failing.invoke({});
    expect(await failing.ended).toEqual({ code: 3, signal: null });
  });

  test('more memory than configured ends the process', async () => {
    const code = 'async () => { const all = []; for (;;) all.push(new Array(1e5).fill(all.length)); }';
    const failing = await start({ files: handler(code), memoryMb: 128 });
    void failing.invoke({});
    expect((await failing.ended).signal).toBe('SIGABRT');
    expect(await failing.stderr).toContain('JavaScript heap out of memory');
  });
});

describe('gives the handler', () => {
  test('its context', async () => {
    const files = { 'index.mjs': 'export const handler = async (event, context) => context;' };
    const headers = { 'Lambda-Runtime-Client-Context': '{"custom":{"a":"1"}}' };
    for (const runtime of ['nodejs22.x', 'nodejs24.x']) {
      const { body } = await (await start({ runtime, files })).invoke({}, headers);
      expect(JSON.parse(body)).toEqual({
        functionName: 'sample',
        functionVersion: '$LATEST',
        memoryLimitInMB: '128',
        logGroupName: '/aws/lambda/sample',
        logStreamName: LOG_STREAM,
        clientContext: { custom: { a: '1' } },
        invokedFunctionArn: 'arn:aws:lambda:ap-northeast-2:000000000000:function:sample',
        awsRequestId: REQUEST_ID,
        ...(runtime === 'nodejs22.x' ? { callbackWaitsForEmptyEventLoop: true } : {}),
      });
    }
  });

  test('the clock’s time, while its remaining time passes with the machine', async () => {
    const instant = Date.parse('2022-01-27T14:48:25.123Z');
    const files = {
      'index.mjs': `export const handler = async (event, context) => {
        const before = context.getRemainingTimeInMillis();
        await new Promise((resolve) => setTimeout(resolve, 50));
        console.log('seen');
        return { now: Date.now(), before, passed: before - context.getRemainingTimeInMillis() };
      };`,
    };
    const clockFile = join(createFolder(), 'clock');
    const mirror = createMirror(clockFile);
    mirror.show(instant);
    const held = await start({ files, place: { clockFile } });
    const told = await held.invoke({}, { 'Lambda-Runtime-Deadline-Ms': String(instant + 3000) });
    const { now, before, passed } = JSON.parse(told.body);
    expect(now).toBe(instant);
    expect(before).toBeGreaterThan(2900);
    expect(before).toBeLessThanOrEqual(3000);
    expect(passed).toBeGreaterThanOrEqual(49);
    expect(held.frames[0]).toMatchObject({
      micros: BigInt(instant) * 1000n,
      message: `2022-01-27T14:48:25.123Z\t${REQUEST_ID}\tINFO\tseen\n`,
    });
    mirror.close();
  });

  test('the SDK that Lambda brings, by import and by require, and its own where it has one', async () => {
    const esm = {
      'index.mjs':
        'import { SQSClient } from "@aws-sdk/client-sqs"; export const handler = async () => SQSClient.name;',
    };
    const cjs = {
      'index.js': 'const { SQSClient } = require("@aws-sdk/client-sqs"); exports.handler = async () => SQSClient.name;',
    };
    for (const files of [esm, cjs]) {
      expect(await answerOf({ files, memoryMb: 256 })).toMatchObject({ path: RESPONSE, answer: 'SQSClient' });
    }
    const own = { ...cjs, 'node_modules/@aws-sdk/client-sqs/index.js': 'exports.SQSClient = class Own {};' };
    expect(await answerOf({ files: own })).toMatchObject({ answer: 'Own' });
    const none = await start({
      files: { 'index.mjs': 'import "@aws-sdk/client-of-nothing"; export const handler = 1;' },
    });
    expect(JSON.parse((await none.told()).body).errorMessage).toContain(
      "Cannot find package '@aws-sdk/client-of-nothing'",
    );
  });

  test('a task folder that it cannot write to, and a temporary one that it can', async () => {
    const code = `const fs = require('node:fs'); const os = require('node:os');
      exports.handler = async () => { fs.writeFileSync(os.tmpdir() + '/kept', 'x');
      try { fs.writeFileSync(__dirname + '/changed', 'x'); } catch (error) { return error.code; } };`;
    const held = await start({ files: { 'index.js': code } });
    expect(JSON.parse((await held.invoke({})).body)).toBe('ERR_ACCESS_DENIED');
    expect(readFileSync(join(held.tmpDir, 'kept'), 'utf8')).toBe('x');
    expect(existsSync(join(held.taskRoot, 'changed'))).toBe(false);
  });

  test('workers, child processes and a debugger', async () => {
    const code = `const { Worker } = require('node:worker_threads'); const { execFileSync } = require('node:child_process');
      exports.handler = async () => { const worker = new Worker('require("node:worker_threads").parentPort.postMessage(1)', { eval: true });
      const answer = await new Promise((resolve) => worker.once('message', resolve));
      return [answer, String(execFileSync('node', ['-p', '2'])), require('node:inspector').url() !== undefined]; };`;
    const files = { 'index.js': code };
    const inspected = await start({ files, place: { inspectPort: 0 } });
    expect(JSON.parse((await inspected.invoke({})).body)).toEqual([1, '2\n', true]);
    expect(await (await start({ files })).invoke({})).toMatchObject({ body: '[1,"2\\n",false]' });
    expect(inspected.lines()).toEqual([]);
  });
});

test('what Node compiled is kept for the next environment', async () => {
  const files = { 'index.ts': 'export const handler = async (): Promise<number> => 1;' };
  const compileCache = createFolder();
  const first = await start({ files, place: { compileCache } });
  await first.invoke({});
  await first.invoke({});
  const [version] = readdirSync(compileCache);
  expect(readdirSync(join(compileCache, version as string)).length).toBeGreaterThan(0);
});

test('the process ends when its host is gone', async () => {
  const orphan = await start({ files: { 'index.js': echo('1') } });
  await orphan.idle();
  orphan.dropConnections();
  expect(await orphan.ended).toEqual({ code: 1, signal: null });
});
