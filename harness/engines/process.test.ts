import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { groupIsAlive } from './identity.ts';
import { type ServerOptions, ServerProcess } from './process.ts';

let dir: string;
let pids: number[];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'naetmul-test-'));
  pids = [];
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function sh(script: string, more: Partial<ServerOptions> = {}): ServerOptions {
  return {
    name: 'Thing',
    command: 'sh',
    args: ['-c', script],
    env: process.env,
    cwd: dir,
    logFile: join(dir, 'thing.log'),
    signal: new AbortController().signal,
    registerChild: ({ pid }) => void pids.push(pid),
    probe: async () => readFileSync(join(dir, 'thing.log'), 'utf8').includes('ready'),
    readyWithinMs: 10_000,
    stopWithinMs: 5_000,
    ...more,
  };
}

test('a server is ready when its probe says so, and stops politely', async () => {
  const server = await ServerProcess.start(
    sh('echo ready; trap "echo bye; exit 0" TERM; while :; do sleep 0.05; done'),
  );
  expect(server.logs()).toEqual(['ready']);
  await server.stop();
  await expect(server.exited).resolves.toEqual({ code: 0, signal: null, expected: true });
  expect(readFileSync(join(dir, 'thing.log'), 'utf8')).toBe('ready\nbye\n');
});

test('a server that does not listen to SIGTERM is killed, with all it has started', async () => {
  const server = await ServerProcess.start(sh('trap "" TERM; sleep 300 & echo ready; wait', { stopWithinMs: 50 }));
  await server.stop();
  expect(groupIsAlive(server.pid)).toBe(false);
});

test('when a server is killed from outside, the programs it had started go with it', async () => {
  const server = await ServerProcess.start(sh('sleep 300 & echo ready; wait'));
  process.kill(server.pid, 'SIGKILL');
  await expect(server.exited).resolves.toEqual({ code: null, signal: 'SIGKILL', expected: false });
  await expect.poll(() => groupIsAlive(server.pid)).toBe(false);
});

test('a server that dies while starting shows its last 50 lines and a likely remedy', async () => {
  const starting = ServerProcess.start(
    sh('i=0; while [ $i -lt 80 ]; do i=$((i+1)); echo "line $i."; done; echo "Address already in use" >&2; exit 3'),
  );
  const error = await starting.then(
    () => expect.unreachable('it died'),
    (reason: unknown) => reason as Error & { code: string; remedy: string },
  );
  expect(error.code).toBe('SERVER_NOT_STARTED');
  expect(error.message).toMatch(/^Thing ended while it was starting \(exit code 3\)\. Its last lines:\n/);
  expect(error.message).toContain('line 80.');
  expect(error.message).not.toContain('line 30.');
  expect(error.message.split('\n')).toHaveLength(51);
  expect(error.remedy).toContain('port');
});

test('a server that never answers is stopped and says so', async () => {
  const starting = ServerProcess.start(sh('echo hello; sleep 300', { readyWithinMs: 300 }));
  await expect(starting).rejects.toThrow('Thing did not answer within 0.3 s. Its last lines:\n  hello');
  expect(pids.map(groupIsAlive)).toEqual([false]);
});

test('a program that is not there is an error, not a crash', async () => {
  const starting = ServerProcess.start(sh('', { command: join(dir, 'nothing') }));
  await expect(starting).rejects.toMatchObject({
    code: 'SERVER_NOT_STARTED',
    message: expect.stringContaining('ENOENT'),
  });
});

test('an aborted start leaves nothing running', async () => {
  const abort = new AbortController();
  const probe = async (): Promise<boolean> => {
    abort.abort(new Error('enough'));
    return false;
  };
  await expect(ServerProcess.start(sh('sleep 300', { signal: abort.signal, probe }))).rejects.toThrow('enough');
  expect(pids.map(groupIsAlive)).toEqual([false]);
});
