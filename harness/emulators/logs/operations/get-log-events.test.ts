import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NOON, refusal, startLogs } from '../testing.ts';

const HERE = { logGroupName: 'g', logStreamName: 's' };

async function startWithEvents(count: number) {
  const logs = await startLogs();
  logs.make('g', 's');
  logs.sink.put(
    'g',
    's',
    Array.from({ length: count }, (_, at) => ({ timestamp: NOON + at, message: `line ${at}` })),
  );
  logs.sink.put('g', 'other', [{ timestamp: NOON, message: 'of another stream' }]);
  const get = (input: object = {}) => logs.call('GetLogEvents', { ...HERE, ...input });
  return { ...logs, get };
}

function lines(page: { events: { message: string }[] }): number[] {
  return page.events.map(({ message }) => Number(message.slice('line '.length)));
}

test('without startFromHead the newest events come, oldest of them first', async () => {
  const { get } = await startWithEvents(10);
  expect(lines(get({ limit: 3 }))).toEqual([7, 8, 9]);
});

test('backwards to the beginning: there the backward token is the one that was given', async () => {
  const { get } = await startWithEvents(5);
  const newest = get({ limit: 3 });
  const older = get({ limit: 3, nextToken: newest.nextBackwardToken });
  expect(lines(older)).toEqual([0, 1]);
  const end = get({ limit: 3, nextToken: older.nextBackwardToken });
  expect(end.events).toEqual([]);
  expect(end.nextBackwardToken).toBe(older.nextBackwardToken);
});

test('forwards to the end: there the forward token repeats, and finds what comes later', async () => {
  const { get, sink } = await startWithEvents(3);
  const first = get({ startFromHead: true });
  expect(lines(first)).toEqual([0, 1, 2]);
  const end = get({ startFromHead: true, nextToken: first.nextForwardToken });
  expect(end.events).toEqual([]);
  expect(end.nextForwardToken).toBe(first.nextForwardToken);
  sink.put('g', 's', [{ timestamp: NOON + 2, message: 'line 3' }]);
  expect(lines(get({ nextToken: end.nextForwardToken }))).toEqual([3]);
});

test('the tokens of an empty stream find its first events', async () => {
  const { get, sink } = await startWithEvents(0);
  const empty = get({ startFromHead: true });
  expect(empty.events).toEqual([]);
  expect(empty.nextForwardToken).toMatch(/^f\/\d{56}\/s$/);
  expect(empty.nextBackwardToken).toMatch(/^b\/\d{56}\/s$/);
  sink.put('g', 's', [{ timestamp: NOON, message: 'line 0' }]);
  expect(lines(get({ nextToken: empty.nextForwardToken }))).toEqual([0]);
});

test('the start time is inclusive and the end time exclusive', async () => {
  const { get } = await startWithEvents(10);
  expect(lines(get({ startTime: NOON + 3, endTime: NOON + 6 }))).toEqual([3, 4, 5]);
});

test('events are ordered by time, those of one time by arrival', async () => {
  const { get, sink } = await startWithEvents(0);
  sink.put('g', 's', [{ timestamp: NOON + 5, message: 'line 2' }]);
  sink.put('g', 's', [{ timestamp: NOON, message: 'line 0' }]);
  sink.put('g', 's', [{ timestamp: NOON, message: 'line 1' }]);
  expect(lines(get())).toEqual([0, 1, 2]);
});

test('a page holds at most 1 MB', async () => {
  const { get, sink } = await startWithEvents(0);
  const message = 'x'.repeat(400_000);
  sink.put(
    'g',
    's',
    [0, 1, 2].map((at) => ({ timestamp: NOON + at, message })),
  );
  const page = get({ startFromHead: true });
  expect(page.events).toHaveLength(2);
  expect(get({ nextToken: page.nextForwardToken }).events).toHaveLength(1);
});

test('in pages of any size, either way, every event comes once and in order', async () => {
  const { get } = await startWithEvents(50);
  const all = Array.from({ length: 50 }, (_, at) => at);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), fc.boolean(), (limit, startFromHead) => {
      const seen: number[] = [];
      let nextToken: string | undefined;
      for (;;) {
        const page = get({ limit, startFromHead, ...(nextToken ? { nextToken } : {}) });
        if (startFromHead) seen.push(...lines(page));
        else seen.unshift(...lines(page));
        const next = startFromHead ? page.nextForwardToken : page.nextBackwardToken;
        if (next === nextToken) break;
        nextToken = next;
      }
      expect(seen).toEqual(all);
    }),
    { numRuns: 40 },
  );
});

test.each([
  [{ logStreamName: 't' }, 'ResourceNotFoundException: The specified log stream does not exist.'],
  [{ logGroupName: 'h' }, 'ResourceNotFoundException: The specified log group does not exist.'],
  [{ nextToken: 'f/1/s' }, 'InvalidParameterException: The specified nextToken is invalid.'],
  [
    { limit: 10_001 },
    "InvalidParameterException: 1 validation error detected: Value '10001' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 10000",
  ],
])('%j is refused', async (input, message) => {
  const { get } = await startWithEvents(1);
  expect(refusal(() => get(input))).toBe(message);
});
