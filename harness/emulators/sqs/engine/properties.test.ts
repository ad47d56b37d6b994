import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Clock, createClock } from '../../../clock/index.ts';
import type { MessageQueueOptions } from './message-queue.ts';
import { makeQueue, NOON, type QueueUnderTest, SECOND } from './testing.ts';

type Step =
  | { readonly do: 'send'; readonly group: string; readonly delay: number }
  | { readonly do: 'receive'; readonly max: number; readonly visibility: number }
  | { readonly do: 'delete' | 'free' | 'prolong'; readonly which: number }
  | { readonly do: 'wait'; readonly seconds: number };

const STEPS: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({
      do: fc.constant('send' as const),
      group: fc.constantFrom('a', 'b', 'c'),
      delay: fc.constantFrom(0, 0, 0, 2),
    }),
    fc.record({
      do: fc.constant('receive' as const),
      max: fc.integer({ min: 1, max: 10 }),
      visibility: fc.constantFrom(0, 1, 3, 30),
    }),
    fc.record({ do: fc.constantFrom('delete' as const, 'free' as const, 'prolong' as const), which: fc.nat(20) }),
    fc.record({ do: fc.constant('wait' as const), seconds: fc.integer({ min: 1, max: 5 }) }),
  ),
  { maxLength: 60, size: 'max' },
);

/** What a user of the queue saw of each message. */
interface Seen {
  readonly id: string;
  readonly group: string;
  readonly nth: number;
  /** Until when nobody else may get it, as its last receiver was told. */
  hiddenUntil: number;
  deleted: boolean;
}

/** Plays the steps and says what the queue did that it must not do. */
async function violations(
  steps: readonly Step[],
  fifo: boolean,
  make: (clock: Clock) => QueueUnderTest,
): Promise<string[]> {
  const clock = createClock();
  await clock.travelTo(NOON);
  const under = make(clock);
  const found: string[] = [];
  const all: Seen[] = [];
  const inHand: Seen[] = [];

  const receive = (max: number, visibility: number) => {
    const together = under.receive(max, visibility * SECOND).map((id) => all.find((one) => one.id === id) as Seen);
    for (const [at, message] of together.entries()) {
      const earlier = all.filter(({ group, nth, deleted }) => group === message.group && nth < message.nth && !deleted);
      if (message.deleted) found.push(`${message.id} came though it was deleted`);
      if (message.hiddenUntil > clock.now()) found.push(`${message.id} came while somebody else had it`);
      if (fifo && !earlier.every((one) => together.slice(0, at).includes(one)))
        found.push(`${message.id} came too early`);
    }
    for (const message of together) {
      message.hiddenUntil = clock.now() + visibility * SECOND;
      if (!inHand.includes(message)) inHand.push(message);
    }
    return together.length;
  };

  for (const step of steps) {
    if (step.do === 'send') {
      const id = `${step.group}${all.length}`;
      // A FIFO queue's messages are all delayed alike.
      under.send(id, step.group, fifo ? 0 : step.delay * SECOND);
      all.push({ id, group: step.group, nth: all.length, hiddenUntil: 0, deleted: false });
    } else if (step.do === 'receive') {
      receive(step.max, step.visibility);
    } else if (step.do === 'wait') {
      await clock.advance(step.seconds * SECOND);
    } else {
      const message = inHand[step.which % Math.max(1, inHand.length)];
      if (!message) continue;
      if (step.do === 'delete') {
        if (under.queue.delete(message.id, under.receipt(message.id)) === 'done') message.deleted = true;
      } else {
        const ms = step.do === 'free' ? 0 : 4 * SECOND;
        if (under.queue.changeVisibility(message.id, under.receipt(message.id), ms) === 'done') {
          message.hiddenUntil = clock.now() + ms;
        }
      }
      under.queue.deliver();
    }
  }

  // In the end everything that was not deleted can be received.
  await clock.advance(60 * SECOND);
  const back = new Set<string>();
  for (let calls = 0; calls <= all.length; calls++) {
    for (const id of under.receive(10)) {
      back.add(id);
      under.queue.delete(id, under.receipt(id));
    }
  }
  for (const { id, deleted } of all) if (!deleted && !back.has(id)) found.push(`${id} is lost`);
  clock.close();
  return found;
}

const queueOf = (options: Partial<MessageQueueOptions>) => (clock: Clock) => makeQueue(clock, options);

/** The first sequence of steps under which something is violated; undefined when there is none. */
async function counterexample(fifo: boolean, make: (clock: Clock) => QueueUnderTest): Promise<string[] | undefined> {
  let found: string[] | undefined;
  const property = fc.asyncProperty(STEPS, async (steps) => {
    const violated = await violations(steps, fifo, make);
    if (violated.length > 0) found = violated;
    return violated.length === 0;
  });
  await fc.check(property, { numRuns: 200, seed: 20220127 });
  return found;
}

test.each([
  ['standard', false],
  ['FIFO', true],
])('a %s queue never gives a message to two at a time, loses none, and keeps the order it promises', async (_, fifo) => {
  expect(await counterexample(fifo, queueOf({ fifo }))).toBeUndefined();
});

test('a queue for which time passes too fast is caught giving messages to two at a time', async () => {
  const found = await counterexample(false, (clock) =>
    makeQueue({
      ...clock,
      now: () => NOON + (clock.now() - NOON) * 2,
      setTimer: (name, ms, callback) => clock.setTimer(name, ms, callback),
    } as Clock),
  );
  expect(found?.join()).toMatch(/came while somebody else had it/);
});

test('a queue that does not heed groups is caught breaking their order', async () => {
  const found = await counterexample(true, queueOf({ fifo: false }));
  expect(found?.join()).toMatch(/came too early/);
});

test('a queue that forgets one message of a large receive is caught losing it', async () => {
  const found = await counterexample(false, (clock) => {
    const under = makeQueue(clock);
    return {
      ...under,
      receive(max, visibilityMs) {
        const ids = under.receive(max, visibilityMs);
        if (ids.length > 2) under.queue.delete(ids[2] ?? '', under.receipt(ids[2] ?? ''));
        return ids;
      },
    };
  });
  expect(found?.join()).toMatch(/is lost/);
});
