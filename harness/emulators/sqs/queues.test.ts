import {
  AddPermissionCommand,
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListDeadLetterSourceQueuesCommand,
  ListQueuesCommand,
  ListQueueTagsCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  RemovePermissionCommand,
  SetQueueAttributesCommand,
  TagQueueCommand,
  UntagQueueCommand,
} from '@aws-sdk/client-sqs';
import { describe, expect, test } from 'vitest';
import { ACCOUNT, arnOf, bodies, NOON, refusal, SECOND, sqsBench } from './testing.ts';

const redrive = (name: string, maxReceiveCount: unknown = 3) =>
  JSON.stringify({ deadLetterTargetArn: arnOf(name), maxReceiveCount });

describe('a queue', () => {
  test('is made once, and found again by its name', async () => {
    const { client, make, url } = await sqsBench();
    const QueueUrl = await make('event-message-queue', { VisibilityTimeout: '60' });
    expect(QueueUrl).toBe(`${url}/${ACCOUNT}/event-message-queue`);
    expect(await make('event-message-queue')).toBe(QueueUrl);
    expect(await make('event-message-queue', { VisibilityTimeout: '60', DelaySeconds: '0' })).toBe(QueueUrl);
    const found = await client.send(new GetQueueUrlCommand({ QueueName: 'event-message-queue' }));
    expect(found.QueueUrl).toBe(QueueUrl);
    expect(await refusal(make('event-message-queue', { VisibilityTimeout: '30' }))).toBe(
      'QueueNameExists: A queue already exists with the same name and a different value for attribute VisibilityTimeout',
    );
  });

  test('shows its attributes with AWS’s presets', async () => {
    const { client, make, clock } = await sqsBench();
    const QueueUrl = await make('brook');
    await clock.advance(5 * SECOND);
    await client.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { DelaySeconds: '7', Policy: '' } }));
    const { Attributes } = await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
    expect(Attributes).toEqual({
      QueueArn: arnOf('brook'),
      ApproximateNumberOfMessages: '0',
      ApproximateNumberOfMessagesDelayed: '0',
      ApproximateNumberOfMessagesNotVisible: '0',
      CreatedTimestamp: String(NOON / 1000),
      LastModifiedTimestamp: String(NOON / 1000 + 5),
      DelaySeconds: '7',
      MaximumMessageSize: '1048576',
      MessageRetentionPeriod: '345600',
      ReceiveMessageWaitTimeSeconds: '0',
      SqsManagedSseEnabled: 'true',
      VisibilityTimeout: '30',
    });
    const some = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['DelaySeconds', 'RedrivePolicy'] });
    expect((await client.send(some)).Attributes).toEqual({ DelaySeconds: '7' });
    expect((await client.send(new GetQueueAttributesCommand({ QueueUrl }))).Attributes).toBeUndefined();
  });

  test.each([
    ['its name', (url: string) => url.slice(url.lastIndexOf('/') + 1)],
    [
      'the URL that AWS has for it',
      (url: string) => url.replace(/http:\/\/[^/]+/, 'https://sqs.ap-northeast-2.amazonaws.com'),
    ],
    ['the URL of another host', (url: string) => url.replace(/\/\/[^/]+/, '//elsewhere:1234')],
    ['a path with its region', (url: string) => url.replace(`/${ACCOUNT}`, `/queue/ap-northeast-2/${ACCOUNT}`)],
  ])('is known by %s', async (_, change) => {
    const { make, send, receive } = await sqsBench();
    const QueueUrl = await make('brook');
    await send(change(QueueUrl), 'hello');
    expect(bodies(await receive(QueueUrl))).toEqual(['hello']);
  });

  test('of another region is another queue, also when only its URL says so', async () => {
    const { make, send } = await sqsBench();
    await make('brook');
    expect(await refusal(send(`https://sqs.eu-west-1.amazonaws.com/${ACCOUNT}/brook`, 'x'))).toBe(
      'QueueDoesNotExist: The specified queue does not exist.',
    );
  });

  test('is listed by name, in pages', async () => {
    const { client, make } = await sqsBench();
    for (const name of ['c', 'a', 'b', 'x']) await make(name);
    const urls = async (input: object) => {
      const { QueueUrls = [], NextToken } = await client.send(new ListQueuesCommand(input));
      return [QueueUrls.map((one) => one.slice(-1)).join(''), NextToken];
    };
    expect(await urls({})).toEqual(['abcx', undefined]);
    expect(await urls({ QueueNamePrefix: 'x' })).toEqual(['x', undefined]);
    expect(await urls({ QueueNamePrefix: 'y' })).toEqual(['', undefined]);
    const [first, NextToken] = await urls({ MaxResults: 3 });
    expect(first).toBe('abc');
    expect(await urls({ MaxResults: 3, NextToken })).toEqual(['x', undefined]);
  });

  test('that was deleted is gone, and its name may be taken a minute later', async () => {
    const { client, make, clock, send } = await sqsBench();
    const QueueUrl = await make('brook');
    await client.send(new DeleteQueueCommand({ QueueUrl }));
    expect(await refusal(send(QueueUrl, 'x'))).toBe('QueueDoesNotExist: The specified queue does not exist.');
    await clock.advance(60 * SECOND - 1);
    expect(await refusal(make('brook'))).toBe(
      'QueueDeletedRecently: You must wait 60 seconds after deleting a queue before you can create another with the same name.',
    );
    await clock.advance(1);
    expect(await make('brook')).toBe(QueueUrl);
  });

  test('is purged once a minute', async () => {
    const { client, make, clock, send, receive } = await sqsBench();
    const QueueUrl = await make('brook');
    await send(QueueUrl, 'a', 'b');
    await receive(QueueUrl);
    await client.send(new PurgeQueueCommand({ QueueUrl }));
    await clock.advance(59 * SECOND);
    expect(await receive(QueueUrl)).toEqual([]);
    expect(await refusal(client.send(new PurgeQueueCommand({ QueueUrl })))).toBe(
      'PurgeQueueInProgress: Only one PurgeQueue operation on brook is allowed every 60 seconds.',
    );
    await clock.advance(1 * SECOND);
    await client.send(new PurgeQueueCommand({ QueueUrl }));
  });

  test('has tags and a policy', async () => {
    const { client } = await sqsBench();
    const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: 'brook', tags: { a: '1' } }));
    await client.send(new TagQueueCommand({ QueueUrl, Tags: { a: '2', b: '' } }));
    await client.send(new UntagQueueCommand({ QueueUrl, TagKeys: ['a', 'unknown'] }));
    expect((await client.send(new ListQueueTagsCommand({ QueueUrl }))).Tags).toEqual({ b: '' });

    const permission = { QueueUrl, Label: 'reader', AWSAccountIds: ['111111111111'], Actions: ['ReceiveMessage'] };
    await client.send(new AddPermissionCommand(permission));
    expect(await refusal(client.send(new AddPermissionCommand(permission)))).toMatch(
      /: Value reader for parameter Label is invalid\. Reason: Already exists\.$/,
    );
    const policy = async () =>
      (await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['Policy'] }))).Attributes?.Policy;
    expect(JSON.parse((await policy()) ?? '')).toEqual({
      Version: '2008-10-17',
      Id: `${arnOf('brook')}/SQSDefaultPolicy`,
      Statement: [
        {
          Sid: 'reader',
          Effect: 'Allow',
          Principal: { AWS: 'arn:aws:iam::111111111111:root' },
          Action: 'SQS:ReceiveMessage',
          Resource: arnOf('brook'),
        },
      ],
    });
    await client.send(new RemovePermissionCommand({ QueueUrl, Label: 'reader' }));
    expect(await policy()).toBeUndefined();
    expect(await refusal(client.send(new RemovePermissionCommand({ QueueUrl, Label: 'reader' })))).toMatch(
      /: Value reader for parameter Label is invalid\. Reason: can't find label\.$/,
    );
  });

  test('forgets everything with the bench', async () => {
    const { client, emulator, make, send } = await sqsBench();
    await send(await make('brook'), 'a');
    await emulator.reset?.();
    expect(emulator.held?.()).toEqual([]);
    expect((await client.send(new ListQueuesCommand({}))).QueueUrls).toBeUndefined();
    await make('brook');
  });
});

describe('a redrive policy', () => {
  test('names a queue that is there, of the same type and willing, and is written as AWS writes it', async () => {
    const { client, make } = await sqsBench();
    const dlq = await make('dlq');
    const QueueUrl = await make('brook', { RedrivePolicy: redrive('dlq', '5') });
    const read = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['RedrivePolicy'] });
    expect((await client.send(read)).Attributes).toEqual({ RedrivePolicy: redrive('dlq', 5) });
    expect(await make('brook', { RedrivePolicy: redrive('dlq', 5) })).toBe(QueueUrl);
    const sources = await client.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl: dlq }));
    expect(sources.queueUrls).toEqual([QueueUrl]);
    await client.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { RedrivePolicy: '' } }));
    expect((await client.send(read)).Attributes).toBeUndefined();
  });

  test.each([
    ['{', 'Redrive policy is not a valid JSON map.'],
    [redrive('nowhere'), 'Dead letter target does not exist.'],
    [redrive('dlq.fifo'), 'Dead-letter queue must be same type of queue as the source.'],
    [redrive('closed'), "Dead-letter queue's redrive allow policy does not permit this source queue."],
    [redrive('dlq', 0), 'Invalid value for maxReceiveCount: 0, valid values are from 1 to 1000 both inclusive.'],
    [redrive('dlq', 1001), 'Invalid value for maxReceiveCount: 1001, valid values are from 1 to 1000 both inclusive.'],
    [
      JSON.stringify({ deadLetterTargetArn: arnOf('dlq') }),
      'Redrive policy does not contain mandatory attribute: maxReceiveCount.',
    ],
  ])('%s is refused', async (policy, reason) => {
    const { make } = await sqsBench();
    await make('dlq');
    await make('dlq.fifo', { FifoQueue: 'true' });
    await make('closed', { RedriveAllowPolicy: JSON.stringify({ redrivePermission: 'denyAll' }) });
    expect(await refusal(make('brook', { RedrivePolicy: policy }))).toBe(
      `InvalidParameterValue: Value ${policy} for parameter RedrivePolicy is invalid. Reason: ${reason}`,
    );
  });
});

describe('refused with AWS’s words', () => {
  test.each([
    [
      { QueueName: 'a b' },
      'InvalidParameterValue: Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
    ],
    [
      { QueueName: 'x'.repeat(81) },
      'InvalidParameterValue: Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
    ],
    [
      { QueueName: 'a.fifo' },
      'InvalidParameterValue: Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
    ],
    [
      { QueueName: 'a', Attributes: { FifoQueue: 'true' } },
      'InvalidParameterValue: The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length',
    ],
    [{ QueueName: 'a', Attributes: { FifoQueue: 'false' } }, 'InvalidAttributeName: Unknown Attribute FifoQueue.'],
    [{ QueueName: 'a', Attributes: { Colour: 'blue' } }, 'InvalidAttributeName: Unknown Attribute Colour.'],
    [
      { QueueName: 'a', Attributes: { DeduplicationScope: 'queue' } },
      'InvalidAttributeName: You can specify the DeduplicationScope only when FifoQueue is set to true.',
    ],
    [
      { QueueName: 'a', Attributes: { VisibilityTimeout: '43201' } },
      'InvalidAttributeValue: Invalid value for the parameter VisibilityTimeout.',
    ],
    [
      { QueueName: 'a', Attributes: { MessageRetentionPeriod: '59' } },
      'InvalidAttributeValue: Invalid value for the parameter MessageRetentionPeriod.',
    ],
    [
      { QueueName: 'a', Attributes: { KmsMasterKeyId: 'k', SqsManagedSseEnabled: 'true' } },
      'InvalidAttributeName: You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.',
    ],
  ])('CreateQueue %j', async (input, expected) => {
    const { client } = await sqsBench();
    expect(await refusal(client.send(new CreateQueueCommand(input as never)))).toBe(expected);
  });

  test.each([
    [
      { MaxNumberOfMessages: 11 },
      'Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.',
    ],
    [
      { MaxNumberOfMessages: 0 },
      'Value 0 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.',
    ],
    [
      { WaitTimeSeconds: 30 },
      'Value 30 for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20, if provided.',
    ],
    [
      { VisibilityTimeout: 43_201 },
      'Value 43201 for parameter VisibilityTimeout is invalid. Reason: Must be >= 0 and <= 43200, if provided.',
    ],
  ])('ReceiveMessage %j', async (input, expected) => {
    const { client, make } = await sqsBench();
    const QueueUrl = await make('brook');
    expect(await refusal(client.send(new ReceiveMessageCommand({ QueueUrl, ...input })))).toBe(
      `InvalidParameterValue: ${expected}`,
    );
  });

  test('handles that are none, of another queue, or of a message that is gone', async () => {
    const { client, make, send, receive } = await sqsBench();
    const QueueUrl = await make('brook');
    const other = await make('other');
    await send(QueueUrl, 'a');
    const [message] = await receive(QueueUrl);
    const ReceiptHandle = message?.ReceiptHandle ?? '';
    expect(await refusal(client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: 'garbage' })))).toBe(
      'ReceiptHandleIsInvalid: The input receipt handle "garbage" is not a valid receipt handle.',
    );
    expect(await refusal(client.send(new DeleteMessageCommand({ QueueUrl: other, ReceiptHandle })))).toBe(
      `ReceiptHandleIsInvalid: The input receipt handle "${ReceiptHandle}" is not a valid receipt handle.`,
    );
    const change = (VisibilityTimeout: number) =>
      client.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout }));
    await change(43_200);
    expect(await refusal(change(-1))).toMatch(
      /: Value -1 for parameter VisibilityTimeout is invalid\. Reason: VisibilityTimeout must be an integer between 0 and 43200\.$/,
    );
    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    expect(await refusal(change(1))).toBe(
      `InvalidParameterValue: Value ${ReceiptHandle} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.`,
    );
  });

  test('more than twelve hours in one pair of hands', async () => {
    const { client, make, send, receive, clock } = await sqsBench();
    const QueueUrl = await make('brook');
    await send(QueueUrl, 'a');
    const [message] = await receive(QueueUrl);
    await clock.advance(SECOND);
    const change = { QueueUrl, ReceiptHandle: message?.ReceiptHandle, VisibilityTimeout: 43_200 };
    expect(await refusal(client.send(new ChangeMessageVisibilityCommand(change)))).toBe(
      'InvalidParameterValue: Value 43200 for parameter VisibilityTimeout is invalid. Reason: Total VisibilityTimeout for the message is beyond the limit [43200 seconds].',
    );
  });
});
