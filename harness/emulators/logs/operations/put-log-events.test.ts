import { expect, test } from 'vitest';
import { type LogsUnderTest, NOON, refusal, startLogs } from '../testing.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

async function startWithStream() {
  const logs = await startLogs();
  logs.make('g', 's');
  const put = (logEvents: object) => logs.call('PutLogEvents', { logGroupName: 'g', logStreamName: 's', logEvents });
  return { ...logs, put };
}

function messages({ call }: LogsUnderTest): string[] {
  const { events } = call('GetLogEvents', { logGroupName: 'g', logStreamName: 's', startFromHead: true });
  return events.map((event: { message: string }) => event.message);
}

test('events of a story in 2022 are kept, with the clock’s time of ingestion', async () => {
  const logs = await startWithStream();
  expect(logs.put([{ timestamp: NOON - 5, message: 'Method completed with status: 200' }])).toEqual({
    nextSequenceToken: expect.stringMatching(/^\d{56}$/),
  });
  expect(logs.call('GetLogEvents', { logGroupName: 'g', logStreamName: 's' }).events).toEqual([
    { timestamp: NOON - 5, message: 'Method completed with status: 200', ingestionTime: NOON },
  ]);
});

test('events too old or too new by the clock are left out and named, the others kept', async () => {
  const logs = await startWithStream();
  const answer = logs.put([
    { timestamp: NOON - 14 * DAY - 2, message: 'too old' },
    { timestamp: NOON - 14 * DAY - 1, message: 'too old' },
    { timestamp: NOON - 14 * DAY, message: 'just in time' },
    { timestamp: NOON - 13 * DAY, message: 'kept' },
    { timestamp: NOON + 2 * HOUR + 1, message: 'too new' },
  ]);
  expect(answer.rejectedLogEventsInfo).toEqual({ tooOldLogEventEndIndex: 2, tooNewLogEventStartIndex: 4 });
  expect(messages(logs)).toEqual(['just in time', 'kept']);
});

test('when the clock moves, so does what is too old', async () => {
  const logs = await startWithStream();
  await logs.clock.advance(15 * DAY);
  expect(logs.put([{ timestamp: NOON, message: 'x' }]).rejectedLogEventsInfo).toEqual({ tooOldLogEventEndIndex: 1 });
  expect(messages(logs)).toEqual([]);
});

test('events that the retention would not keep are named as expired', async () => {
  const logs = await startWithStream();
  logs.call('PutRetentionPolicy', { logGroupName: 'g', retentionInDays: 3 });
  const answer = logs.put([
    { timestamp: NOON - 15 * DAY, message: 'too old' },
    { timestamp: NOON - 3 * DAY - 1, message: 'expired' },
    { timestamp: NOON - 3 * DAY, message: 'kept' },
  ]);
  expect(answer.rejectedLogEventsInfo).toEqual({ tooOldLogEventEndIndex: 1, expiredLogEventEndIndex: 2 });
  expect(messages(logs)).toEqual(['kept']);
});

test('the largest batch is 1,048,576 bytes with 26 for each event', async () => {
  const logs = await startWithStream();
  const batch = (last: number) => [
    { timestamp: NOON, message: 'x'.repeat(1_000_000) },
    { timestamp: NOON, message: 'x'.repeat(last) },
  ];
  const room = 1_048_576 - 1_000_000 - 2 * 26;
  expect(refusal(() => logs.put(batch(room + 1)))).toBe(
    'InvalidParameterException: Upload too large: 1048577 bytes exceeds limit of 1048576',
  );
  expect(messages(logs)).toEqual([]);
  logs.put(batch(room));
  expect(messages(logs)).toHaveLength(2);
});

test('the largest event is 1 MiB with its 26 bytes, counted in UTF-8', async () => {
  const logs = await startWithStream();
  const message = '물'.repeat(349_517);
  expect(refusal(() => logs.put([{ timestamp: NOON, message }]))).toBe(
    'InvalidParameterException: Log event too large: 1048577 bytes exceeds limit of 1048576',
  );
});

test.each([
  [
    [],
    "InvalidParameterException: 1 validation error detected: Value '[]' at 'logEvents' failed to satisfy constraint: Member must have length greater than or equal to 1",
  ],
  [
    Array.from({ length: 10_001 }, () => ({ timestamp: NOON, message: 'x' })),
    "InvalidParameterException: 1 validation error detected: Value '[10001 members]' at 'logEvents' failed to satisfy constraint: Member must have length less than or equal to 10000",
  ],
  [
    [
      { timestamp: NOON, message: 'x' },
      { timestamp: NOON, message: '' },
    ],
    "InvalidParameterException: 1 validation error detected: Value '' at 'logEvents.2.member.message' failed to satisfy constraint: Member must have length greater than or equal to 1",
  ],
  [
    [
      { timestamp: NOON, message: 'x' },
      { timestamp: NOON - 1, message: 'x' },
    ],
    'InvalidParameterException: Log events in a single PutLogEvents request must be in chronological order.',
  ],
  [
    [
      { timestamp: NOON - DAY - 1, message: 'x' },
      { timestamp: NOON, message: 'x' },
    ],
    'InvalidParameterException: The batch of log events in a single PutLogEvents request cannot span more than 24 hours.',
  ],
])('a batch that breaks the rules is refused as a whole (%#)', async (batch, message) => {
  const logs = await startWithStream();
  expect(refusal(() => logs.put(batch))).toBe(message);
  expect(messages(logs)).toEqual([]);
});

test.each([
  ['h', 's', 'ResourceNotFoundException: The specified log group does not exist.'],
  ['g', 't', 'ResourceNotFoundException: The specified log stream does not exist.'],
])('to %s/%s nothing is put', async (logGroupName, logStreamName, message) => {
  const { call } = await startWithStream();
  const input = { logGroupName, logStreamName, logEvents: [{ timestamp: NOON, message: 'x' }] };
  expect(refusal(() => call('PutLogEvents', input))).toBe(message);
});
