import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { groupIsAlive, identityOf } from './identity.ts';
import { openRun, sweepLeftovers } from './leftovers.ts';

let root: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'naetmul-test-'));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(root, { recursive: true, force: true });
});

test('a run has a folder of its own, which goes away with it', () => {
  const run = openRun(root);
  writeFileSync(join(run.dir, 'data'), 'x');
  expect(statSync(run.dir).mode & 0o777).toBe(0o711);
  run.close();
  run.close();
  expect(readdirSync(join(root, 'runs'))).toEqual([]);
  expect(existsSync(run.dir)).toBe(false);
});

test('runs at the same time have different folders, and the smallest free number is taken', () => {
  using first = openRun(root);
  const second = openRun(root);
  expect([first.id, second.id]).toEqual(['run-1', 'run-2']);
  first.close();
  using third = openRun(root);
  expect(third.id).toBe('run-1');
  second.close();
});

test('a run that is alive is left alone', () => {
  using run = openRun(root);
  expect(sweepLeftovers(root)).toEqual({ killed: [], removed: [] });
  expect(existsSync(run.dir)).toBe(true);
});

test('after kill -9 of the harness, the next start kills its servers with all they had started, and removes its folders', async () => {
  const harness = await harnessWithServer();
  harness.process.kill('SIGKILL');
  await harness.gone;
  expect(groupIsAlive(harness.serverPid)).toBe(true);

  const swept = sweepLeftovers(root);
  expect(swept.killed).toEqual([{ pid: harness.serverPid, name: 'server' }]);
  await expect.poll(() => groupIsAlive(harness.serverPid)).toBe(false);
  expect(readdirSync(join(root, 'runs'))).toEqual([]);
  expect(existsSync(join(root, 'run-1'))).toBe(false);
});

test('a child that has ended is taken off the note', () => {
  using run = openRun(root);
  const noted = () => JSON.parse(readFileSync(join(root, 'runs', 'run-1.json'), 'utf8')).children.length;
  const first = run.addChild({ pid: process.pid, name: 'first' });
  run.addChild({ pid: process.pid, name: 'second' });
  expect(noted()).toBe(2);
  first();
  expect(noted()).toBe(1);
});

test('a process that was given the pid of a dead server is not touched', () => {
  const stranger = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' });
  children.push(stranger);
  const run = openRun(root);
  run.addChild({ pid: stranger.pid ?? 0, name: 'server' });
  const file = join(root, 'runs', 'run-1.json');
  const record = JSON.parse(readFileSync(file, 'utf8'));
  record.startTime = `1@${record.startTime.split('@')[1]}`;
  record.children[0].startTime = record.startTime;
  writeFileSync(file, JSON.stringify(record));

  expect(sweepLeftovers(root).killed).toEqual([]);
  expect(identityOf(stranger.pid ?? 0).startTime).not.toBe('');
  run.close();
});

/** A harness in another process, with a server that has started a program of its own. */
async function harnessWithServer(): Promise<{
  readonly process: ChildProcess;
  readonly serverPid: number;
  readonly gone: Promise<unknown>;
}> {
  const script = `
    import { openRun } from ${JSON.stringify(join(import.meta.dirname, 'leftovers.ts'))};
    import { spawn } from 'node:child_process';
    const run = openRun(process.argv[1]);
    const server = spawn('sh', ['-c', 'sleep 300 & sleep 300'], { detached: true, stdio: 'ignore' });
    run.addChild({ pid: server.pid, name: 'server' });
    console.log(server.pid);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, root], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const gone = new Promise((resolve) => child.once('close', resolve));
  const serverPid = await new Promise<number>((resolve) => child.stdout.once('data', (data) => resolve(Number(data))));
  return { process: child, serverPid, gone };
}
