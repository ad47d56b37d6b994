import { expect, test } from 'vitest';
import { GROUP_ARN, refusal, startLogs } from '../testing.ts';

const NAMES = ['API-Gateway-Execution-Logs_a1/PROD', '/aws/lambda/b', '/aws/lambda/a', 'app'];

async function startWithGroups() {
  const logs = await startLogs();
  for (const logGroupName of NAMES) logs.call('CreateLogGroup', { logGroupName });
  const names = (input: object): string[] =>
    logs.call('DescribeLogGroups', input).logGroups.map((group: { logGroupName: string }) => group.logGroupName);
  return { ...logs, names };
}

test.each([
  ['all, in the order of their names', {}, ['/aws/lambda/a', '/aws/lambda/b', NAMES[0], 'app']],
  ['by the beginning of the name', { logGroupNamePrefix: '/aws/' }, ['/aws/lambda/a', '/aws/lambda/b']],
  ['by a part of the name, in its case', { logGroupNamePattern: 'Logs_a1' }, [NAMES[0]]],
  ['by names and ARNs', { logGroupIdentifiers: ['app', `${GROUP_ARN}/aws/lambda/b`] }, ['/aws/lambda/b', 'app']],
  ['of a class that none has', { logGroupClass: 'INFREQUENT_ACCESS' }, []],
])('groups are listed: %s', async (_, input, expected) => {
  const { names } = await startWithGroups();
  expect(names(input)).toEqual(expected);
});

test('pages of two hold every group once and the last has no token', async () => {
  const { call } = await startWithGroups();
  const seen: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = call('DescribeLogGroups', { limit: 2, ...(nextToken ? { nextToken } : {}) });
    expect(page.logGroups.length).toBe(2);
    seen.push(...page.logGroups.map((group: { logGroupName: string }) => group.logGroupName));
    nextToken = page.nextToken;
  } while (nextToken);
  expect(seen).toEqual([...NAMES].sort());
});

test.each([
  [
    { logGroupNamePrefix: 'a', logGroupNamePattern: 'b' },
    'InvalidParameterException: LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.',
  ],
  [
    { limit: 51 },
    "InvalidParameterException: 1 validation error detected: Value '51' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 50",
  ],
  [{ nextToken: 'made up' }, 'InvalidParameterException: The specified nextToken is invalid.'],
])('%j is refused', async (input, message) => {
  const { call } = await startWithGroups();
  expect(refusal(() => call('DescribeLogGroups', input))).toBe(message);
});
