import { expect, test } from 'vitest';
import { NOON, refusal, startLogs } from './testing.ts';

const GROUP = { logGroupName: 'g' };
const STREAM = { ...GROUP, logStreamName: 's' };
const event = (timestamp: unknown, message: unknown = 'm') => ({ ...STREAM, logEvents: [{ timestamp, message }] });

test.each<readonly [string, string, object]>([
  ['PutLogEvents', 'logEvents.1.member.timestamp', event(NOON + 0.5)],
  ['PutLogEvents', 'logEvents.1.member.timestamp', event(String(NOON))],
  ['PutLogEvents', 'logEvents.1.member.timestamp', event(1e300)],
  ['FilterLogEvents', 'startTime', { ...GROUP, startTime: NOON + 0.5 }],
  ['FilterLogEvents', 'endTime', { ...GROUP, endTime: NOON + 0.5 }],
  ['FilterLogEvents', 'limit', { ...GROUP, limit: 1.5 }],
  ['GetLogEvents', 'startTime', { ...STREAM, startTime: NOON + 0.5 }],
  ['GetLogEvents', 'endTime', { ...STREAM, endTime: NOON + 0.5 }],
  ['GetLogEvents', 'limit', { ...STREAM, limit: '5' }],
  ['DescribeLogGroups', 'limit', { limit: 1.5 }],
  ['DescribeLogStreams', 'limit', { ...GROUP, limit: 1.5 }],
  ['PutRetentionPolicy', 'retentionInDays', { ...GROUP, retentionInDays: 1.5 }],
])('%s refuses a %s that is no integer', async (operation, member, input) => {
  const { call, make } = await startLogs();
  make('g', 's');
  expect(refusal(() => call(operation, input))).toBe(
    `SerializationException: The member ${member} must be an integer.`,
  );
});

test('what is to be text is refused as a number', async () => {
  const { call, make } = await startLogs();
  make('g', 's');
  expect(refusal(() => call('PutLogEvents', event(NOON, 5)))).toBe(
    'SerializationException: The member logEvents.1.member.message must be a string.',
  );
});

test('the largest Long is a time', async () => {
  const { call, make } = await startLogs();
  make('g', 's');
  call('PutLogEvents', event(NOON));
  const endTime = Number(2n ** 63n - 1n);
  expect(call('FilterLogEvents', { ...GROUP, endTime }).events).toHaveLength(1);
  expect(call('GetLogEvents', { ...STREAM, endTime }).events).toHaveLength(1);
});
