import { expect, test } from 'vitest';
import { NOON, refusal, startLogs } from '../testing.ts';

async function startWithEvents() {
  const logs = await startLogs();
  logs.sink.put('g', 'a-1', [
    { timestamp: NOON, message: 'start' },
    { timestamp: NOON + 20, message: 'ERROR timeout' },
  ]);
  logs.sink.put('g', 'a-2', [{ timestamp: NOON + 10, message: 'WARN slow' }]);
  logs.sink.put('g', 'b', [{ timestamp: NOON + 30, message: 'ERROR refused' }]);
  logs.sink.put('h', 'a-1', [{ timestamp: NOON, message: 'ERROR of another group' }]);
  const filter = (input: object = {}) => logs.call('FilterLogEvents', { logGroupName: 'g', ...input });
  const messages = (input: object = {}): string[] =>
    filter(input).events.map((event: { message: string }) => event.message);
  return { ...logs, filter, messages };
}

test('events of all streams come interleaved by time, with ids that order them', async () => {
  const { filter } = await startWithEvents();
  const { events, searchedLogStreams, nextToken } = filter();
  expect(events.map((event: object) => ({ ...event, eventId: '' }))).toEqual([
    { logStreamName: 'a-1', timestamp: NOON, message: 'start', ingestionTime: NOON, eventId: '' },
    { logStreamName: 'a-2', timestamp: NOON + 10, message: 'WARN slow', ingestionTime: NOON, eventId: '' },
    { logStreamName: 'a-1', timestamp: NOON + 20, message: 'ERROR timeout', ingestionTime: NOON, eventId: '' },
    { logStreamName: 'b', timestamp: NOON + 30, message: 'ERROR refused', ingestionTime: NOON, eventId: '' },
  ]);
  const ids: string[] = events.map(({ eventId }: { eventId: string }) => eventId);
  expect([...ids].sort()).toEqual(ids);
  expect(new Set(ids).size).toBe(4);
  expect(searchedLogStreams).toEqual([]);
  expect(nextToken).toBeUndefined();
});

test.each([
  ['a term', { filterPattern: 'ERROR' }, ['ERROR timeout', 'ERROR refused']],
  ['the streams named', { logStreamNames: ['a-2', 'b'] }, ['WARN slow', 'ERROR refused']],
  ['the beginning of the streams’ names', { logStreamNamePrefix: 'a-' }, ['start', 'WARN slow', 'ERROR timeout']],
  ['a time range, both ends inclusive', { startTime: NOON + 10, endTime: NOON + 20 }, ['WARN slow', 'ERROR timeout']],
  ['a term in a stream', { filterPattern: 'ERROR', logStreamNames: ['b'] }, ['ERROR refused']],
])('events are filtered by %s', async (_, input, expected) => {
  const { messages } = await startWithEvents();
  expect(messages(input)).toEqual(expected);
});

test('pages of one hold every match once, and only the last has no token', async () => {
  const { filter } = await startWithEvents();
  const first = filter({ filterPattern: 'ERROR', limit: 1 });
  expect(first.events).toMatchObject([{ message: 'ERROR timeout' }]);
  const second = filter({ filterPattern: 'ERROR', limit: 1, nextToken: first.nextToken });
  expect(second.events).toMatchObject([{ message: 'ERROR refused' }]);
  expect(second.nextToken).toBeUndefined();
});

test('newest first is offered from 2024 on', async () => {
  const logs = await startWithEvents();
  const since = Date.UTC(2024, 0, 1);
  await logs.clock.travelTo(since);
  logs.sink.put(
    'g',
    'b',
    [1, 2].map((at) => ({ timestamp: since + at, message: `${at}` })),
  );
  const newest = logs.filter({ startTime: since, startFromHead: false, limit: 1 });
  expect(newest.events).toMatchObject([{ message: '2' }]);
  expect(logs.messages({ startTime: since, nextToken: newest.nextToken })).toEqual(['1']);
});

test('events past the retention are gone from the answers', async () => {
  const { call, clock, messages } = await startWithEvents();
  call('PutRetentionPolicy', { logGroupName: 'g', retentionInDays: 1 });
  expect(messages()).toHaveLength(4);
  await clock.travelTo(NOON + 86_400_000 + 20);
  expect(messages()).toEqual(['ERROR timeout', 'ERROR refused']);
});

test.each([
  [
    { logStreamNames: ['a-1'], logStreamNamePrefix: 'a' },
    'InvalidParameterException: logStreamNamePrefix and logStreamNames are mutually exclusive parameters.',
  ],
  [{ logStreamNames: ['c'] }, 'ResourceNotFoundException: The specified log stream does not exist.'],
  [{ nextToken: 'made up' }, 'InvalidParameterException: The specified nextToken is invalid.'],
  [{ filterPattern: 'a:b' }, "InvalidParameterException: Invalid character(s) in term ':'"],
  [
    { startFromHead: false },
    'InvalidParameterException: startFromHead can be false only when startTime is on or after 2024-01-01T00:00:00Z.',
  ],
])('%j is refused', async (input, message) => {
  const { filter } = await startWithEvents();
  expect(refusal(() => filter(input))).toBe(message);
});
