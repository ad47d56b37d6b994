import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { localstackTool } from '../../../engines/localstack/index.ts';
import { md5, queueArn, uuid } from './shapes.ts';
import { ACCOUNT, type Answer, type Bench, foreignBench } from './testing.ts';

/** SQS as boto3 speaks it, in JSON, and as it did until 2023, by form and XML. */
let bench: Bench;
/** Of the queue of a test. */
let name: string;
let serial = 0;

beforeAll(async () => {
  bench = await foreignBench({ tool: localstackTool });
  await bench.clock.hold();
});
afterAll(() => bench?.[Symbol.asyncDispose]());
beforeEach(() => {
  name = `brook-${serial++}`;
});

describe.each(['sqs', 'sqs-query'] as const)('boto3’s %s', (service) => {
  const sqs = (call: string, input: object = {}) =>
    bench.boto3(service, call, { QueueUrl: bench.queueUrl(name), ...input });
  const make = (Attributes: object = {}) => bench.boto3(service, 'create_queue', { QueueName: name, Attributes });

  test('sends and receives whatever text and attributes, with digests', async () => {
    expect(await make({ VisibilityTimeout: '10' })).toEqual({ QueueUrl: bench.queueUrl(name) });
    const body = '물 & <x a="b">\t\r\n🌊';
    const MessageAttributes = {
      text: { DataType: 'String', StringValue: 'a b' },
      raw: { DataType: 'Binary.jpg', BinaryValue: { base64: 'AP8=' } },
    };
    // Of the same attributes, by Python's hashlib, after the developer guide.
    const MD5OfMessageAttributes = '33093e247fefee1455f6467f9d4cb59a';
    expect(await sqs('send_message', { MessageBody: body, MessageAttributes })).toEqual({
      MessageId: uuid,
      MD5OfMessageBody: md5(body),
      MD5OfMessageAttributes,
    });
    const receive = () => sqs('receive_message', { MessageAttributeNames: ['All'], AttributeNames: ['All'] });
    const message = {
      MessageId: uuid,
      ReceiptHandle: expect.any(String),
      Body: body,
      MD5OfBody: md5(body),
      MessageAttributes,
      MD5OfMessageAttributes,
      Attributes: {
        SenderId: ACCOUNT,
        SentTimestamp: expect.stringMatching(/^\d{13}$/),
        ApproximateReceiveCount: '1',
        ApproximateFirstReceiveTimestamp: expect.stringMatching(/^\d{13}$/),
      },
    };
    expect(await receive()).toEqual({ Messages: [message] });
    expect(await receive()).toEqual({});
    await bench.pass(10);
    const { Messages } = await receive();
    const again = { ...message.Attributes, ApproximateReceiveCount: '2' };
    expect(Messages).toEqual([{ ...message, Attributes: again }]);
    const { ReceiptHandle } = Messages[0];
    await sqs('change_message_visibility', { ReceiptHandle, VisibilityTimeout: 0 });
    const { ReceiptHandle: newest } = (await receive()).Messages[0];
    expect(await sqs('delete_message', { ReceiptHandle: newest })).toEqual({});
    await bench.pass(10);
    expect(await receive()).toEqual({});
  });

  test('sends batches, of which each entry has its own result', async () => {
    await make();
    const Entries = [
      { Id: 'a', MessageBody: 'drop' },
      { Id: 'b', MessageBody: 'stone', DelaySeconds: 901 },
    ];
    expect(await sqs('send_message_batch', { Entries })).toEqual({
      Successful: [{ Id: 'a', MessageId: uuid, MD5OfMessageBody: md5('drop') }],
      Failed: [
        {
          Id: 'b',
          SenderFault: true,
          Code: 'InvalidParameterValue',
          Message: 'Value 901 for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.',
        },
      ],
    });
    const { Messages } = await sqs('receive_message', { MaxNumberOfMessages: 10 });
    const deleted = Messages.map(({ ReceiptHandle }: Answer) => ({ Id: 'x', ReceiptHandle }));
    expect(await sqs('delete_message_batch', { Entries: deleted })).toEqual({ Successful: [{ Id: 'x' }] });
  });

  test('keeps tags and attributes, and lists queues', async () => {
    await make({ DelaySeconds: '3' });
    await sqs('tag_queue', { Tags: { team: 'brook', 물: '🌊' } });
    await sqs('untag_queue', { TagKeys: ['team'] });
    expect(await sqs('list_queue_tags')).toEqual({ Tags: { 물: '🌊' } });
    await sqs('set_queue_attributes', { Attributes: { VisibilityTimeout: '7' } });
    const AttributeNames = ['QueueArn', 'VisibilityTimeout', 'DelaySeconds'];
    expect(await sqs('get_queue_attributes', { AttributeNames })).toEqual({
      Attributes: { QueueArn: queueArn(name), VisibilityTimeout: '7', DelaySeconds: '3' },
    });
    expect(await bench.boto3(service, 'get_queue_url', { QueueName: name })).toEqual({
      QueueUrl: bench.queueUrl(name),
    });
    expect(await bench.boto3(service, 'list_queues', { QueueNamePrefix: name })).toEqual({
      QueueUrls: [bench.queueUrl(name)],
    });
    expect(await sqs('delete_queue')).toEqual({});
    expect(await bench.boto3(service, 'list_queues', { QueueNamePrefix: name })).toEqual({});
  });

  test.each([
    {
      call: 'send_message',
      input: { QueueUrl: 'http://localhost:4566/000000000000/none', MessageBody: 'x' },
      exception: 'QueueDoesNotExist',
      code: 'AWS.SimpleQueueService.NonExistentQueue',
      message: `The specified queue does not exist${service === 'sqs' ? '' : ' for this wsdl version'}.`,
    },
    {
      call: 'delete_message',
      input: { ReceiptHandle: 'x' },
      exception: 'ReceiptHandleIsInvalid',
      message: 'The input receipt handle "x" is not a valid receipt handle.',
      status: 404,
    },
    {
      call: 'send_message',
      input: { MessageBody: '\u0001' },
      exception: 'InvalidMessageContents',
      message:
        'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF',
    },
    {
      call: 'receive_message',
      input: { MaxNumberOfMessages: 11 },
      // It is not in the API's model, and boto3 has no class for it.
      exception: 'ClientError',
      code: 'InvalidParameterValue',
      message: 'Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.',
    },
    {
      call: 'send_message_batch',
      input: { Entries: Array.from({ length: 11 }, (_, n) => ({ Id: `${n}`, MessageBody: 'x' })) },
      exception: 'TooManyEntriesInBatchRequest',
      code: 'AWS.SimpleQueueService.TooManyEntriesInBatchRequest',
      message: 'Maximum number of entries per request are 10. You have sent 11.',
    },
    {
      call: 'send_message_batch',
      input: { Entries: [1, 2].map(() => ({ Id: 'a', MessageBody: 'x' })) },
      exception: 'BatchEntryIdsNotDistinct',
      code: 'AWS.SimpleQueueService.BatchEntryIdsNotDistinct',
      message: 'Id a repeated.',
    },
    {
      call: 'get_queue_attributes',
      input: { AttributeNames: ['Foobar'] },
      exception: 'InvalidAttributeName',
      message: 'Unknown Attribute Foobar.',
    },
  ])('raises $exception where $call is refused', async ({ call, input, exception, code, message, status }) => {
    await make();
    const { response, ...raised } = await bench.boto3Raises(service, call, {
      QueueUrl: bench.queueUrl(name),
      ...input,
    });
    expect(raised.class).toBe(exception);
    expect(response?.Error).toMatchObject({ Type: 'Sender', Code: code ?? exception, Message: message });
    expect(response?.ResponseMetadata.HTTPStatusCode).toBe(status ?? 400);
  });
});

test('boto3’s resources send, receive, check digests and delete', async () => {
  expect(await bench.program('queue_program.py')).toEqual({
    received: ['물이 흐른다 & <x/>\n', ...Array.from({ length: 10 }, (_, n) => `drop ${n}`)],
    left: {
      ApproximateNumberOfMessages: '0',
      ApproximateNumberOfMessagesDelayed: '0',
      ApproximateNumberOfMessagesNotVisible: '0',
    },
    gone: 'AWS.SimpleQueueService.NonExistentQueue',
  });
});
