import { readdir } from 'node:fs/promises';
import {
  DecreaseStreamRetentionPeriodCommand,
  GetRecordsCommand,
  type GetRecordsCommandInput,
  IncreaseStreamRetentionPeriodCommand,
  SplitShardCommand,
} from '@aws-sdk/client-kinesis';
import { describe, expect, test } from 'vitest';
import { checkConservation } from '../../ledger/index.ts';
import { HOUR, kinesisBench, NOON, refusal, SECOND, SHARD } from './testing.ts';

const MIB = 1024 * 1024;
const HALF = '170141183460469231731687303715884105728';

async function brook(throttling: 'on' | 'off' = 'off') {
  const bench = await kinesisBench({ throttling });
  await bench.make('brook');
  const get = (ShardIterator: string, input: Partial<GetRecordsCommandInput> = {}) =>
    bench.client.send(new GetRecordsCommand({ ShardIterator, ...input }));
  return { ...bench, get };
}

const dataOf = (records: readonly { readonly data: string }[]) => records.map(({ data }) => data).join(' ');

describe('an iterator', () => {
  test('of each type begins where its name says', async () => {
    const { put, readAll, clock } = await brook();
    await put('brook', 'a');
    await clock.advance(1000);
    const second = await put('brook', 'b');
    await clock.advance(1000);
    await put('brook', 'c');
    expect(dataOf(await readAll('brook', { ShardIteratorType: 'TRIM_HORIZON' }))).toBe('a b c');
    expect(dataOf(await readAll('brook', { ShardIteratorType: 'LATEST' }))).toBe('');
    const at = { StartingSequenceNumber: second };
    expect(dataOf(await readAll('brook', { ShardIteratorType: 'AT_SEQUENCE_NUMBER', ...at }))).toBe('b c');
    expect(dataOf(await readAll('brook', { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', ...at }))).toBe('c');
    const since = (ms: number) => ({ ShardIteratorType: 'AT_TIMESTAMP', Timestamp: new Date(NOON + ms) }) as const;
    expect(dataOf(await readAll('brook', since(-1)))).toBe('a b c');
    expect(dataOf(await readAll('brook', since(1)))).toBe('b c');
    expect(dataOf(await readAll('brook', since(2000)))).toBe('c');
    await clock.advance(1000);
    expect(dataOf(await readAll('brook', since(2001)))).toBe('');
  });

  test('of type LATEST gives what is put after it was asked for', async () => {
    const { put, iterator, get } = await brook();
    await put('brook', 'before');
    const latest = await iterator('brook', { ShardIteratorType: 'LATEST' });
    await put('brook', 'after');
    const { Records = [] } = await get(latest);
    expect(Records.map(({ Data }) => Buffer.from(Data ?? []).toString())).toEqual(['after']);
  });

  test('of numbers and times that cannot be is refused in AWS’s words', async () => {
    const { put, iterator, make } = await brook();
    const number = await put('brook', 'a');
    await make('other', { ShardCount: 2 });
    const at = (StartingSequenceNumber: string | undefined, name = 'brook', ShardId = SHARD) =>
      refusal(iterator(name, { ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber, ShardId }));
    expect(await at('5')).toBe(
      'InvalidArgumentException: StartingSequenceNumber 5 used in GetShardIterator on shard shardId-000000000000 in stream brook under account 000000000000 is invalid.',
    );
    expect(await at(number, 'other', 'shardId-000000000001')).toBe(
      'InvalidArgumentException: Invalid StartingSequenceNumber. It encodes shardId-000000000000, while it was used in a call to a shard with shardId-000000000001',
    );
    const foreign = '49626135972400940184133817869815238878718600013148061698';
    expect(await at(foreign)).toBe(
      `InvalidArgumentException: StartingSequenceNumber ${foreign} used in GetShardIterator on shard shardId-000000000000 in stream brook under account 000000000000 is invalid because it did not come from this stream.`,
    );
    expect(await at(undefined)).toBe(
      'InvalidArgumentException: Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and StartingSequenceNumber or (2) TRIM_HORIZON or LATEST and no StartingSequenceNumber. Request specified AT_SEQUENCE_NUMBER and no StartingSequenceNumber.',
    );
    expect(await refusal(iterator('brook', { StartingSequenceNumber: number }))).toMatch(
      'Request specified TRIM_HORIZON and also a StartingSequenceNumber.',
    );
    expect(await refusal(iterator('brook', { ShardIteratorType: 'AT_TIMESTAMP' }))).toBe(
      'InvalidArgumentException: Must specify timestampInMillis parameter for iterator of type AT_TIMESTAMP. Current request has no timestamp parameter.',
    );
    const future = { ShardIteratorType: 'AT_TIMESTAMP', Timestamp: new Date(NOON + 1000) } as const;
    expect(await refusal(iterator('brook', future))).toBe(
      `InvalidArgumentException: The timestampInMillis parameter cannot be greater than the currentTimestampInMillis. timestampInMillis: ${NOON + 1000}, currentTimestampInMillis: ${NOON}`,
    );
    expect(await refusal(iterator('brook', { ShardId: 'shardId-000000000001' }))).toBe(
      'ResourceNotFoundException: Shard shardId-000000000001 in stream brook under account 000000000000 does not exist',
    );
    expect(await refusal(iterator('brook', { ShardId: 'mine' }))).toBe(
      'ResourceNotFoundException: Could not find shard mine in stream brook under account 000000000000.',
    );
  });

  test('lives five minutes of the clock', async () => {
    const { iterator, get, clock } = await brook();
    const made = await iterator('brook');
    await clock.advance(300 * SECOND);
    expect((await get(made)).Records).toEqual([]);
    await clock.advance(1);
    expect(await refusal(get(made))).toBe(
      'ExpiredIteratorException: Iterator expired. The iterator was created at time Thu Jan 27 12:00:00 UTC 2022 while right now it is Thu Jan 27 12:05:00 UTC 2022 which is further in the future than the tolerated delay of 300000 milliseconds.',
    );
  });

  test('cannot be made up or changed', async () => {
    const { iterator, get } = await brook();
    const made = await iterator('brook');
    expect(made).toMatch(/^AAAAAAAAAA[E-H]/);
    const changed = Buffer.from(made, 'base64');
    changed[30] = (changed[30] ?? 0) ^ 1;
    for (const wrong of ['x', 'AAAAAAAAAAE=', changed.toString('base64')]) {
      expect(await refusal(get(wrong))).toBe('InvalidArgumentException: Invalid ShardIterator.');
    }
    const { iterator: elsewhere } = await brook();
    expect(await refusal(get(await elsewhere('brook')))).toBe('InvalidArgumentException: Invalid ShardIterator.');
  });
});

describe('GetRecords', () => {
  test('gives each record as it was put, with its arrival by the clock', async () => {
    const { put, iterator, get, clock } = await brook();
    await clock.advance(1234);
    const SequenceNumber = await put('brook', '{"물":1}', '열쇠');
    const { Records, MillisBehindLatest } = await get(await iterator('brook'));
    expect(Records).toEqual([
      {
        SequenceNumber,
        PartitionKey: '열쇠',
        Data: new Uint8Array(Buffer.from('{"물":1}')),
        ApproximateArrivalTimestamp: new Date(NOON + 1234),
      },
    ]);
    expect(MillisBehindLatest).toBe(0);
  });

  test('goes on where it stopped, and says how far behind it is', async () => {
    const { put, iterator, get, clock } = await brook();
    for (const data of ['a', 'b', 'c']) {
      await put('brook', data);
      await clock.advance(1000);
    }
    const first = await get(await iterator('brook'), { Limit: 2 });
    expect(first.Records).toHaveLength(2);
    expect(first.MillisBehindLatest).toBe(2000);
    const rest = await get(first.NextShardIterator ?? '', { Limit: 2 });
    expect(rest.Records).toHaveLength(1);
    expect(rest.MillisBehindLatest).toBe(0);
    expect((await get(rest.NextShardIterator ?? '')).Records).toEqual([]);
  });

  test('gives 10,000 records at most, read back from the disk', async () => {
    const { putMany, readAll, iterator, get, dataDir } = await brook();
    const records = Array.from({ length: 10_001 }, (_, n) => ({ data: `${n} ${'x'.repeat(100)}`, key: `k${n}` }));
    await putMany('brook', records);
    expect((await get(await iterator('brook'))).Records).toHaveLength(10_000);
    expect((await readAll('brook')).map(({ data, key }) => ({ data, key }))).toEqual(records);
    expect(await readdir(dataDir)).toHaveLength(1);
  });

  test('gives 10 MiB at most', async () => {
    const { client: _, iterator, get, putMany } = await brook();
    await putMany(
      'brook',
      Array.from({ length: 3 }, () => ({ data: 'x'.repeat(MIB - 1), key: 'k' })),
    );
    await putMany(
      'brook',
      Array.from({ length: 9 }, () => ({ data: 'x'.repeat(MIB - 1), key: 'k' })),
    );
    const { Records, MillisBehindLatest } = await get(await iterator('brook'));
    expect(Records).toHaveLength(10);
    expect(MillisBehindLatest).toBeGreaterThan(0);
  });

  test('refuses limits and iterators that the model does not allow', async () => {
    const { iterator, get } = await brook();
    const made = await iterator('brook');
    expect(await refusal(get(made, { Limit: 10_001 }))).toBe(
      "ValidationException: 1 validation error detected: Value '10001' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 10000",
    );
    expect(await refusal(get(made, { Limit: 0 }))).toMatch('Member must have value greater than or equal to 1');
  });

  test('may be called five times a second for a shard', async () => {
    const { iterator, get, clock, counted } = await brook('on');
    const made = await iterator('brook');
    for (let call = 0; call < 5; call++) await get(made);
    expect(await refusal(get(made))).toBe(
      'ProvisionedThroughputExceededException: Rate exceeded for shard shardId-000000000000 in stream brook under account 000000000000.',
    );
    expect(counted.get('ReadProvisionedThroughputExceeded')).toBe(1);
    await clock.advance(200);
    expect((await get(made)).Records).toEqual([]);
  });

  test('that gave 10 MiB is the last for five seconds', async () => {
    const { iterator, get, clock, putMany } = await brook('on');
    for (let second = 0; second < 10; second++) {
      await putMany('brook', [{ data: 'x'.repeat(MIB - 1), key: 'k' }]);
      await clock.advance(1000);
    }
    const { Records, NextShardIterator: next = '' } = await get(await iterator('brook'));
    expect(Records).toHaveLength(10);
    await clock.advance(4999);
    expect(await refusal(get(next))).toMatch('Rate exceeded for shard');
    await clock.advance(1);
    expect((await get(next)).Records).toEqual([]);
  });

  test('is counted', async () => {
    const { put, readAll, counted } = await brook();
    await put('brook', 'abc', 'k');
    await readAll('brook');
    expect(counted.get('GetRecords.Success')).toBe(1);
    expect(counted.get('GetRecords.Records')).toBe(1);
    expect(counted.get('GetRecords.Bytes')).toBe(4);
    expect(counted.get('GetRecords.IteratorAgeMilliseconds')).toBe(0);
  });

  test('tells the children at the end of a shard that was split, and no iterator any more', async () => {
    const { put, iterator, get, client, clock } = await brook();
    await put('brook', 'a');
    const made = await iterator('brook');
    await client.send(new SplitShardCommand({ StreamName: 'brook', ShardToSplit: SHARD, NewStartingHashKey: HALF }));
    await clock.advance(SECOND);
    const answer = await get(made);
    expect(answer.Records).toHaveLength(1);
    expect(answer.NextShardIterator).toBeUndefined();
    expect(answer.ChildShards).toEqual([
      {
        ShardId: 'shardId-000000000001',
        ParentShards: [SHARD],
        HashKeyRange: { StartingHashKey: '0', EndingHashKey: '170141183460469231731687303715884105727' },
      },
      {
        ShardId: 'shardId-000000000002',
        ParentShards: [SHARD],
        HashKeyRange: { StartingHashKey: HALF, EndingHashKey: '340282366920938463463374607431768211455' },
      },
    ]);
  });
});

describe('retention', () => {
  test('lasts 24 hours; what nobody read is lost, and said to be', async () => {
    const { put, readAll, clock, held, ledger } = await brook();
    await put('brook', 'read');
    await readAll('brook');
    const missed = await put('brook', 'missed');
    await clock.advance(HOUR);
    await put('brook', 'young');
    await clock.advance(23 * HOUR);
    expect(dataOf(await readAll('brook'))).toBe('read missed young');
    const unread = await put('brook', 'never read');
    await clock.advance(24 * HOUR);
    expect(dataOf(await readAll('brook'))).toBe('never read');
    await put('brook', 'nor this');
    await clock.advance(24 * HOUR + 1);
    held();
    const { lost, losses } = checkConservation(ledger, []);
    expect(missed).not.toBe(unread);
    expect(lost).toBe(1);
    expect(losses[0]?.reason).toBe('nobody read it from brook within its retention period (24 hours)');
  });

  test('is said to have lost what was passed over, though what came later was read', async () => {
    const { put, readAll, clock, held, ledger, get, iterator } = await brook();
    await put('brook', 'passed over');
    const latest = await iterator('brook', { ShardIteratorType: 'LATEST' });
    expect((await get(latest)).Records).toEqual([]);
    await put('brook', 'read');
    const { Records = [], NextShardIterator = '' } = await get(latest);
    expect(Records).toHaveLength(1);
    await put('brook', 'read, too');
    expect((await get(NextShardIterator)).Records).toHaveLength(1);
    expect(dataOf(await readAll('brook', { ShardIteratorType: 'LATEST' }))).toBe('');
    await clock.advance(24 * HOUR + 1);
    held();
    expect(checkConservation(ledger, []).lost).toBe(1);
  });

  test('can be made longer and shorter', async () => {
    const { client, put, readAll, clock } = await brook();
    const increase = (RetentionPeriodHours: number) =>
      client.send(new IncreaseStreamRetentionPeriodCommand({ StreamName: 'brook', RetentionPeriodHours }));
    const decrease = (RetentionPeriodHours: number) =>
      client.send(new DecreaseStreamRetentionPeriodCommand({ StreamName: 'brook', RetentionPeriodHours }));
    await put('brook', 'a');
    await increase(48);
    await clock.advance(30 * HOUR);
    expect(dataOf(await readAll('brook'))).toBe('a');
    expect(await refusal(increase(48.5))).toBe(
      'SerializationException: The member retentionPeriodHours must be a whole number.',
    );
    expect(await refusal(increase(24))).toBe(
      'InvalidArgumentException: Requested retention period (24 hours) for stream brook can not be shorter than existing retention period (48 hours). Use DecreaseRetentionPeriod API.',
    );
    expect(await refusal(decrease(49))).toBe(
      'InvalidArgumentException: Requested retention period (49 hours) for stream brook can not be longer than existing retention period (48 hours). Use IncreaseRetentionPeriod API.',
    );
    expect(await refusal(decrease(23))).toBe(
      'InvalidArgumentException: Minimum allowed retention period is 24 hours. Requested retention period (23 hours) is too short.',
    );
    expect(await refusal(increase(8761))).toBe(
      'InvalidArgumentException: Maximum allowed retention period is 8760 hours. Requested retention period (8761 hours) is too long.',
    );
    await decrease(24);
    expect(dataOf(await readAll('brook'))).toBe('');
  });
});
