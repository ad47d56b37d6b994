import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AddPermissionCommand,
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
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
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  type SQSClient,
  TagQueueCommand,
  UntagQueueCommand,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClock, createRandom } from '../../clock/index.ts';
import { createEdge } from '../../edge/index.ts';
import { nativeLocalStack } from '../../engines/localstack/index.ts';
import { startEngine } from '../../engines/testing.ts';
import { createSqs } from './index.ts';
import { ACCOUNT, arnOf, clientOf, REGION } from './testing.ts';

/** Where LocalStack's words are not AWS's: what it says, what we say, and why we know better. */
const SLIPS: readonly (readonly [localstack: string, ours: string, why: string])[] = [
  ['"400 ReceiptHandleIsInvalid', '"404 ReceiptHandleIsInvalid', 'the status that the API’s model gives it'],
  ['must be prefixedwith', 'must be prefixed with', 'two words ran together'],
  ['"SenderFault":false', '"SenderFault":true', 'as recorded from AWS: the message was at fault, not the service'],
  ['"Failed":[],', '', 'as recorded from AWS: a list that would be empty is left out'],
];

const DEFAULTS = { region: REGION, accountId: ACCOUNT };
const LOG = { info: () => undefined, warn: () => undefined, error: () => undefined };

let localstack: SQSClient;
let ours: SQSClient;
const cleanups: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'naetmul-sqs-'));
  cleanups.push(() => rm(dataDir, { recursive: true, force: true }));
  const engine = await startEngine(nativeLocalStack(), dataDir);
  cleanups.push(() => engine.stop());
  const clock = createClock();
  const random = createRandom('sqs');
  const ledger = { append: () => 0 };
  const shared = { clock, random, ledger, log: LOG, defaults: DEFAULTS, port: 0 };
  const theirEdge = createEdge({ ...shared, upstream: () => engine.endpoint });
  const ourEdge = createEdge({ ...shared, upstream: () => undefined });
  ourEdge.register(createSqs({ ...shared, aws: ourEdge.access, dataDir }, { metrics: { count: () => undefined } }));
  cleanups.push(
    () => theirEdge.close(),
    () => ourEdge.close(),
    async () => clock.close(),
  );
  localstack = clientOf((await theirEdge.listen()).url);
  ours = clientOf((await ourEdge.listen()).url);
});

afterAll(async () => {
  localstack?.destroy();
  ours?.destroy();
  for (const cleanup of cleanups.reverse()) await cleanup();
});

/** Makes calls and keeps what was answered, with what must differ masked. */
class Caller {
  readonly answers: unknown[] = [];
  readonly #client: SQSClient;

  constructor(client: SQSClient) {
    this.#client = client;
  }

  // biome-ignore lint/suspicious/noExplicitAny: every answer of the battery; what is wanted of it is named at the call.
  async call(command: { readonly input: object }): Promise<any> {
    try {
      const { $metadata, ...output } = await this.#client.send(command as never);
      this.answers.push(masked(output));
      return output;
    } catch (error) {
      const { name, message, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
      this.answers.push(maskText(`${$metadata?.httpStatusCode} ${name}: ${message}`));
      return {};
    }
  }
}

const MASKED = /^(MessageId|ReceiptHandle|SequenceNumber|NextToken|.*Timestamp)$/;

function masked(value: unknown, key = ''): unknown {
  if (typeof value === 'string') return MASKED.test(key) ? `<${key}>` : maskText(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (Array.isArray(value)) return value.map((item) => masked(item, key));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .filter(([, member]) => member !== undefined)
      .map(([name, member]) => [name, masked(member, name)]),
  );
}

/** Hosts and receipt handles. */
function maskText(text: string): string {
  return text.replace(/http:\/\/[^/]+\//g, 'http://host/').replace(/[A-Za-z0-9+/]{60,}=*/g, '<handle>');
}

const slipsSeen = new Set<string>();

/** LocalStack's answer without its slips. */
function corrected(answer: unknown): unknown {
  let text = JSON.stringify(answer);
  for (const [theirs, own] of SLIPS) {
    if (text.includes(theirs)) slipsSeen.add(theirs);
    text = text.replaceAll(theirs, own);
  }
  return JSON.parse(text);
}

async function compare(battery: (caller: Caller) => Promise<void>) {
  const [theirs, own] = [new Caller(localstack), new Caller(ours)];
  await battery(theirs);
  await battery(own);
  expect(own.answers).toEqual(theirs.answers.map(corrected));
}

const TEXT = { DataType: 'String', StringValue: 'There' };

describe('the same calls are answered as LocalStack answers them', () => {
  test('queues', () =>
    compare(async (aws) => {
      const create = (QueueName: string, Attributes?: Record<string, string>) =>
        aws.call(new CreateQueueCommand({ QueueName, Attributes }));
      const { QueueUrl } = await create('q-one', { VisibilityTimeout: '5' });
      await create('q-one', { VisibilityTimeout: '5' });
      await create('q-one');
      await create('q-one', { VisibilityTimeout: '6' });
      await create('q-two');
      await create('q two');
      await create('q.fifo');
      await create('q', { FifoQueue: 'true' });
      await create('q', { Colour: 'blue' });
      await create('q', { ContentBasedDeduplication: 'true' });
      await create('q', { FifoThroughputLimit: 'perQueue' });
      await aws.call(new GetQueueUrlCommand({ QueueName: 'q-one' }));
      await aws.call(new GetQueueUrlCommand({ QueueName: 'none' }));
      await aws.call(new ListQueuesCommand({ QueueNamePrefix: 'q-' }));
      await aws.call(new ListQueuesCommand({ QueueNamePrefix: 'q-', MaxResults: 1 }));
      await aws.call(new ListQueuesCommand({ QueueNamePrefix: 'none' }));
      await aws.call(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
      await aws.call(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn', 'Policy'] }));
      await aws.call(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['Colour' as never] }));
      await aws.call(new GetQueueAttributesCommand({ QueueUrl }));
      await aws.call(new SetQueueAttributesCommand({ QueueUrl, Attributes: { DelaySeconds: '1' } }));
      await aws.call(new SetQueueAttributesCommand({ QueueUrl, Attributes: { QueueArn: 'x' } }));
      await aws.call(new TagQueueCommand({ QueueUrl, Tags: { a: '1', b: '2' } }));
      await aws.call(new UntagQueueCommand({ QueueUrl, TagKeys: ['a', 'x'] }));
      await aws.call(new ListQueueTagsCommand({ QueueUrl }));
      const permission = { QueueUrl, Label: 'l', AWSAccountIds: ['111111111111'], Actions: ['SendMessage'] };
      await aws.call(new AddPermissionCommand(permission));
      await aws.call(new AddPermissionCommand(permission));
      await aws.call(new AddPermissionCommand({ ...permission, Label: 'm', Actions: ['Foo'] }));
      await aws.call(new RemovePermissionCommand({ QueueUrl, Label: 'x' }));
      await aws.call(new RemovePermissionCommand({ QueueUrl, Label: 'l' }));
      await aws.call(new PurgeQueueCommand({ QueueUrl }));
      await aws.call(new DeleteQueueCommand({ QueueUrl }));
      await aws.call(new DeleteQueueCommand({ QueueUrl }));
      await aws.call(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }));
    }));

  test('messages', () =>
    compare(async (aws) => {
      const { QueueUrl } = await aws.call(new CreateQueueCommand({ QueueName: 'messages' }));
      const send = (input: object) => aws.call(new SendMessageCommand({ QueueUrl, MessageBody: 'hello', ...input }));
      const receive = (input: object = {}) =>
        aws.call(new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout: 0, ...input }));
      await receive();
      await send({ MessageBody: '냇물 😀\r\n"<&' });
      await receive();
      await receive({ MessageSystemAttributeNames: ['All'] });
      await receive({ AttributeNames: ['SenderId', 'MessageGroupId'] });
      await aws.call(new PurgeQueueCommand({ QueueUrl }));
      const number = { DataType: 'Number.int', StringValue: '7' };
      const binary = { DataType: 'Binary', BinaryValue: Buffer.from([0, 1, 255]) };
      await send({ MessageAttributes: { Hello: TEXT, 'Help.Me': number, bytes: binary } });
      for (const names of [['All'], ['.*'], ['Hel.*'], ['Hello', 'none'], ['none']]) {
        await receive({ MessageAttributeNames: names });
      }
      const { Messages } = await receive({ VisibilityTimeout: 60 });
      const ReceiptHandle = Messages?.[0]?.ReceiptHandle;
      await receive();
      await aws.call(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
      const change = { QueueUrl, ReceiptHandle, VisibilityTimeout: 60 };
      await aws.call(new ChangeMessageVisibilityCommand(change));
      await aws.call(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      await aws.call(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      await aws.call(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: 'garbage' }));
      await aws.call(new ChangeMessageVisibilityCommand(change));
      await send({ MessageBody: '' });
      await send({ MessageBody: '\u0001' });
      await send({ MessageBody: 'x'.repeat(1_048_577) });
      await send({ MessageGroupId: 'a b' });
      await send({ MessageDeduplicationId: 'd' });
      await send({ MessageAttributes: { 'a b': TEXT } });
      await send({ MessageAttributes: { 'AWS.x': TEXT } });
      await send({ MessageAttributes: { a: { DataType: 'String', StringValue: '' } } });
      await send({ MessageAttributes: { a: { DataType: 'Text', StringValue: 'x' } } });
      await receive({ MaxNumberOfMessages: 11 });
      await receive({ WaitTimeSeconds: 21 });
      await receive({ WaitTimeSeconds: 1 });
    }));

  test('batches', () =>
    compare(async (aws) => {
      const { QueueUrl } = await aws.call(
        new CreateQueueCommand({ QueueName: 'batches', Attributes: { MaximumMessageSize: '1024' } }),
      );
      const send = (...Entries: { Id: string; MessageBody: string }[]) =>
        aws.call(new SendMessageBatchCommand({ QueueUrl, Entries }));
      const entry = (Id: string, MessageBody = Id) => ({ Id, MessageBody });
      await send(entry('a'), entry('b'), entry('c', '\u0001'));
      await send(...[...Array(11).keys()].map((n) => entry(String(n))));
      await send(entry('a b'));
      await send(entry('x'.repeat(81)));
      await send(entry('a', 'x'.repeat(1_048_576)), entry('b'));
      const { Messages = [] } = await aws.call(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
      const handles = Messages.map(({ ReceiptHandle }: { ReceiptHandle: string }, n: number) => ({
        Id: String(n),
        ReceiptHandle,
      }));
      const changes = handles.map((one: object) => ({ ...one, VisibilityTimeout: 60 }));
      await aws.call(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries: changes }));
      await aws.call(new DeleteMessageBatchCommand({ QueueUrl, Entries: handles }));
    }));

  test('FIFO queues', () =>
    compare(async (aws) => {
      const { QueueUrl } = await aws.call(
        new CreateQueueCommand({ QueueName: 'order.fifo', Attributes: { FifoQueue: 'true' } }),
      );
      await aws.call(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
      const send = (MessageBody: string, input: object) =>
        aws.call(new SendMessageCommand({ QueueUrl, MessageBody, ...input }));
      const put = (group: string, id: string) => send(id, { MessageGroupId: group, MessageDeduplicationId: id });
      const receive = (MaxNumberOfMessages: number) =>
        aws.call(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages, MessageSystemAttributeNames: ['All'] }));
      await send('a', { MessageGroupId: 'g' });
      await send('a', { MessageDeduplicationId: 'd' });
      await send('a', { MessageGroupId: 'g', MessageDeduplicationId: 'd', DelaySeconds: 2 });
      await send('a', { MessageGroupId: 'g', MessageDeduplicationId: 'x y' });
      for (const id of ['a1', 'b1', 'a2', 'a3', 'c1', 'a1']) await put(id.slice(0, 1), id);
      const { Messages = [] } = await receive(2);
      await receive(1);
      await aws.call(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: Messages[0]?.ReceiptHandle }));
      await receive(10);
      await aws.call(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: Messages[1]?.ReceiptHandle }));
      await receive(10);
      await put('a', 'a1');
      await receive(10);
      const Entries = [{ Id: 'x', MessageBody: 'x', MessageGroupId: 'g' }];
      await aws.call(new SendMessageBatchCommand({ QueueUrl, Entries }));
      await aws.call(new SetQueueAttributesCommand({ QueueUrl, Attributes: { ContentBasedDeduplication: 'true' } }));
      await aws.call(new SendMessageBatchCommand({ QueueUrl, Entries }));
      await aws.call(new SetQueueAttributesCommand({ QueueUrl, Attributes: { FifoQueue: 'false' } }));
    }));

  test('redrive', () =>
    compare(async (aws) => {
      const dlq = await aws.call(new CreateQueueCommand({ QueueName: 'redrive-dlq' }));
      const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arnOf('redrive-dlq'), maxReceiveCount: 2 });
      const { QueueUrl } = await aws.call(
        new CreateQueueCommand({ QueueName: 'redrive', Attributes: { RedrivePolicy, VisibilityTimeout: '0' } }),
      );
      await aws.call(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['RedrivePolicy'] }));
      await aws.call(new ListDeadLetterSourceQueuesCommand({ QueueUrl: dlq.QueueUrl }));
      await aws.call(new SendMessageCommand({ QueueUrl, MessageBody: 'poison' }));
      for (let n = 0; n < 3; n++) {
        await aws.call(new ReceiveMessageCommand({ QueueUrl, MessageSystemAttributeNames: ['All'] }));
      }
      await aws.call(
        new ReceiveMessageCommand({ QueueUrl: dlq.QueueUrl, MessageSystemAttributeNames: ['All'], WaitTimeSeconds: 5 }),
      );
    }));

  test('but for those slips of LocalStack’s, which are all still there', () => {
    expect([...slipsSeen].sort()).toEqual(SLIPS.map(([theirs]) => theirs).sort());
  });
});

describe('where we follow AWS and LocalStack does not, both are known', () => {
  const queue = async (aws: Caller, QueueName: string, Attributes = {}): Promise<string> =>
    (await aws.call(new CreateQueueCommand({ QueueName, Attributes }))).QueueUrl;
  const policy = (target: string, maxReceiveCount: unknown) =>
    JSON.stringify({ deadLetterTargetArn: arnOf(target), maxReceiveCount });
  const sent = { MD5OfMessageBody: '9dd4e461268c8034f5c8564e155c67a6', MessageId: '<MessageId>' };

  /** The last call is the one that is answered differently. */
  const cases: [what: string, battery: (aws: Caller) => Promise<unknown>, theirs: unknown, own: unknown][] = [
    [
      'a queue that was just deleted cannot be made again',
      async (aws) => {
        const QueueUrl = await queue(aws, 'again');
        await aws.call(new DeleteQueueCommand({ QueueUrl }));
        await queue(aws, 'again');
      },
      { QueueUrl: `http://host/${ACCOUNT}/again` },
      '400 QueueDeletedRecently: You must wait 60 seconds after deleting a queue before you can create another with the same name.',
    ],
    [
      'a queue cannot be purged twice in a minute',
      async (aws) => {
        const QueueUrl = await queue(aws, 'purged');
        await aws.call(new PurgeQueueCommand({ QueueUrl }));
        await aws.call(new PurgeQueueCommand({ QueueUrl }));
      },
      {},
      '403 PurgeQueueInProgress: Only one PurgeQueue operation on purged is allowed every 60 seconds.',
    ],
    [
      'values of attributes have limits',
      (aws) => queue(aws, 'limits', { VisibilityTimeout: '43201' }),
      { QueueUrl: `http://host/${ACCOUNT}/limits` },
      '400 InvalidAttributeValue: Invalid value for the parameter VisibilityTimeout.',
    ],
    [
      'a dead-letter queue must be there',
      (aws) => queue(aws, 'no-target', { RedrivePolicy: policy('nowhere', 3) }),
      { QueueUrl: `http://host/${ACCOUNT}/no-target` },
      `400 InvalidParameterValue: Value ${policy('nowhere', 3)} for parameter RedrivePolicy is invalid. Reason: Dead letter target does not exist.`,
    ],
    [
      'maxReceiveCount is a number, however it was given',
      async (aws) => {
        await queue(aws, 'count-dlq');
        const QueueUrl = await queue(aws, 'count', { RedrivePolicy: policy('count-dlq', '3') });
        await aws.call(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['RedrivePolicy'] }));
      },
      { Attributes: { RedrivePolicy: policy('count-dlq', '3') } },
      { Attributes: { RedrivePolicy: policy('count-dlq', 3) } },
    ],
    [
      'no messages cannot be asked for',
      async (aws) => {
        const QueueUrl = await queue(aws, 'zero');
        await aws.call(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 0 }));
      },
      {},
      '400 InvalidParameterValue: Value 0 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.',
    ],
    [
      'a message is delayed for 15 minutes at most',
      async (aws) => {
        const QueueUrl = await queue(aws, 'delayed');
        await aws.call(new SendMessageCommand({ QueueUrl, MessageBody: 'x', DelaySeconds: 901 }));
      },
      sent,
      '400 InvalidParameterValue: Value 901 for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.',
    ],
    [
      'a number must be one',
      async (aws) => {
        const QueueUrl = await queue(aws, 'number');
        const MessageAttributes = { a: { DataType: 'Number', StringValue: 'seven' } };
        await aws.call(new SendMessageCommand({ QueueUrl, MessageBody: 'x', MessageAttributes }));
      },
      { ...sent, MD5OfMessageAttributes: 'f9e1bd7c44ec30da3ad535ebacb67e27' },
      "400 InvalidParameterValue: Can't cast the value of message (user) attribute 'a' to a number.",
    ],
    [
      'too large a message of a batch is told of in words of its own',
      async (aws) => {
        const QueueUrl = await queue(aws, 'large', { MaximumMessageSize: '1024' });
        const Entries = [{ Id: 'a', MessageBody: 'x'.repeat(1025) }];
        await aws.call(new SendMessageBatchCommand({ QueueUrl, Entries }));
      },
      {
        Failed: [
          {
            Code: 'InvalidParameterValueException',
            Id: 'a',
            Message: 'One or more parameters are invalid. Reason: Message must be shorter than 1024 bytes.',
            SenderFault: true,
          },
        ],
      },
      {
        Failed: [
          {
            Code: 'InvalidParameterValue',
            Id: 'a',
            Message: 'One or more parameters cannot be validated. Reason: Message must be shorter than 1024 bytes.',
            SenderFault: true,
          },
        ],
      },
    ],
    [
      'an empty batch and a repeated id are explained',
      async (aws) => {
        const QueueUrl = await queue(aws, 'explained');
        const Entries = [1, 2].map((n) => ({ Id: 'a', MessageBody: String(n) }));
        await aws.call(new SendMessageBatchCommand({ QueueUrl, Entries }));
      },
      '400 BatchEntryIdsNotDistinct: UnknownError',
      '400 BatchEntryIdsNotDistinct: Id a repeated.',
    ],
    [
      'the handle of an earlier receive does not delete a message that somebody else has now',
      async (aws) => {
        const QueueUrl = await queue(aws, 'superseded', { VisibilityTimeout: '0' });
        await aws.call(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }));
        const { Messages = [] } = await aws.call(new ReceiveMessageCommand({ QueueUrl }));
        await aws.call(new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout: 60 }));
        await aws.call(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: Messages[0]?.ReceiptHandle }));
        const AttributeNames = ['ApproximateNumberOfMessagesNotVisible' as const];
        await aws.call(new GetQueueAttributesCommand({ QueueUrl, AttributeNames }));
      },
      { Attributes: { ApproximateNumberOfMessagesNotVisible: '0' } },
      { Attributes: { ApproximateNumberOfMessagesNotVisible: '1' } },
    ],
    [
      'a message that comes back goes behind those that wait (AWS promises no order)',
      async (aws) => {
        const QueueUrl = await queue(aws, 'behind', { VisibilityTimeout: '0' });
        for (const MessageBody of ['a', 'b']) await aws.call(new SendMessageCommand({ QueueUrl, MessageBody }));
        await aws.call(new ReceiveMessageCommand({ QueueUrl }));
        const { Messages } = await aws.call(new ReceiveMessageCommand({ QueueUrl }));
        aws.answers.push(Messages?.[0]?.Body);
      },
      'a',
      'b',
    ],
  ];

  test.each(cases)('%s', async (_, battery, theirs, own) => {
    const answers: unknown[] = [];
    for (const client of [localstack, ours]) {
      const aws = new Caller(client);
      await battery(aws);
      answers.push(aws.answers.at(-1));
    }
    expect(answers).toEqual([theirs, own]);
  });
});
