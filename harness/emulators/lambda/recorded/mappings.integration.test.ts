import {
  type CreateEventSourceMappingRequest,
  DeleteEventSourceMappingCommand,
  DeleteFunctionCommand,
  type EventSourceMappingConfiguration,
  GetEventSourceMappingCommand,
  ListEventSourceMappingsCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { answer, FUNCTION, queueArn, type RecordedBench, recordedBench, refusal, refused, UUID } from './testing.ts';

/** Event source mappings of queues, as AWS was recorded to show and to refuse them. */
let bench: RecordedBench;
let FunctionName: string;
let source: string;
let serial = 0;
beforeAll(async () => {
  bench = await recordedBench();
});
afterAll(() => bench[Symbol.asyncDispose]());
beforeEach(async () => {
  FunctionName = `brook-${serial++}`;
  await bench.node(FunctionName, 'export const handler = async (event) => event;\n');
  source = await bench.queue(`${FunctionName}-source`);
});

const { invalid, missing } = refusal;
const map = (changes: Partial<CreateEventSourceMappingRequest> = {}) => bench.map(FunctionName, source, changes);
const get = (UUID_: string | undefined) => answer(bench.lambda.send(new GetEventSourceMappingCommand({ UUID: UUID_ })));
const remove = (UUID_: string | undefined) =>
  answer(bench.lambda.send(new DeleteEventSourceMappingCommand({ UUID: UUID_ })));

/** The members of every recorded mapping of a queue. */
const shown = (members: object = {}) => ({
  BatchSize: 10,
  EventSourceArn: source,
  EventSourceMappingArn: expect.stringMatching(/^arn:aws:lambda:us-east-1:000000000000:event-source-mapping:/),
  FunctionArn: `${FUNCTION}:${FunctionName}`,
  FunctionResponseTypes: [],
  LastModified: expect.any(Date),
  MaximumBatchingWindowInSeconds: 0,
  State: 'Creating',
  StateTransitionReason: 'USER_INITIATED',
  UUID: expect.stringMatching(UUID),
  ...members,
});

async function gone(UUID_: string | undefined): Promise<void> {
  await expect
    .poll(() => bench.lambda.send(new GetEventSourceMappingCommand({ UUID: UUID_ })).catch(({ name }) => name))
    .toBe('ResourceNotFoundException');
}

test('a mapping is created, enabled, and shown until it is deleted', async () => {
  const { $metadata, ...made } = await map();
  expect([$metadata.httpStatusCode, made]).toEqual([202, shown()]);
  expect(made.EventSourceMappingArn).toBe(`arn:aws:lambda:us-east-1:000000000000:event-source-mapping:${made.UUID}`);
  expect(await get(made.UUID)).toEqual(shown({ State: 'Enabled' }));
  expect(await remove(made.UUID)).toEqual(shown({ State: 'Deleting' }));
  await gone(made.UUID);
});

test('one that is made disabled is enabled by an update', async () => {
  const made = await answer(map({ Enabled: false, BatchSize: 1 }));
  expect(made).toEqual(shown({ BatchSize: 1, State: 'Disabled' }));
  const update = new UpdateEventSourceMappingCommand({ UUID: made.UUID, Enabled: true });
  const { $metadata, ...updated } = await bench.lambda.send(update);
  expect([$metadata.httpStatusCode, updated]).toEqual([202, shown({ BatchSize: 1, State: 'Enabling' })]);
  expect(await get(made.UUID)).toEqual(shown({ BatchSize: 1, State: 'Enabled' }));
});

test.each<[string, Partial<CreateEventSourceMappingRequest>]>([
  ['15 messages', { BatchSize: 15, MaximumBatchingWindowInSeconds: 10 }],
  ['100 messages', { BatchSize: 100, MaximumBatchingWindowInSeconds: 10 }],
  ['1,000 messages', { BatchSize: 1000, MaximumBatchingWindowInSeconds: 10 }],
  ['10,000 messages', { BatchSize: 10_000, MaximumBatchingWindowInSeconds: 10 }],
  [
    '20 messages, two batches at once',
    { BatchSize: 20, MaximumBatchingWindowInSeconds: 1, ScalingConfig: { MaximumConcurrency: 2 } },
  ],
  ['partial responses', { FunctionResponseTypes: ['ReportBatchItemFailures'] }],
  [
    'a filter',
    {
      MaximumBatchingWindowInSeconds: 1,
      FilterCriteria: { Filters: [{ Pattern: '{"body":{"my-key":["my-value"]}}' }] },
    },
  ],
])('a mapping with %s is shown with them', async (_what, given) => {
  expect(await answer(map(given))).toEqual(shown(given));
});

test('it leads to another function when it is told so', async () => {
  const made = await map({ MaximumBatchingWindowInSeconds: 1 });
  const other = `${FunctionName}-other`;
  await bench.node(other, 'export const handler = async (event) => event;\n');
  const update = new UpdateEventSourceMappingCommand({ UUID: made.UUID, FunctionName: other });
  const changed = { MaximumBatchingWindowInSeconds: 1, FunctionArn: `${FUNCTION}:${other}` };
  expect(await answer(bench.lambda.send(update))).toEqual(shown({ ...changed, State: 'Updating' }));
  expect(await get(made.UUID)).toEqual(shown({ ...changed, State: 'Enabled' }));
});

test('it stays when its function is deleted', async () => {
  const { UUID: made } = await map();
  const before = await get(made);
  await bench.lambda.send(new DeleteFunctionCommand({ FunctionName }));
  expect(await get(made)).toEqual(before);
  expect((await remove(made)).State).toBe('Deleting');
});

describe('the function is named', () => {
  const shownArn = async (name: string) => {
    const made: EventSourceMappingConfiguration = await bench.map(name, source);
    await remove(made.UUID);
    await gone(made.UUID);
    return made.FunctionArn;
  };

  test('by its name, its ARN, or a partial ARN with $LATEST', async () => {
    const arn = `${FUNCTION}:${FunctionName}`;
    expect(await shownArn(FunctionName)).toBe(arn);
    expect(await shownArn(arn)).toBe(arn);
    expect(await shownArn(`function:${FunctionName}:$LATEST`)).toBe(`${arn}:$LATEST`);
  });
});

describe('what is refused', () => {
  test('an id of no mapping', async () => {
    const nothing = '00000000-0000-4000-8000-000000000000';
    const expected = missing('The resource you requested does not exist.');
    expect(await refused(get(nothing))).toEqual(expected);
    expect(await refused(remove(nothing))).toEqual(expected);
    const update = new UpdateEventSourceMappingCommand({ UUID: nothing, Enabled: false });
    expect(await refused(bench.lambda.send(update))).toEqual(expected);
  });

  test('but not a list of what there is not', async () => {
    for (const filter of [{ FunctionName: 'doesnotexist' }, { EventSourceArn: queueArn('somequeue') }]) {
      const { EventSourceMappings } = await bench.lambda.send(new ListEventSourceMappingsCommand(filter));
      expect(EventSourceMappings).toEqual([]);
    }
  });

  test('no source, no function, a destination that queues do not have', async () => {
    const somequeue = queueArn('somequeue');
    expect(await refused(bench.map('doesnotexist', undefined as never))).toEqual(invalid('Unrecognized event source.'));
    expect(await refused(bench.map('doesnotexist', somequeue))).toEqual(invalid('Function does not exist'));
    const DestinationConfig = { OnSuccess: { Destination: queueArn('someotherqueue') } };
    expect(await refused(bench.map('doesnotexist', somequeue, { DestinationConfig }))).toEqual(
      invalid('Unsupported DestinationConfig parameter for given event source mapping type.'),
    );
  });

  test('a queue that is not there', async () => {
    expect(await refused(bench.map(FunctionName, queueArn('nothing')))).toEqual(
      invalid(
        'Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. SQS Error Message: The specified queue does not exist.',
      ),
    );
  });

  test('a second mapping of the same queue to the same function', async () => {
    const { UUID: first } = await map();
    expect(await refused(map())).toEqual(
      refusal.conflict(
        `An event source mapping with SQS arn (" ${source} ") and function (" ${FunctionName} ") already exists. Please update or delete the existing mapping with UUID ${first}`,
      ),
    );
  });

  test('more than ten messages without a window', async () => {
    const expected = invalid(
      'Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10',
    );
    expect(await refused(map({ BatchSize: 11 }))).toEqual(expected);
    const { UUID: made } = await map();
    const update = new UpdateEventSourceMappingCommand({ UUID: made, BatchSize: 11 });
    expect(await refused(bench.lambda.send(update))).toEqual(expected);
  });

  test.each([
    'null',
    'simple string',
    '{"eventSource":"aws:sqs"}',
    '{"eventSource":[]}',
  ])('the filter %s', async (Pattern) => {
    expect(await refused(map({ FilterCriteria: { Filters: [{ Pattern }] } }))).toEqual(
      invalid('Invalid filter pattern definition.'),
    );
  });
});
