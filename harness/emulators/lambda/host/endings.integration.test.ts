import { existsSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { NaetmulError } from '../../../errors.ts';
import type { FunctionRevision, InvocationOutcome } from '../model.ts';
import { type HostBench, hostBench, launchRuntime, lives, until } from './testing/bench.ts';

let bench: HostBench;

beforeEach(async () => {
  bench = await hostBench();
});

afterEach(async () => {
  await bench[Symbol.asyncDispose]();
});

const FIRST = '00000000-0000-4000-8000-000000000001';

function payload({ payload: bytes }: InvocationOutcome): unknown {
  return JSON.parse(bytes.toString());
}

function outcomes(): unknown[] {
  return bench.entries().map(({ detail }) => detail?.outcome);
}

/** The platform's last words on an invocation, without what differs each time. */
function lastLines(count: number): string[] {
  return bench.lines.slice(-count).map((line) => line.replace(/\d+\.\d\d ms/g, 'N ms').replace(/\d+ (ms|MB)/g, 'N $1'));
}

/** Fails, and then shows that the function runs again. */
async function failing(event: unknown, changes: Partial<FunctionRevision> = {}): Promise<InvocationOutcome> {
  const outcome = await bench.invoke(event, changes);
  expect(outcome.functionError).toBe('Unhandled');
  expect(await bench.ask({ again: true }, changes)).toMatchObject({ event: { again: true } });
  return outcome;
}

test("a handler's error is passed on as it is, and the environment stays", async () => {
  await bench.ask();
  expect(payload(await failing({ do: 'throw' }))).toEqual({
    errorType: 'ValueError',
    errorMessage: 'no good',
    stackTrace: [],
  });
  expect(bench.pids).toHaveLength(1);
  expect(bench.lines.filter((line) => line.includes('Status:'))).toEqual([]);
});

test('a process that has ended is no longer among those to clean up after', async () => {
  await bench.invoke({ do: 'hang' }, { timeoutMs: 120 });
  const [killed = 0] = bench.pids;
  await until(() => !bench.registered.has(killed));
  await bench.ask();
  const running = bench.pids.at(-1);
  expect(running).not.toBe(killed);
  expect([...bench.registered]).toEqual([running]);
});

test('a time-out kills the process and says so in answer, log and ledger', async () => {
  const outcome = await bench.invoke({ do: 'hang' }, { timeoutMs: 120 });
  expect(outcome.functionError).toBe('Unhandled');
  expect(outcome.payload.toString()).toBe(
    `{"errorType":"Sandbox.Timedout","errorMessage":"RequestId: ${FIRST} Error: Task timed out after 0.12 seconds"}`,
  );
  expect(lastLines(3)).toEqual([
    `2022-01-27T05:48:25.000Z ${FIRST} Task timed out after 0.12 seconds\n\n`,
    `END RequestId: ${FIRST}\n`,
    `REPORT RequestId: ${FIRST}\tDuration: N ms\tBilled Duration: N ms\tMemory Size: N MB\tMax Memory Used: N MB\tInit Duration: N ms\tStatus: timeout\n`,
  ]);
  expect(bench.lines.at(-1)).toContain('\tDuration: 120.00 ms\t');
  expect(outcomes()).toEqual(['timed out']);
  expect(bench.pids.filter(lives)).toEqual([]);
});

test.each([
  [{ do: 'exit', code: 1 }, 'Runtime exited with error: exit status 1'],
  [{ do: 'exit', code: 0 }, 'Runtime exited without providing a reason'],
  [{ do: 'abort' }, 'Runtime exited with error: signal: aborted'],
])('a process that ends during an invocation (%j) is Runtime.ExitError', async (event, text) => {
  expect(payload(await failing(event))).toEqual({
    errorType: 'Runtime.ExitError',
    errorMessage: `RequestId: ${FIRST} Error: ${text}`,
  });
  expect(bench.lines).toContain(`RequestId: ${FIRST} Error: ${text}\nRuntime.ExitError\n`);
  expect(bench.lines.find((line) => line.startsWith('REPORT'))).toMatch(
    /\tMax Memory Used: [1-9]\d+ MB\tInit Duration: [\d.]+ ms\tStatus: error\tError Type: Runtime\.ExitError\n$/,
  );
  expect(outcomes()).toEqual(['crashed', 'succeeded']);
});

test('after a crash the environment starts again without an Init phase of its own: same log stream, no INIT_START', async () => {
  await failing({ do: 'exit', code: 1 });
  expect([...bench.logged.keys()]).toHaveLength(1);
  expect(bench.lines.filter((line) => line.startsWith('INIT_START'))).toHaveLength(1);
  expect(bench.lines.at(-1)).not.toContain('Init Duration');
  expect(bench.entries().at(-1)?.detail).toMatchObject({ cold: true });
});

test('a process that was killed while it was idle is replaced', async () => {
  const { pid } = await bench.ask();
  process.kill(pid, 'SIGKILL');
  await until(() => !existsSync(`/proc/${pid}`));
  const next = await bench.ask();
  expect([next.pid === pid, next.runs]).toEqual([false, 1]);
});

test('a process that takes more memory than the function has is killed', async () => {
  const outcome = await failing({ do: 'hoard' }, { memoryMb: 128, timeoutMs: 20_000 });
  expect(payload(outcome)).toEqual({
    errorType: 'Runtime.OutOfMemory',
    errorMessage: `RequestId: ${FIRST} Error: Runtime exited with error: signal: killed`,
  });
  expect(bench.lines.find((line) => line.startsWith('REPORT'))).toMatch(
    /\tMemory Size: 128 MB\tMax Memory Used: 128 MB\tInit Duration: [\d.]+ ms\tStatus: error\tError Type: Runtime\.OutOfMemory\n$/,
  );
  expect(outcomes()).toEqual(['out of memory', 'succeeded']);
});

test('a response of more than 6 MB is refused, and the function told with 413', async () => {
  const outcome = await failing({ do: 'huge', bytes: 6 * 1024 ** 2 + 99 });
  expect(outcome.payload.toString()).toBe(
    '{"errorType":"Function.ResponseSizeTooLarge","errorMessage":"Response payload size exceeded maximum allowed payload size (6291556 bytes)."}',
  );
  expect(bench.lines).toContain(
    '413 {"errorMessage":"Exceeded maximum allowed payload size (6291556 bytes).","errorType":"RequestEntityTooLarge"}\n',
  );
  expect(outcomes()).toEqual(['threw Function.ResponseSizeTooLarge', 'succeeded']);
});

test('a response of just 6 MB and its quotes is accepted', async () => {
  const { payload: bytes, functionError } = await bench.invoke({ do: 'huge', bytes: 6 * 1024 ** 2 + 98 });
  expect(functionError).toBeUndefined();
  expect(bytes.length).toBe(6_291_556);
});

test('an answer stands although the process ends after it', async () => {
  const outcome = await bench.invoke({ do: 'answer and exit' });
  expect([outcome.functionError, outcome.payload.toString()]).toEqual([undefined, '"last words"']);
  expect(bench.lines).toContain(
    `RequestId: ${FIRST} Error: Runtime exited with error: exit status 9\nRuntime.ExitError\n`,
  );
  expect((await bench.ask()).runs).toBe(1);
});

test('an error while starting is tried once more within the invocation, and then is its answer', async () => {
  const outcome = await bench.invoke({}, { environment: { STARTS: 'error' } });
  expect(outcome.functionError).toBe('Unhandled');
  expect(payload(outcome)).toEqual({
    errorType: 'Runtime.ImportModuleError',
    errorMessage: 'Cannot find module',
    stackTrace: [],
  });
  expect(lastLines(7)).toEqual([
    'starting: error\n',
    'INIT_REPORT Init Duration: N ms\tPhase: init\tStatus: error\tError Type: Runtime.ImportModuleError\n',
    'starting: error\n',
    'INIT_REPORT Init Duration: N ms\tPhase: invoke\tStatus: error\tError Type: Runtime.ImportModuleError\n',
    `START RequestId: ${FIRST} Version: $LATEST\n`,
    `END RequestId: ${FIRST}\n`,
    `REPORT RequestId: ${FIRST}\tDuration: N ms\tBilled Duration: N ms\tMemory Size: N MB\tMax Memory Used: N MB\tStatus: error\tError Type: Runtime.ImportModuleError\n`,
  ]);
  expect(bench.pids).toHaveLength(2);
  expect(outcomes()).toEqual(['failed to start: Runtime.ImportModuleError']);
});

test('a process that ends while it starts is Runtime.ExitError', async () => {
  expect(payload(await bench.invoke({}, { environment: { STARTS: 'exit' } }))).toEqual({
    errorType: 'Runtime.ExitError',
    errorMessage: `RequestId: ${FIRST} Error: Runtime exited with error: exit status 3`,
  });
  expect(bench.pids).toHaveLength(2);
});

test("a start in an invocation's own time has the function's time-out", async () => {
  const changes = { timeoutMs: 400 };
  await using hanging = await hostBench({
    launch: async (revision, place) => {
      const launch = await launchRuntime(revision, place);
      return { ...launch, env: { ...launch.env, ...(hanging.pids.length > 0 && { STARTS: 'hang' }) } };
    },
  });
  await hanging.invoke({ do: 'exit', code: 1 }, changes);
  const outcome = await hanging.invoke({}, changes);
  expect(outcome.payload.toString()).toContain('Task timed out after 0.40 seconds');
  expect(hanging.pids.filter(lives)).toEqual([]);
});

test('a program that is not there is Runtime.InvalidEntrypoint', async () => {
  await using broken = await hostBench({
    launch: async (revision, place) => ({ ...(await launchRuntime(revision, place)), command: '/var/task/bootstrap' }),
  });
  expect(payload(await broken.invoke())).toEqual({
    errorType: 'Runtime.InvalidEntrypoint',
    errorMessage: `RequestId: ${FIRST} Error: fork/exec /var/task/bootstrap: no such file or directory`,
  });
});

test('what keeps a function from being launched reaches the developer, remedy and all', async () => {
  await using refused = await hostBench({
    launch: () =>
      Promise.reject(new NaetmulError('PYTHON_MISSING', 'There is no Python 3.', { remedy: 'Install one.' })),
  });
  expect(payload(await refused.invoke())).toEqual({
    errorType: 'Runtime.InvalidEntrypoint',
    errorMessage: `RequestId: ${FIRST} Error: There is no Python 3. Install one.`,
  });
});

test('a runtime that breaks the rules of its API is told so, in the words of AWS', async () => {
  const { payload: bytes } = await bench.invoke({ do: 'misbehave' });
  expect(bytes.toString()).toBe('"first"');
  const told = JSON.parse(bench.lines.find((line) => line.startsWith('[')) ?? '[]') as {
    status: number;
    body: string;
  }[];
  const forbidden = (from: string, to: string) =>
    `{"errorMessage":"State transition from ${from} to ${to} failed for runtime. Error: State transition is not allowed","errorType":"InvalidStateTransition"}`;
  expect(told).toEqual([
    { status: 400, body: '{"errorMessage":"Invalid request ID","errorType":"InvalidRequestID"}' },
    { status: 403, body: forbidden('Running', 'Ready') },
    { status: 404, body: '404 page not found\n' },
    { status: 202, body: '{"status":"OK"}\n' },
    { status: 403, body: forbidden('RuntimeResponseSentState', 'InvocationResponse') },
    { status: 403, body: forbidden('RuntimeResponseSentState', 'InitError') },
  ]);
});
