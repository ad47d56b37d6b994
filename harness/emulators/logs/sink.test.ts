import { expect, test } from 'vitest';
import { NOON, startLogs } from './testing.ts';

test('what the sink is given can be read in the same turn, in a group and stream that it made', async () => {
  const { call, sink } = await startLogs();
  sink.put('g', 's', [{ timestamp: NOON, message: 'one' }]);
  expect(call('GetLogEvents', { logGroupName: 'g', logStreamName: 's' }).events).toMatchObject([{ message: 'one' }]);
});

test('a burst of 5,000 calls with 21 lines each keeps every line once and in order', async () => {
  const { call, sink } = await startLogs();
  for (let request = 0; request < 5000; request++) {
    sink.put(
      'g',
      's',
      Array.from({ length: 21 }, (_, line) => ({ timestamp: NOON, message: `${request * 21 + line}` })),
    );
  }
  const seen: number[] = [];
  let nextToken: string | undefined;
  for (;;) {
    const page = call('GetLogEvents', {
      logGroupName: 'g',
      logStreamName: 's',
      startFromHead: true,
      ...(nextToken ? { nextToken } : {}),
    });
    if (page.events.length === 0) break;
    for (const { message } of page.events) seen.push(Number(message));
    nextToken = page.nextForwardToken;
  }
  expect(seen).toHaveLength(105_000);
  expect(seen.every((number, at) => number === at)).toBe(true);
});

test('what is written between two milliseconds is kept at the first of them', async () => {
  const { call, sink } = await startLogs();
  sink.put('g', 's', [{ timestamp: NOON + 0.5, message: 'one' }]);
  expect(call('FilterLogEvents', { logGroupName: 'g' }).events).toMatchObject([{ timestamp: NOON, message: 'one' }]);
  expect(call('DescribeLogStreams', { logGroupName: 'g' }).logStreams).toMatchObject([{ lastEventTimestamp: NOON }]);
});

test('after a reset there is nothing, and the sink begins anew', async () => {
  const { call, sink, reset } = await startLogs();
  sink.put('g', 's', [{ timestamp: NOON, message: 'before' }]);
  await reset();
  expect(call('DescribeLogGroups', {}).logGroups).toEqual([]);
  sink.put('g', 's', [{ timestamp: NOON, message: 'after' }]);
  expect(call('FilterLogEvents', { logGroupName: 'g' }).events).toMatchObject([{ message: 'after' }]);
});
