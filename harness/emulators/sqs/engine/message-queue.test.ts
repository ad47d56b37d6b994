import { expect, test } from 'vitest';
import { machine } from '../../../clock/index.ts';
import { clockAtNoon, makeQueue, NOON, SECOND, TIMES } from './testing.ts';

const HOUR = 3600 * SECOND;

test('a received message is hidden until its visibility timeout is over, and comes again behind the others', async () => {
  const clock = await clockAtNoon();
  const { queue, send, receive } = makeQueue(clock);
  for (const id of ['a', 'b']) send(id);
  expect(receive()).toEqual(['a']);
  await clock.advance(30 * SECOND - 1);
  expect(queue.counts()).toEqual({ visible: 1, delayed: 0, inFlight: 1 });
  await clock.advance(1);
  expect(receive(10)).toEqual(['b', 'a']);
});

test('messages that become visible in the same instant come in the order of sending', async () => {
  const clock = await clockAtNoon();
  const { send, receive } = makeQueue(clock);
  const ids = [...Array(20).keys()].map((n) => `m${n}`);
  for (const id of ids) send(id);
  receive(10);
  receive(10);
  await clock.advance(30 * SECOND);
  expect([...receive(10), ...receive(10)]).toEqual(ids);
});

test('a receive says how long it hides messages; with 0 they can be received again at once', async () => {
  const { send, receive } = makeQueue(await clockAtNoon());
  send('a');
  expect(receive(1, 0)).toEqual(['a']);
  expect(receive(1, 5 * SECOND)).toEqual(['a']);
  expect(receive()).toEqual([]);
});

test('a delayed message is not there until its delay is over', async () => {
  const clock = await clockAtNoon();
  const { queue, send, receive } = makeQueue(clock, { times: { ...TIMES, delayMs: 10 * SECOND } });
  send('by the queue');
  send('by itself', undefined, 3 * SECOND);
  expect(queue.counts()).toEqual({ visible: 0, delayed: 2, inFlight: 0 });
  await clock.advance(3 * SECOND);
  expect(receive(10)).toEqual(['by itself']);
  await clock.advance(7 * SECOND);
  expect(receive(10)).toEqual(['by the queue']);
});

test('only the newest handle deletes, also when the message is visible again', async () => {
  const clock = await clockAtNoon();
  const { queue, send, receive, receipt } = makeQueue(clock);
  send('a');
  receive();
  const first = receipt('a');
  await clock.advance(30 * SECOND);
  receive();
  expect(queue.delete('a', first)).toBe('superseded');
  await clock.advance(30 * SECOND);
  expect(queue.delete('a', receipt('a'))).toBe('done');
  expect(queue.delete('a', receipt('a'))).toBe('no such message');
  expect(receive()).toEqual([]);
});

test('a new visibility timeout counts from now, ends at once with 0, and twelve hours after the receive at the latest', async () => {
  const clock = await clockAtNoon();
  const { queue, send, receive, receipt } = makeQueue(clock);
  send('a');
  receive();
  await clock.advance(20 * SECOND);
  expect(queue.changeVisibility('a', receipt('a'), 60 * SECOND)).toBe('done');
  await clock.advance(59 * SECOND);
  expect(receive()).toEqual([]);
  expect(queue.changeVisibility('a', receipt('a'), 12 * HOUR - 78 * SECOND)).toBe('beyond the limit');
  expect(queue.changeVisibility('a', receipt('a'), 12 * HOUR - 79 * SECOND)).toBe('done');
  expect(queue.changeVisibility('a', receipt('a'), 0)).toBe('done');
  expect(receive()).toEqual(['a']);
  await clock.advance(30 * SECOND);
  expect(queue.changeVisibility('a', receipt('a'), 60 * SECOND)).toBe('expired');
});

test('what was kept as long as retention allows is gone, in flight or not, dated to the instant', async () => {
  const clock = await clockAtNoon();
  const { queue, send, receive, receipt, expired } = makeQueue(clock, {
    times: { ...TIMES, retentionMs: 60 * SECOND, visibilityMs: HOUR },
  });
  send('a');
  send('b');
  await clock.advance(10 * SECOND);
  send('c');
  receive();
  await clock.advance(49 * SECOND);
  expect(queue.ids()).toEqual(['a', 'b', 'c']);
  await clock.advance(2 * HOUR);
  expect(queue.counts()).toEqual({ visible: 0, delayed: 0, inFlight: 0 });
  expect(expired).toEqual([
    { ids: ['a', 'b'], at: NOON + 60 * SECOND },
    { ids: ['c'], at: NOON + 70 * SECOND },
  ]);
  expect(queue.delete('a', receipt('a'))).toBe('no such message');
});

test('time that jumps by itself stops where messages become visible, and does not run on to their retention', async () => {
  const clock = await clockAtNoon();
  const { queue, send, receive } = makeQueue(clock);
  send('a');
  receive();
  await clock.auto();
  await clock.sleep(45 * SECOND);
  expect(queue.counts().visible).toBe(1);
  await clock.hold();
  expect(clock.now()).toBe(NOON + 45 * SECOND);
  expect(clock.diagnostics().timers).toEqual([]);
});

test('a queue of many messages holds one timer', async () => {
  const clock = await clockAtNoon();
  const { send, receive } = makeQueue(clock);
  for (let n = 0; n < 100; n++) send(`m${n}`, undefined, n * SECOND);
  receive(1, 5000);
  expect(clock.diagnostics().timers).toHaveLength(1);
});

test('when the clock goes back, messages wait for what they had left', async () => {
  const clock = await clockAtNoon();
  const { send, receive } = makeQueue(clock);
  send('a');
  receive();
  await clock.advance(20 * SECOND);
  await clock.travelTo(NOON - 24 * HOUR);
  await clock.advance(10 * SECOND);
  expect(receive()).toEqual(['a']);
});

test('with maxReceiveCount 2 consumers see a message twice; the next receive moves it and gets the one behind it', async () => {
  const clock = await clockAtNoon();
  const deadLetters = makeQueue(clock);
  const { queue, send, receive } = makeQueue(clock, {
    redrive: () => ({ maxReceiveCount: 2, deadLetters: deadLetters.queue }),
  });
  send('poison');
  expect([receive(1, 0), receive(1, 0)]).toEqual([['poison'], ['poison']]);
  send('next');
  expect(deadLetters.queue.ids()).toEqual([]);
  expect(receive()).toEqual(['next']);
  expect(deadLetters.queue.ids()).toEqual(['poison']);
  expect(queue.ids()).toEqual(['next']);

  await clock.advance(SECOND);
  const [dead] = deadLetters.queue.receive(1);
  expect(dead).toMatchObject({ receiveCount: 3, receivesHere: 1, sentAt: NOON, firstReceivedAt: NOON });
  expect(dead?.deadLetterSource).toBe(queue.arn);
});

test('without a dead-letter queue, or with one that is gone, a message comes again and again', async () => {
  const { send, receive } = makeQueue(await clockAtNoon());
  send('a');
  for (let n = 0; n < 50; n++) expect(receive(1, 0)).toEqual(['a']);
});

test('a queue that is its own dead-letter queue begins to count anew', async () => {
  const clock = await clockAtNoon();
  const under = makeQueue(clock, { redrive: () => ({ maxReceiveCount: 1, deadLetters: under.queue }) });
  under.send('a');
  expect([under.receive(1, 0), under.receive(1, 0), under.receive(1, 0)]).toEqual([['a'], [], ['a']]);
});

test('ten thousand messages are received and deleted in moments, one at a time', async () => {
  const clock = await clockAtNoon();
  const { queue, send, receive, receipt } = makeQueue(clock);
  for (let n = 0; n < 10_000; n++) send(`m${n}`);
  const before = machine.monotonic();
  for (let n = 0; n < 10_000; n++) {
    const [id = ''] = receive();
    expect(queue.delete(id, receipt(id))).toBe('done');
  }
  expect(queue.counts()).toEqual({ visible: 0, delayed: 0, inFlight: 0 });
  expect(machine.monotonic() - before).toBeLessThan(3000);
});

test('no more than 120,000 messages are in flight', async () => {
  const { queue, send, receive } = makeQueue(await clockAtNoon());
  for (let n = 0; n <= 120_000; n++) send(`m${n}`);
  for (let n = 0; n < 12_000; n++) receive(10);
  expect(queue.isFull).toBe(true);
  expect(receive(10)).toEqual([]);
  queue.delete('m0', 1);
  expect(receive(10)).toEqual(['m120000']);
});
