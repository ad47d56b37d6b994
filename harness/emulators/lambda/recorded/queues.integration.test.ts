import type { CreateEventSourceMappingRequest } from '@aws-sdk/client-lambda';
import { PutFunctionConcurrencyCommand, UpdateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import {
  type MessageAttributeValue,
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Changes, queueArn, type RecordedBench, recordedBench } from './testing.ts';

/** What mappings of queues do with messages, as AWS was recorded. */
let bench: RecordedBench;
let name: string;
let source: string;
let dead: string;
let serial = 0;
beforeAll(async () => {
  bench = await recordedBench();
  await bench.clock.hold();
});
afterAll(() => bench[Symbol.asyncDispose]());
beforeEach(() => {
  name = `brook-${serial++}`;
  source = `${name}-source`;
  dead = `${name}-dead`;
});

interface Record {
  readonly messageId: string;
  readonly body: string;
  readonly attributes: { readonly [name: string]: string };
}

/** Says what it sees, fails as it is told, and answers as it is told. */
const handler = (body: string) => `
export const handler = async (event) => {
  console.log(JSON.stringify(event));
  ${body}
};`;
const create = (body = '', changes: Changes = {}) => bench.node(name, handler(body), changes);
const map = (changes: Partial<CreateEventSourceMappingRequest> = {}) => bench.map(name, queueArn(source), changes);

/** The events that the function has seen. */
const seen = (): { readonly Records: readonly Record[] }[] =>
  bench.logOf(name).flatMap(({ message }) => {
    const json = /\tINFO\t(\{.*\})\n$/s.exec(message)?.[1];
    return json === undefined ? [] : [JSON.parse(json)];
  });
const bodies = () => seen().map(({ Records }) => Records.map(({ body }) => body));

async function send(
  MessageBody: string,
  more: { MessageAttributes?: { [name: string]: MessageAttributeValue } } = {},
): Promise<string> {
  const command = new SendMessageCommand({ QueueUrl: bench.queueUrl(source), MessageBody, ...more });
  return (await bench.queues.send(command)).MessageId ?? '';
}

async function sendAll(...Entries: readonly SendMessageBatchRequestEntry[]): Promise<void> {
  const QueueUrl = bench.queueUrl(source);
  await bench.queues.send(new SendMessageBatchCommand({ QueueUrl, Entries: [...Entries] }));
}

/** Lets what is due be done, and then time go by. */
async function pass(seconds = 0): Promise<void> {
  await bench.clock.settled();
  if (seconds > 0) await bench.clock.advance(seconds * 1000);
}

/** The queue that dead messages go to, for `RedrivePolicy`. */
async function redrive(maxReceiveCount: number, attributes = {}) {
  const deadLetterTargetArn = await bench.queue(dead, attributes);
  return { RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount }) };
}

/** A record of the event, with the members that were recorded of a standard queue's. */
const record = (messageId: string, body: string, receives: number, members = {}) => ({
  messageId,
  receiptHandle: expect.any(String),
  body,
  attributes: {
    ApproximateReceiveCount: `${receives}`,
    SentTimestamp: expect.stringMatching(/^\d{13}$/),
    SenderId: expect.any(String),
    ApproximateFirstReceiveTimestamp: expect.stringMatching(/^\d{13}$/),
  },
  messageAttributes: {},
  md5OfBody: expect.stringMatching(/^[0-9a-f]{32}$/),
  eventSource: 'aws:sqs',
  eventSourceARN: queueArn(source),
  awsRegion: 'us-east-1',
  ...members,
});

describe('an event', () => {
  test('has a message with its attributes', async () => {
    await bench.queue(source);
    await create();
    await map();
    const id = await send('{"foo":"bar"}', {
      MessageAttributes: {
        Title: { DataType: 'String', StringValue: 'The Whistler' },
        Author: { DataType: 'String', StringValue: 'John Grisham' },
        WeeksOn: { DataType: 'Number', StringValue: '6' },
      },
    });
    await pass();
    const attribute = (dataType: string, stringValue: string) => ({
      stringValue,
      stringListValues: [],
      binaryListValues: [],
      dataType,
    });
    expect(seen()).toEqual([
      {
        Records: [
          record(id, '{"foo":"bar"}', 1, {
            messageAttributes: {
              Title: attribute('String', 'The Whistler'),
              Author: attribute('String', 'John Grisham'),
              WeeksOn: attribute('Number', '6'),
            },
            md5OfMessageAttributes: 'd25a6aea97eb8f585bfa92d314504a92',
          }),
        ],
      },
    ]);
  });

  test('of a message without attributes has no hash of them, or null where there is a window', async () => {
    await bench.queue(source);
    await create();
    const mapping = await map({ MaximumBatchingWindowInSeconds: 1 });
    const id = await send('{"foo":"bar"}');
    await pass(1);
    expect(seen()).toEqual([{ Records: [record(id, '{"foo":"bar"}', 1, { md5OfMessageAttributes: null })] }]);
    const { UUID } = mapping;
    await bench.lambda.send(new UpdateEventSourceMappingCommand({ UUID, MaximumBatchingWindowInSeconds: 0 }));
    const other = await send('without');
    await pass();
    expect(seen().slice(1)).toEqual([{ Records: [record(other, 'without', 1)] }]);
  });
});

describe('a batch that fails', () => {
  test('comes again when its visibility timeout is over', async () => {
    await bench.queue(source, { VisibilityTimeout: '10' });
    await create("if (event.Records[0].attributes.ApproximateReceiveCount === '1') throw new Error('failed attempt');");
    await map({ BatchSize: 1 });
    const id = await send('once more');
    await pass(9);
    expect(seen()).toMatchObject([{ Records: [{ messageId: id, attributes: { ApproximateReceiveCount: '1' } }] }]);
    await pass(1);
    expect(seen()).toMatchObject([{}, { Records: [{ messageId: id, attributes: { ApproximateReceiveCount: '2' } }] }]);
    await pass(60);
    expect(seen()).toHaveLength(2);
  });

  test('goes to the dead-letter queue after maxReceiveCount, as the message it was', async () => {
    await bench.queue(source, { VisibilityTimeout: '10', ...(await redrive(2)) });
    await create("throw new Error('failed attempt');");
    await map({ BatchSize: 1 });
    const id = await send('never');
    await pass(60);
    expect(seen().map(({ Records }) => Records[0]?.attributes.ApproximateReceiveCount)).toEqual(['1', '2']);
    expect(await bench.take(dead)).toMatchObject([{ MessageId: id, Body: 'never' }]);
  });
});

describe('a partial response', () => {
  const REPORT = { FunctionResponseTypes: ['ReportBatchItemFailures' as const] };

  test('brings back what it names, of a FIFO queue too, until it is dead', async () => {
    source += '.fifo';
    dead += '.fifo';
    const fifo = { FifoQueue: 'true' };
    await bench.queue(source, { ...fifo, VisibilityTimeout: '10', ...(await redrive(2, fifo)) });
    await create(`
      const failed = event.Records.filter(({ body, attributes }) =>
        JSON.parse(body).fail_attempts >= Number(attributes.ApproximateReceiveCount));
      return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };`);
    await sendAll(
      ...[0, 1, 1, 2].map((fail_attempts, n) => ({
        Id: `message-${n + 1}`,
        MessageBody: JSON.stringify({ message: n + 1, fail_attempts }),
        MessageGroupId: '1',
        MessageDeduplicationId: `dedup-${n + 1}`,
      })),
    );
    await map({ BatchSize: 10, ...REPORT });
    await pass();
    const numbers = () => seen().map(({ Records }) => Records.map(({ body }) => JSON.parse(body).message));
    expect(numbers()).toEqual([[1, 2, 3, 4]]);
    expect(seen()[0]?.Records[0]?.attributes).toEqual({
      ApproximateReceiveCount: '1',
      SentTimestamp: expect.any(String),
      SequenceNumber: expect.stringMatching(/^\d{20}$/),
      MessageGroupId: '1',
      SenderId: expect.any(String),
      MessageDeduplicationId: 'dedup-1',
      ApproximateFirstReceiveTimestamp: expect.any(String),
    });
    await pass(10);
    expect(numbers()).toEqual([
      [1, 2, 3, 4],
      [2, 3, 4],
    ]);
    await pass(60);
    expect(numbers()).toHaveLength(2);
    const [{ Body = '' } = {}] = await bench.take(dead);
    expect(JSON.parse(Body)).toEqual({ message: 4, fail_attempts: 2 });
  });

  test('that never comes, because the function throws, brings back everything', async () => {
    await bench.queue(source, { VisibilityTimeout: '10', ...(await redrive(1)) });
    await create('for (const { body } of event.Records) JSON.parse(body);');
    await sendAll({ Id: '1', MessageBody: '{not a json body' }, { Id: '2', MessageBody: '{"message":2}' });
    await map({ BatchSize: 10, ...REPORT });
    await pass(60);
    expect((await bench.take(dead)).map(({ Body }) => Body).sort()).toEqual(['{"message":2}', '{not a json body']);
  });

  test('that names nothing of the batch brings back everything', async () => {
    await bench.queue(source, { VisibilityTimeout: '10', ...(await redrive(2)) });
    await create("return { batchItemFailures: [{ foo: 'notvalid' }] };");
    await map({ BatchSize: 10, ...REPORT });
    await send('{"message":1}');
    await pass(60);
    expect(seen().map(({ Records }) => Records[0]?.attributes.ApproximateReceiveCount)).toEqual(['1', '2']);
    expect(await bench.take(dead)).toMatchObject([{ Body: '{"message":1}' }]);
  });

  test('that is an empty object is a success', async () => {
    await bench.queue(source, { VisibilityTimeout: '10', ...(await redrive(1)) });
    await create('return {};');
    await map({ BatchSize: 10, ...REPORT });
    await send('{"message":1}');
    await pass(60);
    expect([seen().length, await bench.take(dead), await bench.take(source)]).toEqual([1, [], []]);
  });
});

describe('a filter', () => {
  test.each<[string, unknown, unknown, unknown]>([
    ['one value', { 'my-key': ['my-value'] }, { 'my-key': 'my-value' }, { 'my-key': 'other-value' }],
    ['one of two values', { 'my-key': ['one', 'two'] }, { 'my-key': 'two' }, { 'my-key': 'other-value' }],
    [
      'two keys',
      { 'key-1': ['other-filter', 'one'], 'key-2': ['two'] },
      { 'key-1': 'one', 'key-2': 'two' },
      { 'key-1': 'other', 'key-2': 'two' },
    ],
    ['a key', { 'my-key': [{ exists: true }] }, { 'my-key': 'any' }, { 'other-key': 'any' }],
    ['a number above', { 'my-number': [{ numeric: ['>', 100] }] }, { 'my-number': 101 }, { 'my-number': 100 }],
    ['a number below', { 'my-number': [{ numeric: ['<', 100] }] }, { 'my-number': 99 }, { 'my-number': 100 }],
    [
      'a number between',
      { 'my-number': [{ numeric: ['>=', 100, '<', 200] }] },
      { 'my-number': 100 },
      { 'my-number': 200 },
    ],
    ['a prefix', { 'my-key': [{ prefix: 'yes' }] }, { 'my-key': 'yes-value' }, { 'my-key': 'no-value' }],
    ['JSON, and a body that is none', { 'my-key': ['my-value'] }, { 'my-key': 'my-value' }, 'plain string'],
    ['a number, and a body that is no JSON', { n: [{ numeric: ['>', 100] }] }, { n: 105 }, 'this is a test string'],
  ])('for %s lets some through and deletes the others', async (_what, body, matching, other) => {
    await bench.queue(source);
    await create();
    const FilterCriteria = { Filters: [{ Pattern: JSON.stringify({ body }) }] };
    const mapping = await map({ MaximumBatchingWindowInSeconds: 1, FilterCriteria });
    expect(mapping.FilterCriteria).toEqual(FilterCriteria);
    const written = (message: unknown) => (typeof message === 'string' ? message : JSON.stringify(message));
    await send(written(matching));
    await send(written(other));
    await pass(60);
    expect(bodies()).toEqual([[written(matching)]]);
    expect(await bench.take(source)).toEqual([]);
  });
});

describe('batches', () => {
  test.each([15, 100, 1000, 10_000])('of up to %i gather in their window', async (BatchSize) => {
    await bench.queue(source, { VisibilityTimeout: '60' });
    await create();
    await map({ BatchSize, MaximumBatchingWindowInSeconds: 10 });
    const entries = (count: number, of: string) =>
      Array.from({ length: count }, (_, n) => ({ Id: `${n}-${of}`, MessageBody: `${n}-${of}` }));
    await sendAll(...entries(10, 'a'));
    await sendAll(...entries(5, 'b'));
    await pass(10);
    expect(bodies().map(({ length }) => length)).toEqual([15]);
    expect(new Set(bodies().flat()).size).toBe(15);
  });

  test('of twenty: thirty messages are two, and two run at once at most', async () => {
    await bench.queue(source, { VisibilityTimeout: '60' });
    await create();
    await bench.lambda.send(new PutFunctionConcurrencyCommand({ FunctionName: name, ReservedConcurrentExecutions: 2 }));
    for (const of of ['a', 'b', 'c']) {
      await sendAll(...Array.from({ length: 10 }, (_, n) => ({ Id: `${n}`, MessageBody: `${n}-${of}` })));
    }
    await map({ BatchSize: 20, MaximumBatchingWindowInSeconds: 1, ScalingConfig: { MaximumConcurrency: 2 } });
    await pass(5);
    expect(bodies()).toHaveLength(2);
    expect(new Set(bodies().flat()).size).toBe(30);
  });

  test('of one message group follow each other, in one environment', async () => {
    source += '.fifo';
    await bench.queue(source, { FifoQueue: 'true', ContentBasedDeduplication: 'true', VisibilityTimeout: '60' });
    await create('await new Promise((done) => setTimeout(done, 50));');
    const { UUID } = await map({ BatchSize: 1, Enabled: false });
    await sendAll(
      ...[0, 1, 2, 3, 4].map((n) => ({ Id: `${n}`, MessageBody: `message-${n}`, MessageGroupId: 'fixed' })),
    );
    await bench.lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: true }));
    await pass(60);
    expect(bodies().flat()).toEqual(['message-0', 'message-1', 'message-2', 'message-3', 'message-4']);
    expect(new Set(bench.logOf(name).map(({ stream }) => stream)).size).toBe(1);
  });
});

test('a mapping that was led to another function leaves what came before to the first', async () => {
  const first = name;
  await bench.queue(source);
  await create();
  const { UUID } = await map({ MaximumBatchingWindowInSeconds: 1 });
  await send('{"foo":"bar"}');
  await pass(1);
  expect(bodies()).toEqual([['{"foo":"bar"}']]);
  name = `${name}-other`;
  await create();
  await bench.lambda.send(new UpdateEventSourceMappingCommand({ UUID, FunctionName: name }));
  await send('{"foo":"bar2"}');
  await pass(1);
  expect(bodies()).toEqual([['{"foo":"bar2"}']]);
  name = first;
  expect(bodies()).toEqual([['{"foo":"bar"}']]);
});
