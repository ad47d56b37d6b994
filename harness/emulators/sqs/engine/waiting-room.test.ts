import { expect, test } from 'vitest';
import type { Lock } from '../../../clock/index.ts';
import { clockAtNoon, makeQueue, NOON, type QueueUnderTest, SECOND } from './testing.ts';

const NEVER = new AbortController().signal;

/** Watchers in the order in which they came; `woken` tells which have been woken so far. */
function watchers({ room }: QueueUnderTest, ...names: string[]) {
  const woken: string[] = [];
  const locks = new Map<string, Lock>();
  for (const name of names) {
    void room.watch(name, NEVER).then((lock) => {
      woken.push(name);
      locks.set(name, lock);
    });
  }
  return { woken, lockOf: (name: string) => locks.get(name) as Lock };
}

/** Lets promises run on. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

test('a watcher is woken at once when there is something, with the clock’s lock', async () => {
  const clock = await clockAtNoon();
  const under = makeQueue(clock);
  under.send('a');
  const lock = await under.room.watch('poller', NEVER);
  expect(clock.diagnostics().locks.map(({ name }) => name)).toEqual(['poller']);
  lock.release();
  expect(clock.diagnostics().locks).toEqual([]);
});

test('the lock is taken in the very instant in which a message is sent', async () => {
  const clock = await clockAtNoon();
  const under = makeQueue(clock);
  const waiting = under.room.watch('poller', NEVER);
  under.send('a');
  expect(clock.diagnostics().locks.map(({ name }) => name)).toEqual(['poller']);
  (await waiting).release();
});

test('time that jumps by itself stands still as soon as a watched message becomes visible', async () => {
  const clock = await clockAtNoon();
  const under = makeQueue(clock);
  under.send('a');
  under.receive();
  void clock.sleep(31 * SECOND).catch(() => undefined);
  const waiting = under.room.watch('poller', NEVER);
  await clock.auto();
  const lock = await waiting;
  await turn();
  await turn();
  expect(clock.now()).toBe(NOON + 30 * SECOND);
  expect(under.receive()).toEqual(['a']);
  await clock.hold();
  lock.release();
});

test('one watcher is woken for each message, in the order in which they came', async () => {
  const under = makeQueue(await clockAtNoon());
  const { woken } = watchers(under, 'first', 'second', 'third');
  under.send('a');
  under.send('b');
  await turn();
  expect(woken).toEqual(['first', 'second']);
});

test('when the one that was woken does not come for its message, the next one is woken', async () => {
  const under = makeQueue(await clockAtNoon());
  const { woken, lockOf } = watchers(under, 'first', 'second');
  under.send('a');
  await turn();
  lockOf('first').release();
  await turn();
  expect(woken).toEqual(['first', 'second']);
});

test('a watcher that is still busy with what it received does not stand in the way of the next message', async () => {
  const under = makeQueue(await clockAtNoon());
  const { woken } = watchers(under, 'first', 'second');
  under.send('a');
  await turn();
  expect(under.receive(10)).toEqual(['a']);
  under.send('b');
  await turn();
  expect(woken).toEqual(['first', 'second']);
});

test('when another reader is quicker, the next message wakes somebody all the same', async () => {
  const under = makeQueue(await clockAtNoon());
  const { woken, lockOf } = watchers(under, 'first', 'second');
  under.send('a');
  under.receive();
  await turn();
  expect(under.receive()).toEqual([]);
  lockOf('first').release();
  under.send('b');
  await turn();
  expect(woken).toEqual(['first', 'second']);
});

test('the lock goes from one watcher to the next without a gap', async () => {
  const clock = await clockAtNoon();
  const under = makeQueue(clock);
  const { lockOf } = watchers(under, 'first', 'second');
  under.send('a');
  await turn();
  lockOf('first').release();
  expect(clock.diagnostics().locks.map(({ name }) => name)).toEqual(['second']);
});

test('a group of a FIFO queue wakes one watcher, however many messages it has', async () => {
  const under = makeQueue(await clockAtNoon(), { fifo: true });
  const { woken } = watchers(under, 'first', 'second', 'third');
  for (const id of ['a1', 'a2', 'a3', 'b1']) under.send(id, id.slice(0, 1));
  await turn();
  expect(woken).toEqual(['first', 'second']);
});

test('what an idle look finds to be visible again is not lost on those who wait', async () => {
  const clock = await clockAtNoon();
  const under = makeQueue(clock);
  clock.setTimer('somebody counts first', 5 * SECOND, () => void under.queue.counts());
  under.send('a');
  under.receive(1, 5 * SECOND);
  const waiting = under.room.watch('poller', NEVER);
  const moving = clock.advance(5 * SECOND);
  (await waiting).release();
  await moving;
  expect(clock.now()).toBe(NOON + 5 * SECOND);
});

test('a watcher that gives up is not woken', async () => {
  const under = makeQueue(await clockAtNoon());
  const giving = new AbortController();
  const gone = under.room.watch('gone', giving.signal);
  const { woken } = watchers(under, 'there');
  giving.abort(new Error('enough'));
  await expect(gone).rejects.toThrow('enough');
  under.send('a');
  await turn();
  expect(woken).toEqual(['there']);
  await expect(under.room.watch('late', giving.signal)).rejects.toThrow('enough');
});
