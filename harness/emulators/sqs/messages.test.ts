import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { describe, expect, test } from 'vitest';
import { ACCOUNT, arnOf, bodies, NOON, refusal, SECOND, sqsBench } from './testing.ts';

const FIFO = { FifoQueue: 'true' };

test('a message comes as it was sent, with what its receiver asks to see', async () => {
  const { client, make, receive, clock } = await sqsBench();
  const QueueUrl = await make('brook');
  const attributes = {
    General: { DataType: 'String', StringValue: 'Kenobi' },
    Hello: { DataType: 'String', StringValue: 'There' },
    'Help.Me': { DataType: 'String', StringValue: 'Me' },
  };
  const sent = await client.send(
    new SendMessageCommand({
      QueueUrl,
      MessageBody: 'msg',
      MessageAttributes: attributes,
      MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: 'Root=1-0-0' } },
    }),
  );
  // The digests that AWS gave for the same message.
  expect(sent.MD5OfMessageBody).toBe('6e2baaf3b97dbeef01c0043275f9a0e7');
  expect(sent.MD5OfMessageAttributes).toBe('4c360f3fdafd970e05fae2f149d997f5');
  expect(sent.MessageId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/);

  await clock.advance(SECOND);
  const look = async (names: object) => (await receive(QueueUrl, { VisibilityTimeout: 0, ...names }))[0];
  const plain = await look({});
  expect(plain).toEqual({
    MessageId: sent.MessageId,
    ReceiptHandle: expect.any(String),
    MD5OfBody: '6e2baaf3b97dbeef01c0043275f9a0e7',
    Body: 'msg',
  });
  const all = await look({ MessageSystemAttributeNames: ['All'], MessageAttributeNames: ['All'] });
  expect(all?.MessageAttributes).toEqual(attributes);
  expect(all?.ReceiptHandle).not.toBe(plain?.ReceiptHandle);
  expect(all?.Attributes).toEqual({
    SenderId: ACCOUNT,
    SentTimestamp: String(NOON),
    ApproximateReceiveCount: '2',
    ApproximateFirstReceiveTimestamp: String(NOON + SECOND),
    AWSTraceHeader: 'Root=1-0-0',
  });
  const some = await look({ AttributeNames: ['SenderId', 'MessageGroupId'], MessageAttributeNames: ['Hel.*', 'none'] });
  expect(some?.Attributes).toEqual({ SenderId: ACCOUNT });
  expect(Object.keys(some?.MessageAttributes ?? {})).toEqual(['Hello', 'Help.Me']);
  expect(some?.MD5OfMessageAttributes).toBe('83fee93c1bcd8b9a5a923ffacdc636c7');
});

test('binary attributes are digested as AWS digests them', async () => {
  const { client, make, receive } = await sqsBench();
  const QueueUrl = await make('brook');
  const BinaryValue = Buffer.from('traceparent\u001e00-774062d6c37081a5a0b9b5b88e30627c-2d2482211f6489da-01');
  const MessageAttributes = { attr1: { DataType: 'Binary', BinaryValue } };
  await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'test', MessageAttributes }));
  const [message] = await receive(QueueUrl, { MessageAttributeNames: ['.*'] });
  expect(message?.MD5OfMessageAttributes).toBe('8cbe4db156db8a94db8b801b7addb984');
  expect(Buffer.from(message?.MessageAttributes?.attr1?.BinaryValue ?? [])).toEqual(BinaryValue);
});

describe('what is wrong with a message is said in AWS’s words', () => {
  const attribute = (name: string, value: object) => ({ MessageAttributes: { [name]: value } });
  const text = (StringValue: string, DataType = 'String') => ({ DataType, StringValue });
  test.each([
    [{ MessageBody: '' }, 'MissingParameter: The request must contain the parameter MessageBody.'],
    [
      { MessageBody: 'x'.repeat(1_048_577) },
      'InvalidParameterValue: One or more parameters are invalid. Reason: Message must be shorter than 1048576 bytes.',
    ],
    [
      { MessageBody: '\u0008' },
      'InvalidMessageContents: Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF',
    ],
    [
      { DelaySeconds: 901 },
      'InvalidParameterValue: Value 901 for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.',
    ],
    [
      { MessageGroupId: 'group 123' },
      'InvalidParameterValue: Value group 123 for parameter MessageGroupId is invalid. Reason: MessageGroupId can only include alphanumeric and punctuation characters. 1 to 128 in length.',
    ],
    [
      attribute('a b', text('x')),
      'InvalidParameterValue: Message (user) attributes name can only contain upper and lower score characters, digits, periods, hyphens and underscores. ',
    ],
    [
      attribute('AWS.x', text('x')),
      "InvalidParameterValue: You can't use message attribute names beginning with 'AWS.' or 'Amazon.'. These strings are reserved for internal use. Additionally, they cannot start or end with '.'.",
    ],
    [
      attribute('a', text('')),
      "InvalidParameterValue: Message (user) attribute 'a' must contain a non-empty value of type 'String'.",
    ],
    [
      attribute('a', text('seven', 'Number')),
      "InvalidParameterValue: Can't cast the value of message (user) attribute 'a' to a number.",
    ],
    [
      attribute('a', text('x', 'Text')),
      'InvalidParameterValue: Type for parameter MessageAttributes.Attribute_name.DataType must be prefixed with "String", "Binary", or "Number", but was: Text',
    ],
    [
      { MessageAttributes: Object.fromEntries([...Array(11).keys()].map((n) => [`a${n}`, text('x')])) },
      'InvalidParameterValue: Number of message attributes [11] exceeds the allowed maximum [10].',
    ],
  ])('%#', async (input, expected) => {
    const { client, make } = await sqsBench();
    const QueueUrl = await make('brook');
    expect(await refusal(client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x', ...input } as never)))).toBe(
      expected,
    );
  });

  test('in a batch each message stands for itself, and too large a one is told of in other words', async () => {
    const { client, make, receive } = await sqsBench();
    const QueueUrl = await make('brook', { MaximumMessageSize: '1024' });
    const outcome = await client.send(
      new SendMessageBatchCommand({
        QueueUrl,
        Entries: [
          { Id: '1', MessageBody: 'x'.repeat(1025) },
          { Id: '2', MessageBody: 'x'.repeat(1024) },
          { Id: '3', MessageBody: '\u0000' },
        ],
      }),
    );
    expect(outcome.Successful?.map(({ Id }) => Id)).toEqual(['2']);
    expect(outcome.Failed).toEqual([
      {
        Id: '1',
        SenderFault: true,
        Code: 'InvalidParameterValue',
        Message: 'One or more parameters cannot be validated. Reason: Message must be shorter than 1024 bytes.',
      },
      {
        Id: '3',
        SenderFault: true,
        Code: 'InvalidMessageContents',
        Message: expect.stringMatching(/^Invalid characters found/),
      },
    ]);
    expect(await receive(QueueUrl, { MaxNumberOfMessages: 10 })).toHaveLength(1);
  });

  const entry = (Id: string, MessageBody = 'x') => ({ Id, MessageBody });
  test.each([
    [[], 'EmptyBatchRequest: There should be at least one SendMessageBatchRequestEntry in the request.'],
    [
      [...Array(11).keys()].map((n) => entry(String(n))),
      'TooManyEntriesInBatchRequest: Maximum number of entries per request are 10. You have sent 11.',
    ],
    [[entry('a'), entry('a')], 'BatchEntryIdsNotDistinct: Id a repeated.'],
    [
      [entry('a b')],
      'InvalidBatchEntryId: A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
    ],
    [
      [entry('a', 'x'.repeat(1_048_576)), entry('b')],
      'BatchRequestTooLong: Batch requests cannot be longer than 1048576 bytes. You have sent 1048577 bytes.',
    ],
  ])('a batch as a whole: %#', async (Entries, expected) => {
    const { client, make } = await sqsBench();
    const QueueUrl = await make('brook');
    expect(await refusal(client.send(new SendMessageBatchCommand({ QueueUrl, Entries })))).toBe(expected);
  });
});

test('messages are deleted and made visible in batches, each entry by itself', async () => {
  const { client, make, send, receive } = await sqsBench();
  const QueueUrl = await make('brook');
  await send(QueueUrl, 'a', 'b');
  const [a, b] = await receive(QueueUrl, { MaxNumberOfMessages: 10 });
  const deleted = await client.send(
    new DeleteMessageBatchCommand({
      QueueUrl,
      Entries: [
        { Id: 'a', ReceiptHandle: a?.ReceiptHandle },
        { Id: 'x', ReceiptHandle: 'garbage' },
      ],
    }),
  );
  expect(deleted.Successful).toEqual([{ Id: 'a' }]);
  expect(deleted.Failed).toMatchObject([{ Id: 'x', SenderFault: true, Code: 'ReceiptHandleIsInvalid' }]);
  const changed = await client.send(
    new ChangeMessageVisibilityBatchCommand({
      QueueUrl,
      Entries: [
        { Id: 'a', ReceiptHandle: a?.ReceiptHandle, VisibilityTimeout: 0 },
        { Id: 'b', ReceiptHandle: b?.ReceiptHandle, VisibilityTimeout: 0 },
      ],
    }),
  );
  expect(changed.Successful).toEqual([{ Id: 'b' }]);
  expect(changed.Failed).toMatchObject([{ Id: 'a', Code: 'InvalidParameterValue' }]);
  expect(bodies(await receive(QueueUrl, { MaxNumberOfMessages: 10 }))).toEqual(['b']);
});

describe('a FIFO queue', () => {
  const fifo = async (attributes: object = {}) => {
    const bench = await sqsBench();
    const QueueUrl = await bench.make('brook.fifo', { ...FIFO, ...attributes });
    const put = (MessageBody: string, rest: object) =>
      bench.client.send(new SendMessageCommand({ QueueUrl, MessageBody, ...rest }));
    const take = () => bench.receive(QueueUrl, { MaxNumberOfMessages: 10, AttributeNames: ['All'] });
    return { ...bench, QueueUrl, put, take };
  };

  test('knows a deduplication id for five minutes, also of a message that was deleted', async () => {
    const { client, QueueUrl, put, take, clock } = await fifo();
    const ids = { MessageGroupId: 'g', MessageDeduplicationId: 'd' };
    const first = await put('a', ids);
    expect(first.SequenceNumber).toMatch(/^\d{20}$/);
    const [message] = await take();
    expect(message?.Attributes).toMatchObject({ ...ids, SequenceNumber: first.SequenceNumber });
    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message?.ReceiptHandle }));
    await clock.advance(5 * 60 * SECOND - 1);
    const again = await put('b', ids);
    expect(again.MessageId).toBe(first.MessageId);
    expect(await take()).toEqual([]);
    await clock.advance(1);
    const later = await put('c', ids);
    expect(later.MessageId).not.toBe(first.MessageId);
    expect(BigInt(later.SequenceNumber ?? 0)).toBeGreaterThan(BigInt(first.SequenceNumber ?? 0));
    expect(bodies(await take())).toEqual(['c']);
  });

  test('may know messages by their content, in the queue or in each group', async () => {
    const whole = await fifo({ ContentBasedDeduplication: 'true' });
    for (const MessageGroupId of ['g', 'h']) await whole.put('a', { MessageGroupId });
    expect(bodies(await whole.take())).toEqual(['a']);
    const grouped = await fifo({ ContentBasedDeduplication: 'True', DeduplicationScope: 'messageGroup' });
    for (const MessageGroupId of ['g', 'h', 'g']) await grouped.put('a', { MessageGroupId });
    expect(bodies(await grouped.take())).toEqual(['a', 'a']);
  });

  test.each([
    [
      { MessageGroupId: 'g' },
      'InvalidParameterValue: The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    ],
    [{ MessageDeduplicationId: 'd' }, 'MissingParameter: The request must contain the parameter MessageGroupId.'],
    [
      { MessageGroupId: 'g', MessageDeduplicationId: 'd', DelaySeconds: 2 },
      'InvalidParameterValue: Value 2 for parameter DelaySeconds is invalid. Reason: The request include parameter that is not valid for this queue type.',
    ],
  ])('refuses %j', async (input, expected) => {
    const { put } = await fifo();
    expect(await refusal(put('a', input))).toBe(expected);
  });

  test('refuses a handle whose time is over', async () => {
    const { client, QueueUrl, put, take, clock } = await fifo({ VisibilityTimeout: '1' });
    await put('a', { MessageGroupId: 'g', MessageDeduplicationId: 'd' });
    const [message] = await take();
    await clock.advance(SECOND);
    const ReceiptHandle = message?.ReceiptHandle;
    expect(await refusal(client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle })))).toBe(
      `InvalidParameterValue: Value ${ReceiptHandle} for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.`,
    );
  });

  test('gives its dead letters their own ids for deduplication ids', async () => {
    const { client, make, receive } = await sqsBench();
    const dead = await make('dlq.fifo', FIFO);
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arnOf('dlq.fifo'), maxReceiveCount: 1 });
    const QueueUrl = await make('brook.fifo', { ...FIFO, RedrivePolicy, VisibilityTimeout: '0' });
    const ids = { MessageGroupId: 'g', MessageDeduplicationId: 'd' };
    const { MessageId } = await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'a', ...ids }));
    for (let n = 0; n < 2; n++) await receive(QueueUrl);
    const [message] = await receive(dead, { AttributeNames: ['All'] });
    expect(message?.Attributes).toMatchObject({
      MessageDeduplicationId: MessageId,
      ApproximateReceiveCount: '2',
      DeadLetterQueueSourceArn: arnOf('brook.fifo'),
    });
  });
});
