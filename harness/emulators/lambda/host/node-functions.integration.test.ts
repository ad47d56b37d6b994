import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { FunctionRevision } from '../model.ts';
import { launchOf } from '../runtimes/index.ts';
import { type HostBench, hostBench, lives, until } from './testing/bench.ts';

/** The host together with the real runtime for Node. */
let bench: HostBench;
let codeDir: string;

beforeEach(async () => {
  codeDir = mkdtempSync(join(tmpdir(), 'node-function-'));
  bench = await hostBench({
    launch: (revision, place) => launchOf(revision, { ...place, edgeUrl: 'http://127.0.0.1:9' }),
  });
});

afterEach(async () => {
  await bench[Symbol.asyncDispose]();
  rmSync(codeDir, { recursive: true, force: true });
});

function code(body: string): Partial<FunctionRevision> {
  writeFileSync(join(codeDir, 'index.mjs'), body);
  return { codeDir, live: true };
}

const FIRST = '00000000-0000-4000-8000-000000000001';

test('a console message of many lines is one log event, printed before END', async () => {
  const changes = code(`export const handler = async (event) => { console.log('one\\ntwo'); return event.n * 2; };`);
  expect(await bench.ask({ n: 21 }, changes)).toBe(42);
  expect(bench.lines[2]).toMatch(new RegExp(`^\\S+Z\\t${FIRST}\\tINFO\\tone\\ntwo\\n$`));
  expect(bench.lines[3]).toBe(`END RequestId: ${FIRST}\n`);
});

test('a changed handler runs on the next invocation', async () => {
  expect(await bench.ask({}, code(`export const handler = async () => 'before';`))).toBe('before');
  expect(await bench.ask({}, code(`export const handler = async () => 'after it';`))).toBe('after it');
});

test('a handler that throws, and one that cannot be loaded, say so in the words of Node', async () => {
  const threw = await bench.ask<Record<string, unknown>>(
    {},
    code(`export const handler = async () => { throw new RangeError('too far'); };`),
  );
  expect(threw).toMatchObject({ errorType: 'RangeError', errorMessage: 'too far' });
  const broken = await bench.ask<Record<string, unknown>>({}, code('export const handler = async () => {'));
  expect(broken).toMatchObject({ errorType: 'Runtime.UserCodeSyntaxError' });
  expect(bench.entries().map(({ detail }) => detail?.outcome)).toEqual([
    'threw RangeError',
    'failed to start: Runtime.UserCodeSyntaxError',
  ]);
});

test('an unhandled rejection ends the process, and the next invocation gets another', async () => {
  const changes = code(`export const handler = async ({ bad }) => {
    if (!bad) return process.pid;
    Promise.reject(new Error('nobody waits for me'));
    await new Promise((resolve) => setTimeout(resolve, 5000));
  };`);
  const pid = await bench.ask<number>({}, changes);
  expect(await bench.ask<object>({ bad: true }, changes)).toMatchObject({
    errorType: 'Runtime.UnhandledPromiseRejection',
  });
  expect(bench.lines.some((line) => line.endsWith('exit status 128\nRuntime.ExitError\n'))).toBe(true);
  expect(await bench.ask<number>({}, changes)).not.toBe(pid);
});

test('a handler that never gives the event loop back is stopped by its time-out', async () => {
  const changes = { ...code('export const handler = async () => { for (;;); };'), timeoutMs: 150 };
  expect(await bench.ask<object>({}, changes)).toMatchObject({ errorType: 'Sandbox.Timedout' });
  await until(() => !bench.pids.some(lives));
});
