import { expect, test } from 'vitest';
import { GROUP_ARN, NOON, refusal, startLogs } from '../testing.ts';

test('a new group is described with the clock’s time and without a retention', async () => {
  const { call } = await startLogs();
  call('CreateLogGroup', { logGroupName: '/aws/lambda/worker' });
  expect(call('DescribeLogGroups', {}).logGroups).toEqual([
    {
      logGroupName: '/aws/lambda/worker',
      creationTime: NOON,
      metricFilterCount: 0,
      arn: `${GROUP_ARN}/aws/lambda/worker:*`,
      storedBytes: 0,
      logGroupClass: 'STANDARD',
      logGroupArn: `${GROUP_ARN}/aws/lambda/worker`,
      deletionProtectionEnabled: false,
    },
  ]);
});

test('a group that exists is refused', async () => {
  const { call } = await startLogs();
  call('CreateLogGroup', { logGroupName: 'g' });
  expect(refusal(() => call('CreateLogGroup', { logGroupName: 'g' }))).toBe(
    'ResourceAlreadyExistsException: The specified log group already exists',
  );
});

test('the same name is free in another region and in another account', async () => {
  const { call } = await startLogs();
  call('CreateLogGroup', { logGroupName: 'g' });
  call('CreateLogGroup', { logGroupName: 'g' }, { region: 'us-east-1' });
  call('CreateLogGroup', { logGroupName: 'g' }, { accountId: '111111111111' });
  expect(call('DescribeLogGroups', {}).logGroups).toHaveLength(1);
});

test.each([
  [
    {},
    "InvalidParameterException: 1 validation error detected: Value null at 'logGroupName' failed to satisfy constraint: Member must not be null",
  ],
  [
    { logGroupName: 'a b' },
    "InvalidParameterException: 1 validation error detected: Value 'a b' at 'logGroupName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+",
  ],
  [
    { logGroupName: 'x'.repeat(513) },
    `InvalidParameterException: 1 validation error detected: Value '${'x'.repeat(513)}' at 'logGroupName' failed to satisfy constraint: Member must have length less than or equal to 512`,
  ],
  [
    { logGroupName: '', logGroupClass: 'CHEAP' },
    "InvalidParameterException: 2 validation errors detected: Value '' at 'logGroupName' failed to satisfy constraint: Member must have length greater than or equal to 1; Value 'CHEAP' at 'logGroupClass' failed to satisfy constraint: Member must satisfy enum value set: [STANDARD, INFREQUENT_ACCESS, DELIVERY]",
  ],
  [{ logGroupName: 'aws/mine' }, 'InvalidParameterException: Log groups starting with AWS/ are reserved for AWS.'],
  [
    { logGroupName: 'g', logGroupClass: 'INFREQUENT_ACCESS' },
    'InvalidParameterException: The log group class INFREQUENT_ACCESS is not supported by naetmul; docs/fidelity/logs.md lists what is.',
  ],
])('%j is refused', async (input, message) => {
  const { call } = await startLogs();
  expect(refusal(() => call('CreateLogGroup', input))).toBe(message);
});
