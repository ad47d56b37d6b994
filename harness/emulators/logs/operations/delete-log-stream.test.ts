import { expect, test } from 'vitest';
import { refusal, startLogs } from '../testing.ts';

test('a stream goes with its events, and its group keeps the others', async () => {
  const { call, sink, clock } = await startLogs();
  sink.put('g', 'a', [{ timestamp: clock.now(), message: '한글' }]);
  sink.put('g', 'b', [{ timestamp: clock.now(), message: 'kept' }]);
  call('DeleteLogStream', { logGroupName: 'g', logStreamName: 'a' });
  expect(call('FilterLogEvents', { logGroupName: 'g' }).events).toMatchObject([
    { logStreamName: 'b', message: 'kept' },
  ]);
  // 4 bytes and the 26 that every event counts for.
  expect(call('DescribeLogGroups', {}).logGroups).toMatchObject([{ storedBytes: 30 }]);
});

test('a stream that is not there is refused', async () => {
  const { call, make } = await startLogs();
  make('g', 's');
  expect(refusal(() => call('DeleteLogStream', { logGroupName: 'g', logStreamName: 't' }))).toBe(
    'ResourceNotFoundException: The specified log stream does not exist.',
  );
});
