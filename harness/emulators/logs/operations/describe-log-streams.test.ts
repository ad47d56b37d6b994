import { expect, test } from 'vitest';
import { GROUP_ARN, NOON, refusal, startLogs } from '../testing.ts';

async function startWithStreams() {
  const logs = await startLogs();
  logs.sink.put('g', 'old', [{ timestamp: NOON - 5000, message: 'x' }]);
  logs.sink.put('g', 'new', [
    { timestamp: NOON - 7000, message: 'x' },
    { timestamp: NOON - 1000, message: 'x' },
  ]);
  logs.call('CreateLogStream', { logGroupName: 'g', logStreamName: 'empty' });
  const names = (input: object): string[] =>
    logs
      .call('DescribeLogStreams', { logGroupName: 'g', ...input })
      .logStreams.map((stream: { logStreamName: string }) => stream.logStreamName);
  return { ...logs, names };
}

test.each([
  ['by name', {}, ['empty', 'new', 'old']],
  ['by name, descending', { descending: true }, ['old', 'new', 'empty']],
  ['by the last event', { orderBy: 'LastEventTime' }, ['empty', 'old', 'new']],
  ['newest first, as the console does', { orderBy: 'LastEventTime', descending: true }, ['new', 'old', 'empty']],
  ['of a prefix', { logStreamNamePrefix: 'n' }, ['new']],
])('streams are listed %s', async (_, input, expected) => {
  const { names } = await startWithStreams();
  expect(names(input)).toEqual(expected);
});

test('a stream tells the times of its first and last event and of the ingestion', async () => {
  const { call } = await startWithStreams();
  expect(call('DescribeLogStreams', { logGroupIdentifier: `${GROUP_ARN}g` }).logStreams[1]).toMatchObject({
    logStreamName: 'new',
    firstEventTimestamp: NOON - 7000,
    lastEventTimestamp: NOON - 1000,
    lastIngestionTime: NOON,
    storedBytes: 0,
  });
});

test.each([
  {},
  { descending: true },
  { orderBy: 'LastEventTime' },
  { orderBy: 'LastEventTime', descending: true },
])('pages of one hold every stream once: %j', async (order) => {
  const { call, names } = await startWithStreams();
  const seen: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = call('DescribeLogStreams', {
      logGroupName: 'g',
      limit: 1,
      ...order,
      ...(nextToken ? { nextToken } : {}),
    });
    seen.push(page.logStreams[0].logStreamName);
    nextToken = page.nextToken;
  } while (nextToken);
  expect(seen).toEqual(names(order));
});

test.each([
  [
    { logGroupName: 'g', orderBy: 'LastEventTime', logStreamNamePrefix: 'n' },
    'InvalidParameterException: Cannot order by LastEventTime with a logStreamNamePrefix.',
  ],
  [
    { logGroupName: 'g', orderBy: 'Size' },
    "InvalidParameterException: 1 validation error detected: Value 'Size' at 'orderBy' failed to satisfy constraint: Member must satisfy enum value set: [LogStreamName, LastEventTime]",
  ],
  [
    { logGroupName: 'g', logGroupIdentifier: 'g' },
    'ValidationException: LogGroup name and LogGroup ARN are mutually exclusive parameters.',
  ],
  [{ logGroupName: 'h' }, 'ResourceNotFoundException: The specified log group does not exist.'],
  [
    { logGroupIdentifier: 'arn:aws:logs:us-east-1:000000000000:log-group:g' },
    'ResourceNotFoundException: The specified log group does not exist.',
  ],
])('%j is refused', async (input, message) => {
  const { call } = await startWithStreams();
  expect(refusal(() => call('DescribeLogStreams', input))).toBe(message);
});
