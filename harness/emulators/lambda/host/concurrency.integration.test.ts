import { afterEach, beforeEach, expect, test } from 'vitest';
import type { FunctionRevision } from '../model.ts';
import { type HostBench, hostBench, lives, until } from './testing/bench.ts';

let bench: HostBench;

beforeEach(async () => {
  bench = await hostBench({ maxEnvironments: 2 });
});

afterEach(async () => {
  await bench[Symbol.asyncDispose]();
});

function sleeping(changes: Partial<FunctionRevision> = {}, ms = 50): Promise<{ pid: number }> {
  return bench.ask({ do: 'sleep', ms }, changes);
}

test('an environment runs one invocation at a time', async () => {
  const both = await Promise.all([sleeping(), sleeping()]);
  expect(new Set(both.map(({ pid }) => pid)).size).toBe(2);
});

test('the environment used last is used next', async () => {
  const [first] = await Promise.all([sleeping({}, 1), sleeping({}, 100)]);
  expect(first.pid).not.toBe((await sleeping()).pid);
});

test('beyond the number that this machine is to bear, invocations wait and none is refused', async () => {
  const all = await Promise.all(Array.from({ length: 7 }, () => sleeping({}, 10)));
  expect(new Set(all.map(({ pid }) => pid)).size).toBe(2);
  expect(bench.pids).toHaveLength(2);
  expect(bench.counted.get('Throttles')).toBe(0);
});

test('a function of which nothing runs waits for no other: it may be what they call', async () => {
  const busy = Promise.allSettled([1, 2].map(() => bench.invoke({ do: 'hang' }, { timeoutMs: 60_000 })));
  await until(() => bench.lines.filter((line) => line.startsWith('START')).length === 2);
  expect(await bench.ask({ called: true }, { name: 'callee' })).toMatchObject({ event: { called: true } });
  await bench.host.stop();
  await busy;
});

test('an idle environment of one function makes room for another', async () => {
  const { pid } = await sleeping({ name: 'first' });
  await sleeping({ name: 'second' });
  await sleeping({ name: 'third' });
  await until(() => !lives(pid));
  expect(bench.pids.filter(lives)).toHaveLength(2);
});

test('an environment that nothing was asked of for long ends', async () => {
  await using brief = await hostBench({ idleLifeMs: 20 });
  const { pid } = await brief.ask();
  await until(() => !lives(pid));
  expect((await brief.ask()).runs).toBe(1);
});

test.each([
  ['none', 0, 0],
  ['one', 1, 1],
  ['two', 2, 2],
])('with %s reserved, as many run and the others get 429', async (_name, reservedConcurrency, running) => {
  const settled = await Promise.allSettled([1, 2, 3].map(() => sleeping({ reservedConcurrency })));
  expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(running);
  const refused = settled.filter((result) => result.status === 'rejected');
  for (const { reason } of refused) {
    expect(reason).toMatchObject({
      code: 'TooManyRequestsException',
      message: 'Rate Exceeded.',
      status: 429,
      members: { Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded', Type: 'User' },
    });
  }
  expect(bench.counted.get('Throttles')).toBe(3 - running);
  const throttled = bench.entries().filter(({ detail }) => detail?.outcome === 'throttled');
  expect(throttled).toHaveLength(3 - running);
});

test('beyond what the account has, a function without a reservation gets 429', async () => {
  await using small = await hostBench({ accountConcurrency: 1 });
  const settled = await Promise.allSettled([
    small.ask({ do: 'sleep', ms: 50 }),
    small.ask({ do: 'sleep', ms: 50 }, { name: 'other' }),
    small.ask({ do: 'sleep', ms: 50 }, { name: 'reserved', reservedConcurrency: 1 }),
  ]);
  expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(settled[1]).toMatchObject({ reason: { members: { Reason: 'ConcurrentInvocationLimitExceeded' } } });
  // What has ended counts no more.
  await small.ask({}, { name: 'other' });
});

test('sixteen invocations are in flight at once, and the harness has lost none of them', async () => {
  await using wide = await hostBench({ maxEnvironments: 16 });
  const answers = await Promise.all(Array.from({ length: 64 }, (_, n) => wide.ask({ n }, { timeoutMs: 60_000 })));
  expect(answers.map(({ event }) => event)).toEqual(Array.from({ length: 64 }, (_, n) => ({ n })));
  expect(wide.pids.length).toBeLessThanOrEqual(16);
});

test('a function that is deleted loses its idle environments at once, and a busy one when it is done', async () => {
  await sleeping();
  const busy = sleeping({}, 100);
  const idle = await sleeping({}, 1);
  await bench.host.retire(bench.revision().arn);
  expect(lives(idle.pid)).toBe(false);
  const { pid } = await busy;
  await until(() => !lives(pid));
  expect(bench.pids.filter(lives)).toEqual([]);
});
