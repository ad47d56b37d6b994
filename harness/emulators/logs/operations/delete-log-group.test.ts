import { expect, test } from 'vitest';
import { refusal, startLogs } from '../testing.ts';

const GONE = 'ResourceNotFoundException: The specified log group does not exist.';

test('a group goes with its streams and events, and comes back empty', async () => {
  const { call, sink, clock } = await startLogs();
  sink.put('g', 's', [{ timestamp: clock.now(), message: 'one' }]);
  call('DeleteLogGroup', { logGroupName: 'g' });
  expect(refusal(() => call('DescribeLogStreams', { logGroupName: 'g' }))).toBe(GONE);
  call('CreateLogGroup', { logGroupName: 'g' });
  expect(call('DescribeLogStreams', { logGroupName: 'g' }).logStreams).toEqual([]);
  expect(call('FilterLogEvents', { logGroupName: 'g' }).events).toEqual([]);
});

test('a group that is not there is refused', async () => {
  const { call } = await startLogs();
  expect(refusal(() => call('DeleteLogGroup', { logGroupName: 'g' }))).toBe(GONE);
});
