import { expect, test } from 'vitest';
import { GROUP_ARN, NOON, refusal, startLogs } from '../testing.ts';

test('a new stream has no event times', async () => {
  const { call, make } = await startLogs();
  make('g', 's');
  expect(call('DescribeLogStreams', { logGroupName: 'g' }).logStreams).toEqual([
    {
      logStreamName: 's',
      creationTime: NOON,
      uploadSequenceToken: expect.stringMatching(/^\d{56}$/),
      arn: `${GROUP_ARN}g:log-stream:s`,
      storedBytes: 0,
    },
  ]);
});

test.each([
  ['g', 's', 'ResourceAlreadyExistsException: The specified log stream already exists'],
  ['h', 's', 'ResourceNotFoundException: The specified log group does not exist.'],
  [
    'g',
    'a:b',
    "InvalidParameterException: 1 validation error detected: Value 'a:b' at 'logStreamName' failed to satisfy constraint: Member must satisfy regular expression pattern: [^:*]*",
  ],
])('in %s the stream %s is refused', async (logGroupName, logStreamName, message) => {
  const { call, make } = await startLogs();
  make('g', 's');
  expect(refusal(() => call('CreateLogStream', { logGroupName, logStreamName }))).toBe(message);
});
