import {
  DescribeStreamSummaryCommand,
  EnableEnhancedMonitoringCommand,
  PutRecordCommand,
  type PutRecordCommandInput,
  PutRecordsCommand,
  SplitShardCommand,
  StartStreamEncryptionCommand,
  StopStreamEncryptionCommand,
  UpdateMaxRecordSizeCommand,
} from '@aws-sdk/client-kinesis';
import { describe, expect, test } from 'vitest';
import { formatSequenceNumber, parseSequenceNumber, type SequenceNumber } from './engine/sequence-number.ts';
import { arnOf, kinesisBench, NOON, outcomes, refusal, SHARD } from './testing.ts';

const MIB = 1024 * 1024;
const SECOND_SHARD = 'shardId-000000000001';
const rateExceeded = (shard = SHARD) => `Rate exceeded for shard ${shard} in stream brook under account 000000000000.`;

async function brook(throttling: 'on' | 'off' = 'off', ShardCount = 1) {
  const bench = await kinesisBench({ throttling });
  await bench.make('brook', { ShardCount });
  const put = (input: Partial<PutRecordCommandInput>) =>
    bench.client.send(
      new PutRecordCommand({ StreamName: 'brook', Data: Buffer.from('x'), PartitionKey: 'key', ...input }),
    );
  const putAll = (Records: { Data: Uint8Array; PartitionKey: string; ExplicitHashKey?: string }[]) =>
    bench.client.send(new PutRecordsCommand({ StreamName: 'brook', Records }));
  return { ...bench, put, putAll };
}

const record = (data: string | Uint8Array, PartitionKey = 'key') => ({ Data: Buffer.from(data), PartitionKey });

describe('PutRecord', () => {
  test('answers with a number that says shard and time', async () => {
    const { put, clock } = await brook();
    await clock.advance(2500);
    const { $metadata: _, ...answer } = await put({});
    expect(answer).toEqual({ ShardId: SHARD, SequenceNumber: expect.stringMatching(/^\d{56}$/) });
    expect(parseSequenceNumber(answer.SequenceNumber ?? '')).toEqual({
      shardCreated: NOON / 1000,
      shardIndex: 0,
      counter: 1n,
      put: NOON / 1000 + 2,
    });
  });

  test('goes where the partition key or the explicit hash key points, by the stream’s ARN as well', async () => {
    const { put } = await brook('off', 2);
    const shardOf = async (input: Partial<PutRecordCommandInput>) => (await put(input)).ShardId;
    expect(await shardOf({ PartitionKey: 'test' })).toBe(SHARD);
    expect(await shardOf({ PartitionKey: 'user-1' })).toBe(SECOND_SHARD);
    expect(await shardOf({ PartitionKey: 'user-1', ExplicitHashKey: '0' })).toBe(SHARD);
    expect(await shardOf({ ExplicitHashKey: '170141183460469231731687303715884105727' })).toBe(SHARD);
    expect(await shardOf({ ExplicitHashKey: '170141183460469231731687303715884105728' })).toBe(SECOND_SHARD);
    expect(await shardOf({ ExplicitHashKey: '340282366920938463463374607431768211455' })).toBe(SECOND_SHARD);
    const named = { StreamName: undefined, StreamARN: arnOf('brook'), PartitionKey: 'test' };
    expect(await shardOf(named)).toBe(SHARD);
  });

  test('refuses what the model does not allow, in AWS’s words', async () => {
    const { put } = await brook();
    expect(await refusal(put({ PartitionKey: '' }))).toBe(
      "ValidationException: 1 validation error detected: Value '' at 'partitionKey' failed to satisfy constraint: Member must have length greater than or equal to 1",
    );
    expect(
      await refusal(put({ PartitionKey: 'k'.repeat(257), Data: Buffer.alloc(MIB + 1), ExplicitHashKey: '01' })),
    ).toBe(
      `ValidationException: 3 validation errors detected: Value '${'k'.repeat(257)}' at 'partitionKey' failed to satisfy constraint: Member must have length less than or equal to 256; ` +
        "Value '01' at 'explicitHashKey' failed to satisfy constraint: Member must satisfy regular expression pattern: 0|([1-9]\\d{0,38}); " +
        "Value at 'data' failed to satisfy constraint: Member must have length less than or equal to 1048576",
    );
    expect(await refusal(put({ StreamName: 'no such', Data: undefined }))).toBe(
      "ValidationException: 2 validation errors detected: Value 'no such' at 'streamName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+; " +
        "Value null at 'data' failed to satisfy constraint: Member must not be null",
    );
    expect(await refusal(put({ StreamName: 'gone' }))).toBe(
      'ResourceNotFoundException: Stream gone under account 000000000000 not found.',
    );
    expect(await refusal(put({ ExplicitHashKey: '340282366920938463463374607431768211456' }))).toBe(
      'InvalidArgumentException: Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified value was 340282366920938463463374607431768211456',
    );
  });

  test('takes the number of an earlier record for ordering, and nothing else', async () => {
    const { put } = await brook();
    const { SequenceNumber: first = '' } = await put({});
    const { SequenceNumber: second = '' } = await put({ SequenceNumberForOrdering: first });
    expect(BigInt(second)).toBeGreaterThan(BigInt(first));
    expect(await refusal(put({ SequenceNumberForOrdering: '7' }))).toBe(
      'InvalidArgumentException: ExclusiveMinimumSequenceNumber 7 used in PutRecord on stream brook under account 000000000000 is invalid.',
    );
  });

  test('takes its own last number for ordering, also of a child and after the clock was set back', async () => {
    const { put, client, clock } = await brook();
    const NewStartingHashKey = '170141183460469231731687303715884105728';
    await client.send(new SplitShardCommand({ StreamName: 'brook', ShardToSplit: SHARD, NewStartingHashKey }));
    await clock.advance(1);
    const { SequenceNumber: first = '' } = await put({});
    const { SequenceNumber: second = '' } = await put({ SequenceNumberForOrdering: first });
    expect(BigInt(second)).toBeGreaterThan(BigInt(first));
    await clock.travelTo(NOON - 3_600_000);
    const { SequenceNumber: third = '' } = await put({ SequenceNumberForOrdering: second });
    const { counter, ...rest } = parseSequenceNumber(third) as SequenceNumber;
    const unborn = formatSequenceNumber({ ...rest, counter: counter + 1n });
    expect(await refusal(put({ SequenceNumberForOrdering: unborn }))).toMatch('is invalid.');
  });

  test('takes larger records once the stream is told so', async () => {
    const { put, client } = await brook();
    await client.send(new UpdateMaxRecordSizeCommand({ StreamARN: arnOf('brook'), MaxRecordSizeInKiB: 2048 }));
    const Data = Buffer.alloc(2 * MIB);
    expect(await refusal(put({ Data }))).toMatch('less than or equal to 1048576');
    await client.send(new DescribeStreamSummaryCommand({ StreamName: 'brook' }));
    expect((await put({ Data })).ShardId).toBe(SHARD);
    expect(await refusal(put({ Data: Buffer.alloc(2 * MIB + 1) }))).toMatch('less than or equal to 2097152');
  });

  test('says of encryption only where there is some', async () => {
    const { put, putAll, client, readAll } = await brook();
    const input = { StreamName: 'brook', EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' } as const;
    await client.send(new StartStreamEncryptionCommand(input));
    const before = await client.send(new DescribeStreamSummaryCommand({ StreamName: 'brook' }));
    expect(before.StreamDescriptionSummary).toMatchObject({ StreamStatus: 'UPDATING', EncryptionType: 'NONE' });
    expect(await put({})).toMatchObject({ EncryptionType: 'KMS' });
    expect(await putAll([record('a')])).toMatchObject({ EncryptionType: 'KMS', FailedRecordCount: 0 });
    await client.send(new StopStreamEncryptionCommand(input));
    await client.send(new DescribeStreamSummaryCommand({ StreamName: 'brook' }));
    expect(await put({})).not.toHaveProperty('EncryptionType');
    expect(await readAll('brook')).toHaveLength(3);
  });
});

describe('PutRecords', () => {
  test('answers record by record, in the order of the request', async () => {
    const { putAll } = await brook('off', 2);
    const answer = await putAll([record('a', 'user-1'), record('b', 'test'), record('c', 'user-1')]);
    expect(answer.FailedRecordCount).toBe(0);
    expect(outcomes(answer)).toEqual([SECOND_SHARD, SHARD, SECOND_SHARD]);
  });

  test('takes 1 to 500 records and at most 10 MiB', async () => {
    const { putAll } = await brook();
    const none = 'Member must have length greater than or equal to 1';
    const many = 'Member must have length less than or equal to 500';
    const at = "ValidationException: 1 validation error detected: Value at 'records' failed to satisfy constraint:";
    expect(await refusal(putAll([]))).toBe(`${at} ${none}`);
    expect(await refusal(putAll(Array.from({ length: 501 }, () => record('x'))))).toBe(`${at} ${many}`);
    expect(await refusal(putAll([record('x'), record(Buffer.alloc(MIB + 1))]))).toBe(
      "ValidationException: 1 validation error detected: Value at 'records.2.member.data' failed to satisfy constraint: Member must have length less than or equal to 1048576",
    );
    const tenMiB = Array.from({ length: 10 }, () => record(Buffer.alloc(MIB)));
    expect(await refusal(putAll(tenMiB))).toBe('InvalidArgumentException: Records size exceeds 10 MB limit');
  });

  test('puts none where one has a hash key that there is not', async () => {
    const { putAll, readAll } = await brook();
    const wrong = { ...record('b'), ExplicitHashKey: '340282366920938463463374607431768211456' };
    expect(await refusal(putAll([record('a'), wrong]))).toMatch('Invalid ExplicitHashKey.');
    expect(await readAll('brook')).toEqual([]);
  });
});

describe('the limits of a shard', () => {
  test('1,000 records a second: the next fails alone, and is welcome a second later', async () => {
    const { putAll, put, clock } = await brook('on');
    const records = (count: number) => Array.from({ length: count }, () => record('x'));
    await putAll(records(500));
    await putAll(records(499));
    const answer = await putAll(records(3));
    expect(answer.FailedRecordCount).toBe(2);
    expect(answer.Records?.slice(1)).toEqual([
      { ErrorCode: 'ProvisionedThroughputExceededException', ErrorMessage: rateExceeded() },
      { ErrorCode: 'ProvisionedThroughputExceededException', ErrorMessage: rateExceeded() },
    ]);
    expect(await refusal(put({}))).toBe(`ProvisionedThroughputExceededException: ${rateExceeded()}`);
    await clock.advance(1);
    expect(outcomes(await putAll(records(2)))).toEqual([SHARD, 'ProvisionedThroughputExceededException']);
    await clock.advance(1000);
    expect((await putAll(records(500))).FailedRecordCount).toBe(0);
  });

  test('1 MiB a second, with partition keys; another shard has its own', async () => {
    const { put, clock } = await brook('on', 2);
    await put({ Data: Buffer.alloc(MIB - 4), PartitionKey: 'test' });
    expect(await refusal(put({ PartitionKey: 'test' }))).toMatch('Rate exceeded for shard');
    expect((await put({ PartitionKey: 'user-1' })).ShardId).toBe(SECOND_SHARD);
    await clock.advance(500);
    expect(await refusal(put({ Data: Buffer.alloc(MIB), PartitionKey: 'test' }))).toMatch('Rate exceeded for shard');
    expect((await put({ Data: Buffer.alloc(MIB / 2 - 4), PartitionKey: 'test' })).ShardId).toBe(SHARD);
  });

  test('are lifted by throttling=off', async () => {
    const { putAll } = await brook('off');
    const records = Array.from({ length: 500 }, () => record('x'));
    const answers = await Promise.all([putAll(records), putAll(records), putAll(records)]);
    expect(answers.map(({ FailedRecordCount }) => FailedRecordCount)).toEqual([0, 0, 0]);
  });
});

describe('what is written of puts', () => {
  test('accepted by shard, refused by error', async () => {
    const { putAll, entries, put } = await brook('on', 2);
    await putAll([record('a', 'user-1'), record('b', 'test'), record(Buffer.alloc(MIB), 'test')]);
    await refusal(put({ StreamName: 'gone' }));
    expect(entries().map(({ n: _n, t: _t, ...entry }) => entry)).toEqual([
      {
        where: 'kinesis/brook',
        what: 'accepted',
        ids: [expect.stringMatching(/^record\/brook\/\d{56}$/)],
        detail: { operation: 'PutRecords', shardId: SECOND_SHARD },
      },
      {
        where: 'kinesis/brook',
        what: 'accepted',
        ids: [expect.stringMatching(/^record\/brook\/\d{56}$/)],
        detail: { operation: 'PutRecords', shardId: SHARD },
      },
      {
        where: 'kinesis/brook',
        what: 'refused',
        detail: {
          operation: 'PutRecords',
          error: 'ProvisionedThroughputExceededException',
          message: rateExceeded(),
          records: 1,
          status: 200,
        },
      },
      {
        where: 'kinesis/gone',
        what: 'refused',
        detail: {
          operation: 'PutRecord',
          error: 'ResourceNotFoundException',
          message: 'Stream gone under account 000000000000 not found.',
          records: 1,
          status: 400,
        },
      },
    ]);
  });

  test('is counted once, by shard where that was asked for', async () => {
    const { put, putAll, client, counted } = await brook('on', 2);
    await client.send(
      new EnableEnhancedMonitoringCommand({
        StreamName: 'brook',
        ShardLevelMetrics: ['IncomingRecords', 'WriteProvisionedThroughputExceeded'],
      }),
    );
    await putAll([record('aaa', 'user-1'), record('b', 'test'), record(Buffer.alloc(MIB), 'test')]);
    expect(Object.fromEntries(counted)).toEqual({
      IncomingRecords: 2,
      IncomingBytes: 4,
      WriteProvisionedThroughputExceeded: 1,
      'PutRecords.Success': 1,
      'PutRecords.Bytes': 4,
      'PutRecords.Records': 2,
      'PutRecords.TotalRecords': 3,
      'PutRecords.SuccessfulRecords': 2,
      'PutRecords.FailedRecords': 0,
      'PutRecords.ThrottledRecords': 1,
      [`IncomingRecords ${SHARD}`]: 1,
      [`IncomingRecords ${SECOND_SHARD}`]: 1,
      [`WriteProvisionedThroughputExceeded ${SHARD}`]: 1,
    });
    await refusal(put({ Data: Buffer.alloc(MIB - 4), PartitionKey: 'test' }));
    expect(counted.get(`WriteProvisionedThroughputExceeded ${SHARD}`)).toBe(2);
    expect(counted.get('WriteProvisionedThroughputExceeded')).toBe(2);
  });
});
