import { afterEach, beforeEach, expect, test } from 'vitest';
import { FAULT_KINDS, type FaultKind } from './index.ts';
import { type HostBench, hostBench, lives } from './testing/bench.ts';

let bench: HostBench;

beforeEach(async () => {
  bench = await hostBench();
});

afterEach(async () => {
  await bench[Symbol.asyncDispose]();
});

const FIRST = '00000000-0000-4000-8000-000000000001';

/** The handler prints, so that the log shows whether it ran. */
async function struck(kind: string, event: unknown = { do: 'print', text: 'committed\n' }): Promise<unknown> {
  bench.faults.add({ at: 'lambda/worker', kind });
  try {
    const { payload, functionError } = await bench.invoke(event);
    return functionError === undefined ? payload.toString() : JSON.parse(payload.toString());
  } catch (error) {
    return error;
  }
}

function ran(): boolean {
  return bench.lines.includes('committed\n');
}

const CASES: readonly [FaultKind, boolean, string, unknown][] = [
  ['lose-response', true, 'committed, response lost', { name: 'AwsError', code: 'ServiceException', status: 500 }],
  [
    'time-out',
    true,
    'committed, then timed out',
    {
      errorType: 'Sandbox.Timedout',
      errorMessage: `RequestId: ${FIRST} Error: Task timed out after 3.00 seconds`,
    },
  ],
  [
    'crash',
    true,
    'committed, then crashed',
    {
      errorType: 'Runtime.ExitError',
      errorMessage: `RequestId: ${FIRST} Error: Runtime exited with error: signal: killed`,
    },
  ],
  [
    'crash-before',
    false,
    'crashed before the handler ran',
    {
      errorType: 'Runtime.ExitError',
      errorMessage: `RequestId: ${FIRST} Error: Runtime exited with error: signal: killed`,
    },
  ],
  ['throttle', false, 'throttled', { name: 'AwsError', code: 'TooManyRequestsException', status: 429 }],
];

test('every kind of fault is tried here', () => {
  expect(CASES.map(([kind]) => kind)).toEqual([...FAULT_KINDS]);
});

test.each(CASES)('%s: the handler ran %s, and the ledger says "%s"', async (kind, hasRun, outcome, result) => {
  expect(await struck(kind)).toMatchObject(result as object);
  expect(ran()).toBe(hasRun);
  expect(bench.entries().map(({ detail }) => detail)).toMatchObject([{ outcome, fault: kind }]);
  if (kind !== 'lose-response') expect(bench.pids.filter(lives)).toEqual([]);
  expect(await bench.ask({ again: true })).toMatchObject({ event: { again: true } });
});

test('a time-out that was made up is reported like a real one, without the wait', async () => {
  await struck('time-out');
  expect(bench.lines.at(-1)).toMatch(/\tDuration: 3000\.00 ms\t.*\tStatus: timeout\n$/);
  expect(bench.counted.get('Duration')).toBe(3000);
  expect(bench.counted.get('Errors')).toBe(1);
});

test('an answer that is lost is no error of the function', async () => {
  await struck('lose-response');
  expect(bench.counted.get('Invocations')).toBe(1);
  expect(bench.counted.get('Errors')).toBe(0);
});

test('a throttled invocation counts as a throttle alone', async () => {
  await struck('throttle');
  expect(Object.fromEntries(bench.counted)).toEqual({ Throttles: 1, 'Throttles worker': 1 });
});

test('a fault says what the handler had made of it when that failed by itself', async () => {
  await struck('lose-response', { do: 'throw', type: 'ER_LOCK_DEADLOCK' });
  expect(bench.entries()[0]?.detail).toMatchObject({ outcome: 'threw ER_LOCK_DEADLOCK, response lost' });
});

test('a handler that crashes before the fault is due has crashed by itself', async () => {
  expect(await struck('lose-response', { do: 'exit', code: 1 })).toMatchObject({ errorType: 'Runtime.ExitError' });
  expect(bench.entries()[0]?.detail).toMatchObject({ outcome: 'crashed' });
});

test('a fault that is not known here strikes nothing, and is named', async () => {
  expect(await struck('lose-respond')).toBe('"printed"');
  expect(bench.warned).toEqual([
    'lambda/worker knows no fault lose-respond; the invocation runs as if there were none.',
  ]);
});
