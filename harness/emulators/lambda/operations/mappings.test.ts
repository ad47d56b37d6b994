import {
  CreateEventSourceMappingCommand,
  type CreateEventSourceMappingRequest,
  CreateFunctionCommand,
  DeleteEventSourceMappingCommand,
  DeleteFunctionCommand,
  GetEventSourceMappingCommand,
  ListEventSourceMappingsCommand,
  ListTagsCommand,
  TagResourceCommand,
  UpdateEventSourceMappingCommand,
  type UpdateEventSourceMappingRequest,
} from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseInstant } from '../../../clock/index.ts';
import { ACCOUNT, type LambdaBench, lambdaBench, QUEUE_ARN, STREAM_ARN, WORKER, WORKER_ARN } from '../testing.ts';

let bench: LambdaBench;
beforeEach(async () => {
  bench = await lambdaBench();
  await bench.client.send(new CreateFunctionCommand(WORKER));
});
afterEach(() => bench[Symbol.asyncDispose]());

const create = (input: Partial<CreateEventSourceMappingRequest> = {}) =>
  bench.client.send(
    new CreateEventSourceMappingCommand({ FunctionName: 'worker', EventSourceArn: QUEUE_ARN, ...input }),
  );
const createStream = (input: Partial<CreateEventSourceMappingRequest> = {}) =>
  create({ EventSourceArn: STREAM_ARN, StartingPosition: 'TRIM_HORIZON', ...input });
const update = (UUID: string | undefined, input: Partial<UpdateEventSourceMappingRequest>) =>
  bench.client.send(new UpdateEventSourceMappingCommand({ UUID, ...input }));
const get = (UUID: string | undefined) => bench.client.send(new GetEventSourceMappingCommand({ UUID }));
const remove = (UUID: string | undefined) => bench.client.send(new DeleteEventSourceMappingCommand({ UUID }));
const invalid = (message: string) => ({ name: 'InvalidParameterValueException', message, Type: 'User' });
const violation = (constraint: string) => ({
  name: 'ValidationException',
  message: `1 validation error detected: ${constraint}`,
});
const unsupported = (what: string) => ({
  name: 'NotImplementedException',
  message: `The Lambda emulator of naetmul does not support ${what}.`,
});
const GONE = {
  name: 'ResourceNotFoundException',
  message: 'The resource you requested does not exist.',
  $metadata: { httpStatusCode: 404 },
};

/** A promise that is still to be resolved. */
function pending(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { promise, resolve };
}

describe('a mapping of a queue', () => {
  test('shows AWS’s defaults, and is enabled when it is asked for again', async () => {
    await bench.clock.travelTo(parseInstant('2022-01-27T05:48:25Z'));
    const { $metadata, ...created } = await create();
    expect($metadata.httpStatusCode).toBe(202);
    const common = {
      UUID: expect.stringMatching(/^[0-9a-f-]{36}$/),
      EventSourceMappingArn: `arn:aws:lambda:us-east-1:${ACCOUNT}:event-source-mapping:${created.UUID}`,
      EventSourceArn: QUEUE_ARN,
      FunctionArn: WORKER_ARN,
      BatchSize: 10,
      MaximumBatchingWindowInSeconds: 0,
      FunctionResponseTypes: [],
      LastModified: new Date('2022-01-27T05:48:25Z'),
      StateTransitionReason: 'USER_INITIATED',
    };
    expect(created).toEqual({ ...common, State: 'Creating' });
    const { $metadata: _, ...shown } = await get(created.UUID);
    expect(shown).toEqual({ ...common, State: 'Enabled' });
    expect(bench.polled).toEqual([`start ${QUEUE_ARN}`]);
  });

  test('keeps what it is given', async () => {
    const given = {
      BatchSize: 100,
      MaximumBatchingWindowInSeconds: 5,
      FunctionResponseTypes: ['ReportBatchItemFailures' as const],
      ScalingConfig: { MaximumConcurrency: 2 },
      FilterCriteria: { Filters: [{ Pattern: '{"body":{"a":[1]}}' }] },
    };
    const { UUID } = await create({ ...given, FunctionName: `${WORKER_ARN}:$LATEST`, Tags: { team: 'data' } });
    expect(await get(UUID)).toMatchObject({ ...given, FunctionArn: `${WORKER_ARN}:$LATEST` });
    const arn = `arn:aws:lambda:us-east-1:${ACCOUNT}:event-source-mapping:${UUID}`;
    await bench.client.send(new TagResourceCommand({ Resource: arn, Tags: { stage: 'test' } }));
    const { Tags } = await bench.client.send(new ListTagsCommand({ Resource: arn }));
    expect(Tags).toEqual({ team: 'data', stage: 'test' });
  });

  test('is not polled while it is disabled', async () => {
    const { UUID, State } = await create({ Enabled: false });
    expect([State, (await get(UUID)).State, bench.polled]).toEqual(['Disabled', 'Disabled', []]);
    expect((await update(UUID, { Enabled: true })).State).toBe('Enabling');
    expect((await get(UUID)).State).toBe('Enabled');
    expect(bench.polled).toEqual([`start ${QUEUE_ARN}`]);
  });

  test('is disabling until the batches under way have ended', async () => {
    const { UUID } = await create();
    const { promise, resolve } = pending();
    bench.answers.stopping = promise;
    expect((await update(UUID, { Enabled: false })).State).toBe('Disabling');
    expect((await get(UUID)).State).toBe('Disabling');
    resolve();
    await expect.poll(async () => (await get(UUID)).State).toBe('Disabled');
    expect(bench.polled).toEqual([`start ${QUEUE_ARN}`, 'stop']);
  });

  test('that is enabled again while it stops is polled again after that', async () => {
    const { UUID } = await create();
    const { promise, resolve } = pending();
    bench.answers.stopping = promise;
    await update(UUID, { Enabled: false });
    await update(UUID, { Enabled: true });
    expect(bench.polled).toEqual([`start ${QUEUE_ARN}`, 'stop']);
    resolve();
    await expect.poll(() => bench.polled.at(-1)).toBe(`start ${QUEUE_ARN}`);
    expect((await get(UUID)).State).toBe('Enabled');
  });

  test('that is changed keeps what is not given', async () => {
    const { UUID } = await create({ BatchSize: 3, FunctionResponseTypes: ['ReportBatchItemFailures'] });
    const updated = await update(UUID, { MaximumBatchingWindowInSeconds: 1 });
    expect(updated).toMatchObject({ State: 'Updating', BatchSize: 3, MaximumBatchingWindowInSeconds: 1 });
    expect(await update(UUID, { FunctionResponseTypes: [] })).toMatchObject({ FunctionResponseTypes: [] });
    expect(bench.polled).toEqual([`start ${QUEUE_ARN}`, `update ${QUEUE_ARN}`, `update ${QUEUE_ARN}`]);
    expect((await get(UUID)).State).toBe('Enabled');
  });

  test('that is deleted is there, and in use, until the batches under way have ended', async () => {
    const { UUID } = await create();
    const { promise, resolve } = pending();
    bench.answers.stopping = promise;
    expect(await remove(UUID)).toMatchObject({ UUID, State: 'Deleting', $metadata: { httpStatusCode: 202 } });
    expect((await get(UUID)).State).toBe('Deleting');
    await expect(remove(UUID)).rejects.toMatchObject({
      name: 'ResourceInUseException',
      message: 'Cannot delete the event source mapping because it is in use.',
    });
    await expect(update(UUID, { BatchSize: 1 })).rejects.toMatchObject({ name: 'ResourceInUseException' });
    resolve();
    await expect.poll(() => get(UUID).catch((error: Error) => error.name)).toBe('ResourceNotFoundException');
    expect(bench.polled).toEqual([`start ${QUEUE_ARN}`, 'forget']);
  });

  test('stays when its function goes', async () => {
    const { UUID } = await create();
    await bench.client.send(new DeleteFunctionCommand({ FunctionName: 'worker' }));
    expect((await get(UUID)).State).toBe('Enabled');
  });

  test('that is there already is a conflict, which says which one it is', async () => {
    const { UUID } = await create();
    await expect(create()).rejects.toMatchObject({
      name: 'ResourceConflictException',
      message: `An event source mapping with SQS arn (" ${QUEUE_ARN} ") and function (" worker ") already exists. Please update or delete the existing mapping with UUID ${UUID}`,
      Type: 'User',
      $metadata: { httpStatusCode: 409 },
    });
  });

  test('is made once, also by two who ask at the same time', async () => {
    const made = await Promise.allSettled([create(), create()]);
    expect(made.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(bench.polled).toEqual([`start ${QUEUE_ARN}`]);
  });

  test('needs a queue that hides its messages as long as the function may run', async () => {
    const slow = { ...WORKER, FunctionName: 'slow', Timeout: 60 };
    await bench.client.send(new CreateFunctionCommand(slow));
    await expect(create({ FunctionName: 'slow' })).rejects.toMatchObject(
      invalid('Queue visibility timeout: 30 seconds is less than Function timeout: 60 seconds'),
    );
  });

  test.each<[Partial<CreateEventSourceMappingRequest>, object]>([
    [
      { BatchSize: 11 },
      invalid('Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10'),
    ],
    [
      { BatchSize: 10_001 },
      violation(
        "Value '10001' at 'batchSize' failed to satisfy constraint: Member must have value less than or equal to 10000",
      ),
    ],
    [
      { MaximumBatchingWindowInSeconds: 301 },
      violation(
        "Value '301' at 'maximumBatchingWindowInSeconds' failed to satisfy constraint: Member must have value less than or equal to 300",
      ),
    ],
    [
      { ScalingConfig: { MaximumConcurrency: 1 } },
      violation(
        "Value '1' at 'scalingConfig.maximumConcurrency' failed to satisfy constraint: Member must have value greater than or equal to 2",
      ),
    ],
    [
      { EventSourceArn: `${QUEUE_ARN}.fifo`, MaximumBatchingWindowInSeconds: 1 },
      invalid('Batching window is not supported for FIFO queues'),
    ],
    [{ EventSourceArn: `${QUEUE_ARN}.fifo`, BatchSize: 11 }, invalid('Maximum batch size for FIFO queues is 10.')],
    [{ StartingPosition: 'LATEST' }, invalid('StartingPosition is not valid for SQS event sources.')],
    [
      { DestinationConfig: { OnFailure: { Destination: QUEUE_ARN } } },
      invalid('Unsupported DestinationConfig parameter for given event source mapping type.'),
    ],
    [{ FilterCriteria: { Filters: [{ Pattern: 'null' }] } }, invalid('Invalid filter pattern definition.')],
    [{ EventSourceArn: undefined }, invalid('Unrecognized event source.')],
    [{ FunctionName: 'nobody' }, invalid('Function does not exist')],
    [
      { EventSourceArn: `arn:aws:sqs:us-east-1:${ACCOUNT}:nothing` },
      invalid(
        'Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. SQS Error Message: The specified queue does not exist.',
      ),
    ],
    [
      { EventSourceArn: `arn:aws:dynamodb:us-east-1:${ACCOUNT}:table/t/stream/s` },
      unsupported('event source mappings of dynamodb (EventSourceArn)'),
    ],
    [{ ProvisionedPollerConfig: { MinimumPollers: 2 } }, unsupported('provisioned pollers (ProvisionedPollerConfig)')],
  ])('is refused for %j', async (input, error) => {
    await expect(create(input)).rejects.toMatchObject(error);
    expect(bench.polled).toEqual([]);
  });

  test('an update is checked as a creation is', async () => {
    const { UUID } = await create();
    await expect(update(UUID, { BatchSize: 11 })).rejects.toMatchObject(
      invalid('Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10'),
    );
    await expect(update(UUID, { FunctionName: 'nobody' })).rejects.toMatchObject(invalid('Function does not exist'));
    expect(bench.polled).toEqual([`start ${QUEUE_ARN}`]);
  });
});

describe('a mapping of a stream', () => {
  test('shows AWS’s defaults', async () => {
    const { $metadata: _, ...created } = await createStream();
    expect(created).toEqual({
      UUID: expect.any(String),
      EventSourceMappingArn: expect.any(String),
      EventSourceArn: STREAM_ARN,
      FunctionArn: WORKER_ARN,
      BatchSize: 100,
      MaximumBatchingWindowInSeconds: 0,
      ParallelizationFactor: 1,
      StartingPosition: 'TRIM_HORIZON',
      MaximumRetryAttempts: -1,
      MaximumRecordAgeInSeconds: -1,
      BisectBatchOnFunctionError: false,
      TumblingWindowInSeconds: 0,
      DestinationConfig: { OnFailure: {} },
      FunctionResponseTypes: [],
      LastModified: expect.any(Date),
      LastProcessingResult: 'OK',
      State: 'Creating',
      StateTransitionReason: 'User action',
    });
  });

  test('keeps what it is given, and changes what it is told to', async () => {
    const given = {
      StartingPosition: 'AT_TIMESTAMP' as const,
      StartingPositionTimestamp: new Date('2022-01-27T05:48:25Z'),
      BatchSize: 500,
      ParallelizationFactor: 2,
      MaximumRetryAttempts: 3,
      MaximumRecordAgeInSeconds: 3600,
      BisectBatchOnFunctionError: true,
      DestinationConfig: { OnFailure: { Destination: QUEUE_ARN } },
    };
    const { UUID } = await createStream(given);
    expect(await get(UUID)).toMatchObject(given);
    const changed = { MaximumRecordAgeInSeconds: -1, DestinationConfig: { OnFailure: {} } };
    expect(await update(UUID, changed)).toMatchObject({ ...given, ...changed });
  });

  test('that is there already is a conflict in other words', async () => {
    const { UUID } = await createStream();
    await expect(createStream()).rejects.toMatchObject({
      name: 'ResourceConflictException',
      message: `The event source arn (" ${STREAM_ARN} ") and function (" worker ") provided mapping already exists. Please update or delete the existing mapping with UUID ${UUID}`,
    });
  });

  test.each<[Partial<CreateEventSourceMappingRequest>, object]>([
    [
      { StartingPosition: undefined },
      invalid(
        "1 validation error detected: Value null at 'startingPosition' failed to satisfy constraint: Member must not be null.",
      ),
    ],
    [
      { StartingPosition: 'invalid' as never },
      violation(
        "Value 'invalid' at 'startingPosition' failed to satisfy constraint: Member must satisfy enum value set: [LATEST, AT_TIMESTAMP, TRIM_HORIZON]",
      ),
    ],
    [
      { StartingPosition: 'AT_TIMESTAMP' },
      invalid('StartingPositionTimestamp is required if StartingPosition is AT_TIMESTAMP.'),
    ],
    [{ MaximumRecordAgeInSeconds: 59 }, invalid('MaximumRecordAgeInSeconds must be -1 or at least 60.')],
    [
      { DestinationConfig: { OnSuccess: { Destination: QUEUE_ARN } } },
      invalid('Unsupported DestinationConfig parameter for given event source mapping type.'),
    ],
    [
      { DestinationConfig: { OnFailure: { Destination: 'arn:aws:s3:::bucket' } } },
      unsupported('the destination arn:aws:s3:::bucket (DestinationConfig)'),
    ],
    [{ TumblingWindowInSeconds: 30 }, unsupported('tumbling windows (TumblingWindowInSeconds)')],
    [
      { EventSourceArn: `arn:aws:kinesis:us-east-1:${ACCOUNT}:stream/nothing` },
      invalid(`Stream not found: arn:aws:kinesis:us-east-1:${ACCOUNT}:stream/nothing`),
    ],
  ])('is refused for %j', async (input, error) => {
    await expect(createStream(input)).rejects.toMatchObject(error);
  });
});

test('mappings are listed in pages, by source and by function', async () => {
  const queue = await create();
  const stream = await createStream();
  const list = async (input: object) => {
    const { EventSourceMappings, NextMarker } = await bench.client.send(new ListEventSourceMappingsCommand(input));
    return { uuids: EventSourceMappings?.map(({ UUID }) => UUID), NextMarker };
  };
  expect((await list({ EventSourceArn: STREAM_ARN })).uuids).toEqual([stream.UUID]);
  expect((await list({ FunctionName: 'nobody' })).uuids).toEqual([]);
  const first = await list({ FunctionName: WORKER_ARN, MaxItems: 1 });
  expect(first.uuids).toEqual([queue.UUID]);
  expect((await list({ MaxItems: 1, Marker: first.NextMarker })).uuids).toEqual([stream.UUID]);
});

test('a mapping that is not there is not found', async () => {
  await expect(get('8a4bbd38-0000-4000-8000-000000000000')).rejects.toMatchObject(GONE);
  await expect(update('none', { BatchSize: 1 })).rejects.toMatchObject(GONE);
  await expect(remove('none')).rejects.toMatchObject(GONE);
});

test('a reset forgets mappings, functions and code, and their environments end', async () => {
  const { UUID } = await create();
  await bench.emulator.reset?.();
  await expect(get(UUID)).rejects.toMatchObject(GONE);
  expect(bench.polled).toEqual([`start ${QUEUE_ARN}`, 'clear']);
  expect(bench.retired).toEqual(['all']);
  await bench.client.send(new CreateFunctionCommand(WORKER));
});
