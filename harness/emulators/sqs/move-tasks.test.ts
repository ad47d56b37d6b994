import {
  CancelMessageMoveTaskCommand,
  DeleteQueueCommand,
  ListMessageMoveTasksCommand,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';
import { checkConservation, describeSum, trace } from '../../ledger/index.ts';
import { arnOf, bodies, NOON, refusal, SECOND, sqsBench } from './testing.ts';

/** Ten dead letters of the queue `brook` in the queue `dlq`. */
async function withDeadLetters() {
  const bench = await sqsBench();
  const { client, make, send, receive } = bench;
  const dlq = await make('dlq');
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arnOf('dlq'), maxReceiveCount: 1 });
  const brook = await make('brook', { RedrivePolicy, VisibilityTimeout: '0' });
  await send(brook, ...[...Array(10).keys()].map(String));
  await receive(brook, { MaxNumberOfMessages: 10 });
  await receive(brook, { MaxNumberOfMessages: 10 });
  const start = (input: object = {}) =>
    client.send(new StartMessageMoveTaskCommand({ SourceArn: arnOf('dlq'), ...input }));
  const list = async () =>
    (await client.send(new ListMessageMoveTasksCommand({ SourceArn: arnOf('dlq'), MaxResults: 10 }))).Results ?? [];
  return { ...bench, dlq, brook, start, list };
}

test('dead letters go back to where they came from, as new messages, oldest first', async () => {
  const { start, list, clock, receive, brook, ledger, emulator } = await withDeadLetters();
  await start();
  await clock.advance(SECOND);
  expect(await list()).toEqual([
    {
      Status: 'COMPLETED',
      SourceArn: arnOf('dlq'),
      ApproximateNumberOfMessagesMoved: 10,
      ApproximateNumberOfMessagesToMove: 10,
      StartedTimestamp: NOON,
    },
  ]);
  const before = ledger.get(1)?.ids ?? [];
  const [first, ...others] = await receive(brook, { MaxNumberOfMessages: 10, AttributeNames: ['All'] });
  expect(bodies([first ?? {}, ...others])).toEqual([...Array(10).keys()].map(String));
  expect(first?.Attributes).toMatchObject({ ApproximateReceiveCount: '1', SentTimestamp: String(NOON + 20) });
  expect(before).not.toContain(`message//${first?.MessageId}`);
  expect(describeSum(checkConservation(ledger, emulator.held?.() ?? []))).toBe('20 accepted = 10 consumed + 10 held');
  const journey = trace(ledger, String(before[0]));
  expect(journey?.steps.map(({ where, what }) => `${what} ${where}`)).toEqual([
    'accepted sqs/brook',
    'noted sqs/brook',
    'dead-lettered sqs/brook',
    'consumed sqs/dlq',
    'accepted sqs/brook',
    'noted sqs/brook',
  ]);
});

test('a task moves at the rate that was asked for, and stops when it is cancelled', async () => {
  const { client, start, list, clock } = await withDeadLetters();
  const { TaskHandle } = await start({ DestinationArn: arnOf('brook'), MaxNumberOfMessagesPerSecond: 1 });
  expect(await list()).toMatchObject([{ Status: 'RUNNING', TaskHandle, ApproximateNumberOfMessagesMoved: 0 }]);
  await clock.advance(2500);
  expect(await refusal(start())).toBe(
    'InvalidParameterValue: There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
  );
  const cancelled = await client.send(new CancelMessageMoveTaskCommand({ TaskHandle }));
  expect(cancelled.ApproximateNumberOfMessagesMoved).toBe(2);
  await clock.advance(60 * SECOND);
  expect(await list()).toEqual([
    {
      Status: 'CANCELLED',
      SourceArn: arnOf('dlq'),
      DestinationArn: arnOf('brook'),
      MaxNumberOfMessagesPerSecond: 1,
      ApproximateNumberOfMessagesMoved: 2,
      ApproximateNumberOfMessagesToMove: 10,
      StartedTimestamp: NOON,
    },
  ]);
});

test('a task whose destination is deleted fails', async () => {
  const { client, start, list, clock, make, dlq, receive } = await withDeadLetters();
  const QueueUrl = await make('other');
  await start({ DestinationArn: arnOf('other'), MaxNumberOfMessagesPerSecond: 1 });
  await clock.advance(3 * SECOND);
  await client.send(new DeleteQueueCommand({ QueueUrl }));
  await clock.advance(3 * SECOND);
  expect(await list()).toMatchObject([
    { Status: 'FAILED', ApproximateNumberOfMessagesMoved: 3, FailureReason: 'AWS.SimpleQueueService.NonExistentQueue' },
  ]);
  expect(await receive(dlq, { MaxNumberOfMessages: 10 })).toHaveLength(7);
});

test('what cannot be moved or cancelled is refused in AWS’s words', async () => {
  const { client, start } = await withDeadLetters();
  const handle = (text: string) => Buffer.from(text).toString('base64');
  const cancel = (TaskHandle: string) => refusal(client.send(new CancelMessageMoveTaskCommand({ TaskHandle })));
  expect(await refusal(start({ SourceArn: arnOf('brook') }))).toBe(
    'InvalidParameterValue: Source queue must be configured as a Dead Letter Queue.',
  );
  expect(await refusal(start({ SourceArn: arnOf('nowhere') }))).toBe(
    "ResourceNotFoundException: The resource that you specified for the SourceArn parameter doesn't exist.",
  );
  expect(await refusal(start({ DestinationArn: arnOf('nowhere') }))).toBe(
    "ResourceNotFoundException: The resource that you specified for the DestinationArn parameter doesn't exist.",
  );
  expect(await cancel('garbage')).toBe('InvalidParameterValue: Value for parameter TaskHandle is invalid.');
  expect(await cancel(handle(`{"taskId":"t","sourceArn":"${arnOf('dlq')}"}`))).toBe(
    'ResourceNotFoundException: Task does not exist.',
  );
});
