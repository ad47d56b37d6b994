import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { groupIsAlive } from '../engines/identity.ts';
import { KeptProcess, type KeptProcessOptions, type Launch } from './kept-process.ts';

/** A busy machine may take its time over a new process. */
const PATIENT = { timeout: 4_000 };

let dir: string;
let pids: number[];
let log: string[];
let kept: KeptProcess | undefined;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'naetmul-test-'));
  pids = [];
  log = [];
});
afterEach(async () => {
  await kept?.stop();
  kept = undefined;
  rmSync(dir, { recursive: true, force: true });
});

function launch(script: string, env: Record<string, string> = {}): Launch {
  return { command: '/bin/sh', args: ['-c', script], env: { PATH: process.env.PATH ?? '', ...env }, cwd: dir };
}

const printed = () => readFileSync(join(dir, 'thing.log'), 'utf8');

async function start(script: string, restart: KeptProcessOptions['restart']): Promise<KeptProcess> {
  const note = (message: string) => void log.push(message);
  kept = await KeptProcess.start(launch(script), {
    name: 'shop-api',
    restart,
    logFile: join(dir, 'thing.log'),
    log: { info: note, warn: note, error: note },
    signal: new AbortController().signal,
    registerChild: ({ pid }) => void pids.push(pid),
    probe: async () => printed().split('ready').length > pids.length,
  });
  return kept;
}

const STAY = 'echo ready; while :; do sleep 0.05; done';

test('a process that dies is started again, and its lines are kept', async () => {
  const thing = await start(STAY, 'unless-stopped');
  const first = thing.pid ?? expect.unreachable('it runs');
  process.kill(first, 'SIGKILL');
  await expect.poll(() => log, PATIENT).toEqual(['shop-api ended by itself (SIGKILL)', 'shop-api is back']);
  expect(thing.pid).toBe(pids[1]);
  expect(thing.logs(10)).toEqual(['ready', 'ready']);
});

test('one that dies again and again is given up', async () => {
  const thing = await start(STAY, 'always');
  for (let death = 1; death <= 6; death++) {
    await expect.poll(() => thing.pid, PATIENT).toBe(pids[death - 1]);
    process.kill(thing.pid ?? 0, 'SIGKILL');
    await expect.poll(() => log.filter((line) => line.includes('ended by itself')), PATIENT).toHaveLength(death);
  }
  await expect.poll(() => log.at(-1), PATIENT).toBe('shop-api has died 6 times and is not started again');
  expect(pids).toHaveLength(6);
});

test('one that cannot come up any more is given up after as many tries', async () => {
  await start('[ -e broken ] && exit 1; touch broken; echo ready; while :; do sleep 0.05; done', 'always');
  process.kill(pids[0] ?? 0, 'SIGKILL');
  await expect.poll(() => log.at(-1), PATIENT).toBe('shop-api has died 6 times and is not started again');
  expect(log.filter((line) => line === 'shop-api could not be started again')).toHaveLength(5);
});

test.each([
  ['no', 'exit 3', 'exit code 3'],
  ['on-failure', 'exit 0', 'exit code 0'],
] as const)('with restart: %s a process that ends with "%s" stays away', async (restart, end, how) => {
  const thing = await start(`echo ready; while [ ! -e end ]; do sleep 0.02; done; ${end}`, restart);
  writeFileSync(join(dir, 'end'), '');
  await expect
    .poll(() => log, PATIENT)
    .toEqual([`shop-api ended by itself (${how})`, `shop-api is not started again: restart is ${restart}`]);
  expect(thing.pid).toBeUndefined();
});

test('with another environment it is started anew, with the same one it is left alone', async () => {
  const thing = await start(STAY, 'no');
  await thing.relaunch(launch(STAY));
  expect(pids).toHaveLength(1);
  await thing.relaunch(launch(STAY, { QUEUE: 'other' }));
  expect(thing.pid).toBe(pids[1]);
  expect(groupIsAlive(pids[0] ?? 0)).toBe(false);
  expect(log).toEqual([]);
});

test('a stop while it is being started again leaves nothing', async () => {
  const thing = await start('[ -e slow ] && sleep 300; touch slow; echo ready; sleep 300', 'always');
  process.kill(pids[0] ?? 0, 'SIGKILL');
  await expect.poll(() => pids.length, PATIENT).toBe(2);
  await thing.stop();
  expect(pids.map(groupIsAlive)).toEqual([false, false]);
  expect(log).toEqual(['shop-api ended by itself (SIGKILL)']);
});
