import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { createMirror } from '../../../clock/index.ts';
import {
  answerOf,
  createFolder,
  ERROR_PATH,
  LOG_STREAM,
  REQUEST_ID,
  RESPONSE_PATH,
  start,
  stopAll,
} from './testing.ts';

afterEach(stopAll);

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
        path: RESPONSE_PATH,
        errorType: undefined,
        answer,
      });
    });
  }

  test('what a plain function returns counts from nodejs24.x on', async () => {
    const files = handler('() => 1');
    expect(await answerOf({ runtime: 'nodejs22.x', files })).toMatchObject({ path: RESPONSE_PATH, answer: null });
    expect(await answerOf({ runtime: 'nodejs24.x', files })).toMatchObject({ path: RESPONSE_PATH, answer: 1 });
  });

  test('the older runtimes take the first of callback and context methods', async () => {
    const ways: [string, unknown][] = [
      ['(event, context, callback) => { callback(null, 1); callback(null, 2); }', 1],
      ['(event, context) => { context.succeed(2); context.fail(new Error()); }', 2],
      ['(event, context) => context.done(null, 3)', 3],
    ];
    for (const [code, answer] of ways) {
      expect(await answerOf({ files: handler(code) })).toMatchObject({ path: RESPONSE_PATH, answer });
    }
    const failing = handler('(event, context) => context.fail()');
    expect(await answerOf({ files: failing })).toEqual({
      path: ERROR_PATH,
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
      path: ERROR_PATH,
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
      expect(await answerOf({ files, memoryMb: 256 })).toMatchObject({ path: RESPONSE_PATH, answer: 'SQSClient' });
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
    await inspected.finish();
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
  const orphan = await start({ files: { 'index.js': 'exports.handler = async () => 1;' } });
  await orphan.idle();
  orphan.dropConnections();
  expect(await orphan.ended).toEqual({ code: 1, signal: null });
});
