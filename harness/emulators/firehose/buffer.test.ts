import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ClockControl, createClock, createRandom, parseInstant } from '../../clock/index.ts';
import { type Batch, type BufferLimits, type BufferOutlet, type BufferParts, DeliveryBuffer } from './buffer.ts';
import { makeRun, namesOf, type Run } from './runs.ts';

const START = parseInstant('2022-01-27T14:59:30Z');
const HOUR = 3_600_000;

interface Delivery {
  readonly at: number;
  readonly batch: Batch;
}

/** A buffer on held time, with an outlet that fails as often as it is told to. */
async function bench(
  changes: Partial<BufferLimits> = {},
  break_: (parts: BufferParts) => BufferParts = (parts) => parts,
) {
  const clock = createClock();
  await clock.travelTo(START);
  const limits: BufferLimits = {
    sizeBytes: 100,
    intervalMs: 60_000,
    retentionMs: 24 * HOUR,
    retry: { initialMs: 1000, maxMs: 60_000 },
    ...changes,
  };
  const seen = {
    delivered: [] as Delivery[],
    attempts: [] as number[],
    retriedAfterMs: 0,
    lost: [] as (Delivery & { attempts: number })[],
  };
  const faults: boolean[] = [];
  const outlet: BufferOutlet = {
    async deliver(batch) {
      seen.attempts.push(clock.now() - START);
      await new Promise((resolve) => setImmediate(resolve));
      if (faults.shift()) throw new Error('S3 is away');
      seen.delivered.push({ at: clock.now(), batch });
    },
    retrying(_batch, _attempt, delayMs) {
      seen.retriedAfterMs += delayMs;
    },
    lost(batch, attempts) {
      seen.lost.push({ at: clock.now(), batch, attempts });
    },
  };
  const random = createRandom('buffer');
  const buffer = new DeliveryBuffer(break_({ name: 'test', clock, random, limits: () => limits, outlet }));
  let count = 0;
  /** Adds one run of records of these sizes; their names are their numbers. */
  const add = (...sizes: number[]): Run => {
    const data = sizes.map((size) => new Uint8Array(size));
    const run = makeRun({
      arrival: clock.now(),
      data,
      ids: { series: 'put/test/', from: count, to: count + sizes.length },
      cause: 1,
    });
    count += sizes.length;
    buffer.add(run);
    return run;
  };
  return { clock, limits, buffer, faults, seen, add };
}

function numbers(runs: Iterable<Run>): number[] {
  return namesOf(runs).flatMap((name) =>
    typeof name === 'string' ? [] : Array.from({ length: name.to - name.from }, (_, index) => name.from + index),
  );
}

describe('when a buffer gives out', () => {
  test('at the interval, counted from the first record of the empty buffer', async () => {
    const { clock, seen, add } = await bench();
    await clock.advance(45_000);
    add(1);
    await clock.advance(30_000);
    add(1);
    await clock.advance(29_999);
    expect(seen.delivered).toEqual([]);
    await clock.advance(1);
    expect(seen.delivered.map(({ at }) => at - START)).toEqual([105_000]);
    expect(seen.delivered[0]?.batch).toMatchObject({ records: 2, bytes: 2, oldestArrival: START + 45_000 });
  });

  test('the interval starts anew after a batch was given out by size', async () => {
    const { clock, seen, add } = await bench();
    add(50);
    await clock.advance(40_000);
    add(50);
    await clock.advance(10_000);
    add(1);
    await clock.advance(59_999);
    expect(seen.delivered.map(({ at }) => at - START)).toEqual([40_000]);
    await clock.advance(1);
    expect(seen.delivered.map(({ at }) => at - START)).toEqual([40_000, 110_000]);
  });

  test('at exactly the size, not a byte before it', async () => {
    const { clock, seen, add } = await bench();
    add(99);
    await clock.settled();
    expect(seen.delivered).toEqual([]);
    add(1);
    await clock.settled();
    expect(seen.delivered.map(({ batch }) => batch.bytes)).toEqual([100]);
  });

  test('a run that is too large is divided between records, never inside one', async () => {
    const { clock, seen, add, buffer } = await bench();
    add(60, 60, 60, 60, 30);
    await clock.settled();
    expect(seen.delivered.map(({ batch }) => [numbers(batch.runs), batch.bytes])).toEqual([
      [[0, 1], 120],
      [[2, 3], 120],
    ]);
    expect(numbers(buffer.held())).toEqual([4]);
  });

  test('nothing when nothing came in', async () => {
    const { clock, seen, buffer } = await bench();
    await clock.advance(HOUR);
    buffer.flush();
    await buffer.drained();
    expect(seen.attempts).toEqual([]);
  });

  test('the oldest arrival counts even when records came out of order', async () => {
    const { clock, seen, buffer } = await bench();
    for (const [index, arrival] of [START, START - 5000, START + 1].entries()) {
      buffer.add(makeRun({ arrival, data: [new Uint8Array(1)], ids: [`record/s/${index}`], cause: 1 }));
    }
    buffer.flush();
    await clock.settled();
    expect(seen.delivered[0]?.batch.oldestArrival).toBe(START - 5000);
  });
});

describe('when delivery fails', () => {
  test('it is tried again with doubled pauses up to a minute, and what is behind it waits in order', async () => {
    const { clock, seen, faults, add, buffer } = await bench();
    faults.push(...new Array(9).fill(true));
    add(100);
    add(100);
    await clock.settled();
    expect(numbers(buffer.held())).toEqual([0, 1]);
    await clock.advance(10 * 60_000);
    const pauses = seen.attempts.map((at, index) => at - (seen.attempts[index - 1] ?? 0));
    expect(pauses).toEqual([0, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000, 0]);
    expect(seen.delivered.map(({ batch }) => numbers(batch.runs))).toEqual([[0], [1]]);
    expect(buffer.heldBytes).toBe(0);
  });

  test('every attempt of a batch carries the same id', async () => {
    const delivered: string[] = [];
    const { clock, add } = await bench({}, (parts) => ({
      ...parts,
      outlet: {
        ...parts.outlet,
        deliver: async (batch) => {
          delivered.push(batch.id);
          if (delivered.length < 3) throw new Error('S3 is away');
        },
      },
    }));
    add(100);
    await clock.advance(60_000);
    expect(delivered).toHaveLength(3);
    expect(new Set(delivered).size).toBe(1);
  });

  test('after the retention it is lost by name, with a last attempt at its very end', async () => {
    const { clock, seen, faults, add, buffer } = await bench({ retentionMs: HOUR });
    faults.push(...new Array(1000).fill(true));
    add(100);
    await clock.advance(2 * HOUR);
    expect(seen.attempts.at(-1)).toBe(HOUR);
    expect(seen.lost.map(({ at, batch, attempts }) => [at - START, numbers(batch.runs), attempts])).toEqual([
      [HOUR, [0], seen.attempts.length],
    ]);
    expect([...buffer.held()]).toEqual([]);
  });

  test('a day without S3 takes fewer than 1,500 attempts, and then the batch is lost', async () => {
    const { clock, seen, faults, add } = await bench();
    faults.push(...new Array(5000).fill(true));
    add(100);
    await clock.advance(48 * HOUR);
    expect(seen.lost[0]?.at).toBe(START + 24 * HOUR);
    expect(seen.attempts.length).toBeLessThan(1500);
  });
});

describe('stopping and draining', () => {
  test('a stopped buffer attempts nothing more and still says what it holds', async () => {
    const { clock, seen, faults, add, buffer } = await bench();
    faults.push(true);
    add(100);
    add(1);
    await clock.settled();
    await buffer.stop();
    await clock.advance(HOUR);
    expect(seen.attempts).toHaveLength(1);
    expect(numbers(buffer.held())).toEqual([0, 1]);
    expect(clock.diagnostics().timers).toEqual([]);
    expect(clock.diagnostics().locks).toEqual([]);
    await buffer.drained();
  });

  test('stopping waits for the attempt that is under way', async () => {
    const { seen, add, buffer } = await bench();
    add(100);
    expect(seen.delivered).toEqual([]);
    await buffer.stop();
    expect(seen.delivered).toHaveLength(1);
    expect([...buffer.held()]).toEqual([]);
  });

  test('drained() waits for the last batch, through its retries', async () => {
    const { clock, faults, add, buffer } = await bench();
    faults.push(true, true);
    add(1);
    buffer.flush();
    let drained = false;
    const draining = buffer.drained().then(() => {
      drained = true;
    });
    await clock.advance(2999);
    expect(drained).toBe(false);
    await clock.advance(1);
    await draining;
    expect([...buffer.held()]).toEqual([]);
  });

  test('a record that comes just as a delivery ends is not left behind', async () => {
    const { clock, seen, add, buffer } = await bench();
    add(100);
    for (let turn = 0; turn < 20; turn++) {
      await Promise.resolve();
      if (seen.delivered.length === 1) add(100);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await clock.settled();
    expect(buffer.heldBytes).toBe(0);
  });
});

type Step = { readonly add: readonly number[] } | { readonly wait: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ add: fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 8 }) }),
  fc.record({ wait: fc.integer({ min: 0, max: 90_000 }) }),
);

/** Whatever is put, whenever, and however often S3 refuses. */
function buffersKeepTheirPromises(break_?: (parts: BufferParts) => BufferParts) {
  return fc.asyncProperty(
    fc.array(step, { minLength: 1, maxLength: 15 }),
    fc.array(fc.boolean(), { maxLength: 12 }),
    async (steps, faults) => {
      const { clock, limits, buffer, seen, add, faults: planned } = await bench({}, break_);
      planned.push(...faults);
      const enteredAt: number[] = [];
      for (const action of steps) {
        if ('wait' in action) await clock.advance(action.wait);
        else {
          for (const _ of action.add) enteredAt.push(clock.now());
          add(...action.add);
        }
      }
      await drive(clock);
      const out = seen.delivered.flatMap(({ batch }) => numbers(batch.runs));
      expect(out).toEqual(enteredAt.map((_, index) => index));
      expect([...buffer.held()]).toEqual([]);
      for (const { at, batch } of seen.delivered) {
        const last = batch.runs.at(-1)?.data.at(-1)?.length ?? 0;
        expect(batch.bytes - last).toBeLessThan(limits.sizeBytes);
        expect(batch.bytes).toBe(
          batch.runs.flatMap((run) => [...run.data]).reduce((sum, data) => sum + data.length, 0),
        );
        for (const n of numbers(batch.runs)) {
          expect(at).toBeLessThanOrEqual((enteredAt[n] as number) + limits.intervalMs + seen.retriedAfterMs);
        }
      }
    },
  );
}

async function drive(clock: ClockControl): Promise<void> {
  await clock.advance(2 * HOUR);
}

describe('properties', () => {
  test('every record comes out once, in order, in batches within the limit, no later than interval plus retries', async () => {
    await fc.assert(buffersKeepTheirPromises(), { numRuns: 150 });
  });

  test('with a short retention every record is delivered or named as lost, in order, none before its time', async () => {
    const faults = fc.array(fc.boolean(), { maxLength: 40 });
    const keepsItsAccounts = fc.asyncProperty(
      fc.array(step, { minLength: 1, maxLength: 15 }),
      faults,
      async (steps, plan) => {
        const retentionMs = 150_000;
        const { clock, buffer, seen, add, faults: planned } = await bench({ retentionMs });
        planned.push(...plan);
        let added = 0;
        for (const action of steps) {
          if ('wait' in action) await clock.advance(action.wait);
          else added += add(...action.add).data.length;
        }
        await drive(clock);
        const delivered = seen.delivered.flatMap(({ batch }) => numbers(batch.runs));
        const lost = seen.lost.flatMap(({ batch }) => numbers(batch.runs));
        expect(delivered).toEqual(delivered.toSorted((a, b) => a - b));
        expect(lost).toEqual(lost.toSorted((a, b) => a - b));
        expect([...delivered, ...lost].sort((a, b) => a - b)).toEqual(
          Array.from({ length: added }, (_, index) => index),
        );
        for (const { at, batch } of seen.lost) expect(at).toBeGreaterThanOrEqual(batch.oldestArrival + retentionMs);
        expect(buffer.heldBytes).toBe(0);
      },
    );
    await fc.assert(keepsItsAccounts, { numRuns: 150 });
  });

  const breakages: Record<string, (parts: BufferParts) => BufferParts> = {
    'forgets a batch that S3 refused': (parts) => ({
      ...parts,
      outlet: {
        ...parts.outlet,
        deliver: (batch, work) => parts.outlet.deliver(batch, work).catch(() => undefined),
      },
    }),
    'forgets its timer': (parts) => ({
      ...parts,
      clock: new Proxy(parts.clock, {
        get: (clock, name) =>
          name === 'setTimer' ? () => ({ name: '', cancel: () => undefined }) : bound(clock, name),
      }),
    }),
    'delivers without waiting for the batch before': (parts) => ({
      ...parts,
      outlet: {
        ...parts.outlet,
        deliver: async (batch, work) => {
          void retryUntilDone(() => parts.outlet.deliver(batch, work));
        },
      },
    }),
    'lets objects grow beyond the limit': (parts) => ({
      ...parts,
      limits: () => ({ ...parts.limits(), sizeBytes: parts.limits().sizeBytes * 2 }),
    }),
    'is late': (parts) => ({ ...parts, limits: () => ({ ...parts.limits(), intervalMs: 61_000 }) }),
  };

  for (const [defect, break_] of Object.entries(breakages)) {
    test(`a buffer that ${defect} is caught`, async () => {
      const result = await fc.check(buffersKeepTheirPromises(break_), { numRuns: 200, endOnFailure: true });
      expect(result.failed).toBe(true);
    });
  }
});

async function retryUntilDone(work: () => Promise<void>): Promise<void> {
  for (let attempt = 0; attempt < 50; attempt++) {
    try {
      return await work();
    } catch {
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

function bound(target: object, name: string | symbol): unknown {
  const value: unknown = Reflect.get(target, name, target);
  return typeof value === 'function' ? value.bind(target) : value;
}
