import {
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  PurgeQueueCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';
import { withNotes } from '../../edge/index.ts';
import { checkConservation, describeSum, ids } from '../../ledger/index.ts';
import { arnOf, NOON, SECOND, type SqsBench, sqsBench } from './testing.ts';

const books = ({ ledger, emulator }: SqsBench) => describeSum(checkConservation(ledger, emulator.held?.() ?? []));

test('each message’s way through a queue is written down, with what led to it', async () => {
  const bench = await sqsBench();
  const QueueUrl = await bench.make('brook');
  const inside = bench.edge.access.client(SQSClient);
  const cause = bench.ledger.append({ where: 'apigateway/collector', what: 'received', ids: [ids.request('r')] });
  const sending = new SendMessageCommand({ QueueUrl, MessageBody: 'hello' });
  const { MessageId = '' } = await inside.send(sending, withNotes({ cause }));
  await bench.clock.advance(SECOND);
  const [message] = await bench.receive(QueueUrl, { VisibilityTimeout: 60 });
  await bench.client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message?.ReceiptHandle }));
  const about = { where: 'sqs/brook', ids: [ids.message(MessageId)] };
  expect(bench.entries().slice(1)).toMatchObject([
    { ...about, what: 'accepted', cause, detail: { bytes: 5 }, t: NOON },
    {
      ...about,
      what: 'noted',
      detail: { operation: 'ReceiveMessage', receiveCount: 1, visibilityTimeout: 60 },
      t: NOON + SECOND,
    },
    { ...about, what: 'consumed' },
  ]);
});

test('the books balance through receives, deletions, redrive, purges and retention', async () => {
  const bench = await sqsBench();
  const { client, clock, make, send, receive } = bench;
  await make('dlq', { MessageRetentionPeriod: '1209600' });
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arnOf('dlq'), maxReceiveCount: 2 });
  const QueueUrl = await make('brook', { RedrivePolicy, VisibilityTimeout: '10' });
  await send(QueueUrl, ...[...Array(20).keys()].map(String));
  expect(books(bench)).toBe('20 accepted = 20 held');

  const Entries = (await receive(QueueUrl, { MaxNumberOfMessages: 10 })).map(({ ReceiptHandle }, n) => ({
    Id: String(n),
    ReceiptHandle,
  }));
  await client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  await client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  expect(books(bench)).toBe('20 accepted = 10 consumed + 10 held');
  expect(bench.counted.get('NumberOfMessagesDeleted')).toBe(20);

  for (let n = 0; n < 2; n++) {
    await receive(QueueUrl, { MaxNumberOfMessages: 4 });
    await receive(QueueUrl, { MaxNumberOfMessages: 6 });
    await clock.advance(10 * SECOND);
  }
  await send(QueueUrl, 'next');
  await receive(QueueUrl);
  expect(books(bench)).toBe('21 accepted = 10 consumed + 10 dead-lettered + 1 held');
  const [redriven] = bench.entries().filter(({ what }) => what === 'dead-lettered');
  expect(redriven).toMatchObject({ where: 'sqs/brook', detail: { queue: 'dlq', receiveCount: 2 } });

  const other = await make('other', { MessageRetentionPeriod: '60' });
  await send(other, 'a', 'b');
  await clock.advance(60 * SECOND);
  await client.send(new GetQueueAttributesCommand({ QueueUrl: other, AttributeNames: ['All'] }));
  const [lost] = bench.entries().filter(({ what }) => what === 'lost');
  expect(lost).toMatchObject({
    where: 'sqs/other',
    detail: { reason: 'kept in other as long as its retention period allows (60 s)' },
  });
  await send(other, 'c');
  await client.send(new PurgeQueueCommand({ QueueUrl: other }));
  await send(other, 'd');
  await client.send(new DeleteQueueCommand({ QueueUrl: other }));
  expect(books(bench)).toBe('25 accepted = 10 consumed + 10 dead-lettered + 2 dropped + 1 held + 2 lost');
  expect(checkConservation(bench.ledger, bench.emulator.held?.() ?? [])).toMatchObject({ ok: true, duplicates: 0 });
});

test('CloudWatch’s counts are kept', async () => {
  const { client, make, send, receive, counted } = await sqsBench();
  const QueueUrl = await make('brook');
  await send(QueueUrl, 'abc', 'de');
  const [message] = await receive(QueueUrl, { MaxNumberOfMessages: 10 });
  await receive(QueueUrl);
  await client.send(
    new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: message?.ReceiptHandle, VisibilityTimeout: 0 }),
  );
  await receive(QueueUrl);
  expect(Object.fromEntries(counted)).toEqual({
    NumberOfMessagesSent: 2,
    SentMessageSize: 5,
    NumberOfMessagesReceived: 3,
    NumberOfEmptyReceives: 1,
  });
});
