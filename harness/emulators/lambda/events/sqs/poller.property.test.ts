import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createEventSources } from '../index.ts';
import { eventsBench, fails, sqsMapping } from '../testing.ts';

interface SqsEvent {
  readonly Records: readonly { readonly messageId: string }[];
}

const VISIBILITY_MS = 30_000;

/** How one invocation ends; `partial` fails the messages whose bit is set. */
const outcome = fc.oneof(
  fc.constant({ kind: 'success' as const }),
  fc.constant({ kind: 'error' as const }),
  fc.constant({ kind: 'throttled' as const }),
  fc.constant({ kind: 'lost' as const }),
  fc.constant({ kind: 'malformed' as const }),
  fc.record({ kind: fc.constant('partial' as const), bits: fc.nat({ max: 2 ** 10 - 1 }) }),
);
const story = fc.record({
  sizes: fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 4 }),
  outcomes: fc.array(outcome, { maxLength: 20 }),
  batchSize: fc.integer({ min: 1, max: 10 }),
  windowMs: fc.constantFrom(0, 1000, 7000),
});
type Story = typeof story extends fc.Arbitrary<infer T> ? T : never;

/**
 * Plays a story, and returns what is wrong with it: a message that is gone though no run of the function did it, one
 * that the function did and that came back, one that it never did and that did not come back.
 */
async function play({ sizes, outcomes, batchSize, windowMs }: Story, reportBatchItemFailures: boolean) {
  const bench = await eventsBench();
  bench.queues.visibilityMs = VISIBILITY_MS;
  const done = new Set<string>();
  const faults: string[] = [];
  bench.host.script = ({ Records }: SqsEvent) => {
    const items = Records.map(({ messageId }) => messageId);
    for (const id of items) if (done.has(id)) faults.push(`${id} was done, and came again`);
    const next = outcomes[bench.host.runs.length - 1] ?? { kind: 'success' };
    switch (next.kind) {
      case 'error':
        throw fails.function();
      case 'throttled':
        throw fails.throttled();
      case 'lost':
        throw fails.system();
      case 'malformed':
        return { batchItemFailures: [{ itemIdentifier: items[0] }, { itemIdentifier: 'nobody' }] };
      case 'partial': {
        const failed = items.filter((_, index) => next.bits & (1 << index));
        for (const id of items) if (!failed.includes(id)) done.add(id);
        return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
      }
      case 'success':
        for (const id of items) done.add(id);
        return null;
    }
  };
  const mapping = sqsMapping({ batchSize, batchingWindowMs: windowMs, reportBatchItemFailures });
  const sources = createEventSources(bench.parts, { enqueue: () => undefined });
  sources.start(mapping);
  for (const size of sizes) {
    await bench.clock.run('a sender', async () => {
      for (let n = 0; n < size; n++) bench.queues.send('x');
    });
    await bench.clock.advance(11_000);
    for (const { id, deleted } of bench.queues.of('events')) {
      if (deleted !== done.has(id))
        faults.push(`${id} is ${deleted ? 'gone, and was not done' : 'done, and not gone'}`);
    }
  }
  await bench.clock.advance((outcomes.length + 2) * (VISIBILITY_MS + windowMs));
  for (const { id, deleted } of bench.queues.of('events')) if (!deleted) faults.push(`${id} did not come back`);
  await sources.clear();
  bench.clock.close();
  return faults;
}

test('whatever the outcomes, each message is done and gone, or comes back, and never both', async () => {
  await fc.assert(
    fc.asyncProperty(story, async (one) => {
      expect(await play(one, true)).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

test('a poller that ignores which messages failed is caught', async () => {
  const check = fc.check(
    fc.asyncProperty(story, async (one) => (await play(one, false)).length === 0),
    { numRuns: 60 },
  );
  expect((await check).failed).toBe(true);
});
