import { expect, test } from 'vitest';
import { refusal, startLogs } from '../testing.ts';

test('a retention is described until it is deleted', async () => {
  const { call, make } = await startLogs();
  make('g', 's');
  call('PutRetentionPolicy', { logGroupName: 'g', retentionInDays: 7 });
  expect(call('DescribeLogGroups', {}).logGroups[0]).toMatchObject({ retentionInDays: 7 });
  call('DeleteRetentionPolicy', { logGroupName: 'g' });
  expect(call('DescribeLogGroups', {}).logGroups[0]).not.toHaveProperty('retentionInDays');
});

test('only the retentions that AWS offers are taken', async () => {
  const { call, make } = await startLogs();
  make('g', 's');
  expect(refusal(() => call('PutRetentionPolicy', { logGroupName: 'g', retentionInDays: 2 }))).toBe(
    "InvalidParameterException: 1 validation error detected: Value '2' at 'retentionInDays' failed to satisfy constraint: Member must satisfy enum value set: [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653]",
  );
});
