import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AwsError } from '../../../edge/aws-error.ts';
import { type HostBench, hostBench, lives, type Said, START, until } from './testing/bench.ts';

let bench: HostBench;

beforeEach(async () => {
  bench = await hostBench();
});

afterEach(async () => {
  await bench[Symbol.asyncDispose]();
});

test('a handler gets its event and the headers of the Runtime API', async () => {
  const outcome = await bench.invoke(
    { hello: 'world' },
    {},
    { clientContext: '{"custom":\n{"name":"냇물"}}', traceId: 'Root=1-2-3' },
  );
  expect(outcome).toMatchObject({ functionError: undefined, executedVersion: '$LATEST' });
  const said: Said = JSON.parse(outcome.payload.toString());
  expect(said.event).toEqual({ hello: 'world' });
  expect(said.headers).toMatchObject({
    'lambda-runtime-aws-request-id': '00000000-0000-4000-8000-000000000001',
    'lambda-runtime-deadline-ms': String(START + 3000),
    'lambda-runtime-invoked-function-arn': bench.revision().arn,
    'lambda-runtime-trace-id': 'Root=1-2-3',
  });
  const context = Buffer.from(said.headers['lambda-runtime-client-context'] ?? '', 'latin1').toString('utf8');
  expect(JSON.parse(context)).toEqual({ custom: { name: '냇물' } });
});

test('one environment serves one invocation after the other', async () => {
  const first = await bench.ask();
  const second = await bench.ask();
  expect([first.runs, second.runs]).toEqual([1, 2]);
  expect(second.pid).toBe(first.pid);
});

test('the log of a cold and of a warm invocation is that of AWS', async () => {
  await bench.invoke({ do: 'print', text: 'one\ntwo\nhalf a line', error: 'oh\n' });
  await bench.invoke({ do: 'frame', text: 'many\nlines' });
  const [[key, lines] = ['', []]] = [...bench.logged];
  expect(key).toMatch(/^\/aws\/lambda\/worker 2022\/01\/27\/\[\$LATEST\][0-9a-f]{32}$/);
  const shown = lines.map((line) => line.replace(/\d+\.\d\d ms/g, 'N ms').replace(/\d+ (ms|MB)/g, 'N $1'));
  const id = (n: number) => `00000000-0000-4000-8000-00000000000${n}`;
  expect(shown[0]).toMatch(/^INIT_START Runtime Version: nodejs:22\.v1\t/);
  expect(shown[1]).toBe(`START RequestId: ${id(1)} Version: $LATEST\n`);
  expect(shown.slice(2, 6).sort()).toEqual(['half a line\n', 'oh\n', 'one\n', 'two\n']);
  expect(shown.slice(6)).toEqual([
    `END RequestId: ${id(1)}\n`,
    `REPORT RequestId: ${id(1)}\tDuration: N ms\tBilled Duration: N ms\tMemory Size: N MB\tMax Memory Used: N MB\tInit Duration: N ms\t\n`,
    `START RequestId: ${id(2)} Version: $LATEST\n`,
    'many\nlines',
    `END RequestId: ${id(2)}\n`,
    `REPORT RequestId: ${id(2)}\tDuration: N ms\tBilled Duration: N ms\tMemory Size: N MB\tMax Memory Used: N MB\t\n`,
  ]);
  expect(lines.at(-1)).toMatch(/Memory Size: 256 MB\tMax Memory Used: [1-9]\d* MB/);
});

test('the outcome has the last 4 KB of the log, without what says how the environment began', async () => {
  const { logTail: whole } = await bench.invoke({ do: 'print', text: 'hello\n' });
  const [initStart, ...rest] = bench.lines;
  expect(initStart).toMatch(/^INIT_START /);
  expect(whole.toString()).toBe(rest.join(''));
  const { logTail } = await bench.invoke({ do: 'print', text: 'x'.repeat(80).concat('\n').repeat(100) });
  expect(logTail.length).toBe(4096);
  expect(logTail.toString()).toMatch(/x\nEND RequestId: \S+\nREPORT RequestId: [^\n]+\n$/);
});

test('invocations are counted by function and by resource', async () => {
  await bench.invoke();
  await bench.invoke({ do: 'throw' });
  expect(Object.fromEntries(bench.counted)).toMatchObject({
    Invocations: 2,
    'Invocations worker': 2,
    Errors: 1,
    Throttles: 0,
    ConcurrentExecutions: 2,
  });
  expect(bench.counted.get('Duration')).toBeGreaterThan(0);
});

test('the ledger says of every run whose events it was about, and how it ended', async () => {
  await bench.invoke({}, {}, { requestId: 'r-1', ids: ['message//m-1'], cause: 7, attempt: 2 });
  await bench.invoke({ do: 'throw', type: 'ER_DUP_ENTRY' }, {}, { requestId: 'r-2' });
  expect(bench.entries()).toMatchObject([
    {
      where: 'lambda/worker',
      what: 'noted',
      ids: ['message//m-1'],
      cause: 7,
      detail: { requestId: 'r-1', attempt: 2, outcome: 'succeeded', cold: true },
    },
    { where: 'lambda/worker', detail: { requestId: 'r-2', outcome: 'threw ER_DUP_ENTRY', cold: false } },
  ]);
});

test('nothing that a handler has started goes on between two invocations', async () => {
  await bench.ask({ do: 'tick' });
  const pid = bench.pids[0] as number;
  // Time in which a timer of 5 ms would fire often is measured by another function's process.
  await bench.ask({ do: 'sleep', ms: 200 }, { name: 'other' });
  const ticks = await bench.ask<number>({ do: 'ticks' });
  expect(lives(pid)).toBe(true);
  expect(ticks).toBeLessThan(20);
});

test('without freezing it goes on', async () => {
  await using thawed = await hostBench({ freeze: false });
  await thawed.ask({ do: 'tick' });
  await thawed.ask({ do: 'sleep', ms: 200 }, { name: 'other' });
  expect(await thawed.ask<number>({ do: 'ticks' })).toBeGreaterThan(20);
});

test('each environment has a folder of its own, which goes with it', async () => {
  const { tmp } = await bench.ask();
  expect(tmp).toBe(join(bench.dataDir, 'environment-1'));
  writeFileSync(join(tmp, 'kept'), 'between invocations');
  await bench.host.retire(bench.revision().arn);
  expect(existsSync(tmp)).toBe(false);
});

test('a changed file of a live function takes effect on the next invocation', async () => {
  const live = { live: true };
  expect((await bench.ask({}, live)).version).toBe('one');
  writeFileSync(join(bench.codeDir, 'version.txt'), 'two');
  expect((await bench.ask({}, live)).version).toBe('two');
  writeFileSync(join(bench.codeDir, 'version.txt'), 'six');
  const { version, runs } = await bench.ask({}, live);
  expect([version, runs]).toEqual(['six', 1]);
  await until(() => bench.pids.filter(lives).length === 1);
});

test('a file that changes does not disturb a function that was uploaded', async () => {
  const { pid } = await bench.ask();
  writeFileSync(join(bench.codeDir, 'version.txt'), 'two');
  expect(await bench.ask()).toMatchObject({ pid, version: 'one' });
});

test('a new revision gets new environments', async () => {
  const { pid } = await bench.ask();
  const next = await bench.ask({}, { revisionId: 'second' });
  expect(next.runs).toBe(1);
  await until(() => !lives(pid));
});

test('nothing of a function is left after stop: no process, none of its own making, no folder', async () => {
  const child = await bench.ask<number>({ do: 'spawn' });
  await bench.ask({}, { name: 'other' });
  expect([...bench.pids, child].every(lives)).toBe(true);
  await bench.host.stop();
  expect([...bench.pids, child].filter(lives)).toEqual([]);
  expect(existsSync(join(bench.dataDir, 'environment-1'))).toBe(false);
});

test('stop ends what is under way, and lets nothing more in', async () => {
  const hanging = bench.invoke({ do: 'hang' }).catch((error: unknown) => error);
  await until(() => bench.lines.some((line) => line.startsWith('START')));
  await bench.host.stop();
  expect(await hanging).toMatchObject({ code: 'ServiceException', status: 500 });
  const late = await bench.invoke().catch((error: unknown) => error);
  expect(late).toBeInstanceOf(AwsError);
  expect(bench.pids.filter(lives)).toEqual([]);
});

test('clear ends what is under way, and has it written down, and lets in what comes later', async () => {
  const hanging = bench.invoke({ do: 'hang' }).catch((error: unknown) => error);
  await until(() => bench.lines.some((line) => line.startsWith('START')));
  await bench.host.clear();
  expect(bench.lines.at(-1)).toMatch(/^REPORT /);
  expect(bench.entries().map(({ detail }) => detail?.outcome)).toEqual(['unknown: the host gave up']);
  expect(await hanging).toMatchObject({ code: 'ServiceException', status: 500 });
  expect(bench.pids.filter(lives)).toEqual([]);
  expect((await bench.ask()).runs).toBe(1);
});

test('a debugger gets one environment that is neither frozen nor limited in time', async () => {
  const addresses: string[] = [];
  await using inspected = await hostBench({
    inspect: { functionName: 'worker', port: 0, listens: (address) => void addresses.push(address) },
  });
  const pids = await Promise.all(
    [1, 2, 3].map(() => inspected.ask<{ pid: number }>({ do: 'sleep', ms: 40 }, { timeoutMs: 10 })),
  );
  expect(new Set(pids.map(({ pid }) => pid)).size).toBe(1);
  expect(addresses).toEqual([expect.stringMatching(/^ws:\/\/127\.0\.0\.1:\d+\//)]);
  expect(inspected.lines.filter((line) => line.includes('ebugger'))).toEqual([]);
  const { webSocketDebuggerUrl } = await debuggerOf(addresses[0] ?? '');
  expect(webSocketDebuggerUrl).toBe(addresses[0]);
});

test('where the debugger is, or why there is none, is in the harness’s log and not in the function’s', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  const listens = () => undefined;
  await using blocked = await hostBench({ inspect: { functionName: 'worker', port, listens } });
  await blocked.ask();
  await new Promise((resolve) => taken.close(resolve));
  expect(blocked.warned).toEqual([
    `worker runs without its debugger (127.0.0.1:${port}: address already in use): free the port, then start the bench again.`,
  ]);
  expect(blocked.lines.filter((line) => line.includes('inspector'))).toEqual([]);

  await using inspected = await hostBench({ inspect: { functionName: 'worker', port: 0, listens } });
  await inspected.ask();
  expect(inspected.warned).toEqual([
    expect.stringMatching(/^worker: a debugger can attach to ws:\/\/127\.0\.0\.1:\d+\//),
  ]);
});

test('whatever way the harness ends, its functions end with it', async () => {
  const leaving = spawn(process.execPath, [join(import.meta.dirname, 'testing/leave.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { pid, folder } = JSON.parse(await text(leaving.stdout)) as { pid: number; folder: string };
  rmSync(folder, { recursive: true, force: true });
  expect(pid).toBeGreaterThan(0);
  await until(() => !lives(pid));
});

/** Asks the debugger itself, between two invocations: a frozen process would not answer. */
async function debuggerOf(address: string): Promise<{ webSocketDebuggerUrl: string }> {
  const answer = await fetch(`http://${new URL(address).host}/json/list`);
  return ((await answer.json()) as [{ webSocketDebuggerUrl: string }])[0];
}
