import fc from 'fast-check';
import { expect, test } from 'vitest';
import { machine } from '../../../clock/index.ts';
import { Gatherer, type GathererLimits } from './gatherer.ts';

const LIMITS: GathererLimits = { maxItems: 3, maxBytes: 100, maxCalls: 1 };

/** A backend whose calls end when the test says so. */
function backend(limits: GathererLimits = LIMITS) {
  const calls: {
    readonly items: readonly string[];
    readonly end: () => void;
    readonly fail: (error: Error) => void;
  }[] = [];
  const gatherer = new Gatherer<string, string>(limits, (items) => {
    const { promise, resolve, reject } = Promise.withResolvers<readonly string[]>();
    calls.push({ items, end: () => resolve(items.map((item) => item.toUpperCase())), fail: reject });
    return promise;
  });
  return { gatherer, calls, batches: () => calls.map((call) => call.items) };
}

test('an item goes with the turn of the event loop in which it came, with all others of that turn', async () => {
  const { gatherer, batches } = backend({ ...LIMITS, maxCalls: 2 });
  void gatherer.add('a', 1);
  await machine.turn();
  expect(batches()).toEqual([['a']]);
  void gatherer.add('b', 1);
  await Promise.resolve();
  void gatherer.add('c', 1);
  await machine.turn();
  expect(batches()).toEqual([['a'], ['b', 'c']]);
});

test('those that come while a call is under way go together when it has ended, each with its own answer', async () => {
  const { gatherer, calls, batches } = backend();
  const answers = [gatherer.add('a', 1)];
  await machine.turn();
  answers.push(gatherer.add('b', 1));
  await machine.turn();
  answers.push(gatherer.add('c', 1));
  calls[0]?.end();
  await answers[0];
  expect(batches()).toEqual([['a'], ['b', 'c']]);
  calls[1]?.end();
  expect(await Promise.all(answers)).toEqual(['A', 'B', 'C']);
  expect(gatherer.idle).toBe(true);
});

test('a batch ends at the number of items and at the number of bytes', async () => {
  const { gatherer, calls, batches } = backend();
  const first = gatherer.add('first', 1);
  await machine.turn();
  for (const [item, bytes] of [
    ['a', 1],
    ['b', 1],
    ['c', 1],
    ['d', 60],
    ['e', 41],
    ['f', 200],
  ] as const)
    void gatherer.add(item, bytes);
  for (let call = 0; call < 5; call++) {
    calls[call]?.end();
    await first;
    await machine.turn();
  }
  expect(batches()).toEqual([['first'], ['a', 'b', 'c'], ['d'], ['e'], ['f']]);
});

test('an item that must go alone keeps its place and takes nobody along', async () => {
  const { gatherer, calls, batches } = backend();
  const first = gatherer.add('first', 1);
  await machine.turn();
  void gatherer.add('a', 1);
  void gatherer.add('alone', 1, true);
  void gatherer.add('b', 1);
  for (let call = 0; call < 4; call++) {
    calls[call]?.end();
    await first;
    await machine.turn();
  }
  expect(batches()).toEqual([['first'], ['a'], ['alone'], ['b']]);
});

test('a failed call fails its own items, and those waiting go on', async () => {
  const { gatherer, calls } = backend();
  const failing = gatherer.add('a', 1);
  await machine.turn();
  const waiting = gatherer.add('b', 1);
  calls[0]?.fail(new Error('reset'));
  await expect(failing).rejects.toThrow('reset');
  calls[1]?.end();
  expect(await waiting).toBe('B');
});

test('whatever comes in whatever order, every item is sent once, in order, within the limits', async () => {
  const items = fc.array(fc.record({ bytes: fc.integer({ min: 1, max: 150 }), alone: fc.boolean() }), {
    maxLength: 40,
  });
  await fc.assert(
    fc.asyncProperty(items, fc.integer({ min: 1, max: 3 }), fc.scheduler(), async (plan, maxCalls, scheduler) => {
      const batches: number[][] = [];
      let underWay = 0;
      const gatherer = new Gatherer<number, number>({ ...LIMITS, maxCalls }, async (batch) => {
        batches.push([...batch]);
        expect(++underWay).toBeLessThanOrEqual(maxCalls);
        await scheduler.schedule(Promise.resolve());
        underWay--;
        return batch;
      });
      const answers = plan.map(({ bytes, alone }, index) => gatherer.add(index, bytes, alone));
      await scheduler.waitFor(Promise.all(answers));
      expect(await Promise.all(answers)).toEqual(plan.map((_one, index) => index));
      expect(batches.flat()).toEqual(plan.map((_one, index) => index));
      for (const batch of batches.filter((one) => one.length > 1)) {
        const sizes = batch.map((index) => plan[index]?.bytes ?? 0);
        expect(batch.length).toBeLessThanOrEqual(LIMITS.maxItems);
        expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(LIMITS.maxBytes);
        expect(batch.some((index) => plan[index]?.alone)).toBe(false);
      }
    }),
    { numRuns: 200 },
  );
});
