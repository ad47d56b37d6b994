import { expect, test } from 'vitest';
import { clockAtNoon, makeQueue, NOON, type QueueUnderTest, SECOND, TIMES } from './testing.ts';

/** `a1` is the first message of the group a. */
function send({ send: put }: QueueUnderTest, ...ids: string[]): void {
  for (const id of ids) put(id, id.slice(0, 1));
}

async function fifoQueue(times = TIMES): Promise<QueueUnderTest & { clock: Awaited<ReturnType<typeof clockAtNoon>> }> {
  const clock = await clockAtNoon();
  return { ...makeQueue(clock, { fifo: true, times }), clock };
}

test('a receive takes as much of one group as it can before it turns to the next', async () => {
  const under = await fifoQueue();
  send(under, 'a1', 'b1', 'a2', 'a3');
  expect(under.receive(10)).toEqual(['a1', 'a2', 'a3', 'b1']);
});

test('a group with a message in flight keeps the rest of its messages back', async () => {
  const under = await fifoQueue();
  send(under, 'a1', 'a2', 'a3', 'b1', 'c1');
  expect(under.receive(2)).toEqual(['a1', 'a2']);
  expect(under.receive(1)).toEqual(['b1']);
  send(under, 'a4');
  expect(under.receive(10)).toEqual(['c1']);
  await under.clock.advance(30 * SECOND);
  expect(under.receive(10, 0)).toEqual(['a1', 'a2', 'a3', 'a4', 'b1', 'c1']);
});

test('deleting a part of what is in flight does not free the group; deleting all does', async () => {
  const under = await fifoQueue();
  send(under, 'a1', 'b1', 'a2', 'a3');
  under.receive(2);
  under.queue.delete('a1', under.receipt('a1'));
  expect(under.receive(10)).toEqual(['b1']);
  under.queue.delete('a2', under.receipt('a2'));
  expect(under.receive(10)).toEqual(['a3']);
});

test.each([
  ['a1', []],
  ['a2', ['a1']],
  ['a3', ['a1', 'a2']],
])('when the visibility of %s is prolonged, only what stands before it comes again', async (prolonged, expected) => {
  const under = await fifoQueue();
  send(under, 'a1', 'a2', 'a3');
  under.receive(10);
  under.queue.changeVisibility(prolonged, under.receipt(prolonged), 60 * SECOND);
  await under.clock.advance(30 * SECOND);
  expect(under.receive(10)).toEqual(expected);
});

test('a handle expires with the visibility it was given', async () => {
  const under = await fifoQueue();
  send(under, 'a1');
  under.receive();
  await under.clock.advance(30 * SECOND);
  expect(under.queue.delete('a1', under.receipt('a1'))).toBe('expired');
  const old = under.receipt('a1');
  under.receive();
  expect(under.queue.delete('a1', old)).toBe('expired');
  expect(under.queue.delete('a1', under.receipt('a1'))).toBe('done');
});

test('a change of the queue’s delay reaches messages that wait already', async () => {
  const under = await fifoQueue({ ...TIMES, delayMs: 60 * SECOND });
  send(under, 'a1', 'a2');
  under.queue.delayAnew(20 * SECOND);
  under.queue.deliver();
  await under.clock.advance(20 * SECOND - 1);
  expect(under.receive(10)).toEqual([]);
  await under.clock.advance(1);
  expect(under.receive(10)).toEqual(['a1', 'a2']);
});

test('a dead letter frees its group, and its retention begins anew', async () => {
  const clock = await clockAtNoon();
  const deadLetters = makeQueue(clock, { fifo: true });
  const under = makeQueue(clock, {
    fifo: true,
    redrive: () => ({ maxReceiveCount: 1, deadLetters: deadLetters.queue }),
  });
  send(under, 'a1', 'a2');
  expect(under.receive(1, SECOND)).toEqual(['a1']);
  await clock.advance(5 * SECOND);
  expect(under.receive(10)).toEqual(['a2']);
  expect(deadLetters.queue.receive(1)).toMatchObject([{ content: { id: 'a1' }, sentAt: NOON + 5 * SECOND }]);
});
