import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createClock, createMirror } from './index.ts';

const FOLLOW = join(import.meta.dirname, 'follow.cjs');
const INSTANT = Date.parse('2022-01-27T14:48:25.123Z');

const children: ChildProcess[] = [];
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'naetmul-mirror-'));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** A process that answers each line, an expression, with its value as JSON. */
function follower(file: string): (expression: string) => Promise<unknown> {
  const program = `require('node:readline').createInterface({ input: process.stdin })
    .on('line', (line) => console.log(JSON.stringify(eval(line))))`;
  const child = spawn(process.execPath, ['--require', FOLLOW, '-e', program], {
    env: { NAETMUL_CLOCK: file },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  children.push(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return async (expression) => {
    child.stdin.write(`${expression}\n`);
    return JSON.parse((await lines.next()).value ?? '');
  };
}

test('another process sees the time stand, jump, and run with the machine again', async () => {
  const file = join(folder, 'clock');
  const mirror = createMirror(file);
  const clock = createClock({ mirror });
  const ask = follower(file);

  const before = Date.now();
  expect(await ask('Date.now()')).toBeGreaterThanOrEqual(before);

  await clock.travelTo(INSTANT);
  expect(await ask('Date.now()')).toBe(INSTANT);
  expect(await ask('new Date().toISOString()')).toBe('2022-01-27T14:48:25.123Z');
  expect(await ask('Date().slice(0, 15)')).toBe(new Date(INSTANT).toString().slice(0, 15));

  await clock.advance(60_000);
  expect(await ask('new Date().getTime()')).toBe(INSTANT + 60_000);

  await clock.real();
  expect(await ask('Date.now()')).toBeGreaterThanOrEqual(before);
  clock.close();
  mirror.close();
});

test('a Date that follows is a Date in every other respect', async () => {
  const file = join(folder, 'clock');
  const mirror = createMirror(file);
  mirror.show(INSTANT);
  const ask = follower(file);
  expect(await ask('new Date(0).toISOString()')).toBe('1970-01-01T00:00:00.000Z');
  expect(await ask('new Date(2020, 1, 29, 3).getDate()')).toBe(29);
  expect(await ask('Date.UTC(2022, 0, 1)')).toBe(Date.UTC(2022, 0, 1));
  expect(await ask('Date.parse("2022-01-01T00:00:00Z")')).toBe(Date.UTC(2022, 0, 1));
  expect(await ask('[new Date() instanceof Date, new Date().constructor === Date, Date.name, Date.length]')).toEqual([
    true,
    true,
    'Date',
    7,
  ]);
  expect(await ask('(class Day extends Date {}, new (class Day extends Date {})().getTime())')).toBe(INSTANT);
  expect(await ask('structuredClone(new Date()).getTime()')).toBe(INSTANT);
  mirror.close();
});
