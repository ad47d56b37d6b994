import {
  AddTagsToStreamCommand,
  CreateStreamCommand,
  type CreateStreamCommandInput,
  DeleteStreamCommand,
  DescribeLimitsCommand,
  DescribeStreamCommand,
  DescribeStreamSummaryCommand,
  DisableEnhancedMonitoringCommand,
  EnableEnhancedMonitoringCommand,
  ListShardsCommand,
  ListStreamsCommand,
  ListTagsForResourceCommand,
  ListTagsForStreamCommand,
  MergeShardsCommand,
  RemoveTagsFromStreamCommand,
  SplitShardCommand,
  StartStreamEncryptionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateMaxRecordSizeCommand,
  UpdateShardCountCommand,
  UpdateStreamModeCommand,
} from '@aws-sdk/client-kinesis';
import { describe, expect, test } from 'vitest';
import { TRANSITION_MS } from './limits.ts';
import { arnOf, HOUR, kinesisBench, NOON, refusal, SHARD } from './testing.ts';

const HALF = '170141183460469231731687303715884105728';

async function bench() {
  const made = await kinesisBench();
  const create = (StreamName: string, input: Partial<CreateStreamCommandInput> = { ShardCount: 1 }) =>
    made.client.send(new CreateStreamCommand({ StreamName, ...input }));
  const describeBrook = async () =>
    (await made.client.send(new DescribeStreamCommand({ StreamName: 'brook' }))).StreamDescription;
  return { ...made, create, describeBrook };
}

describe('making a stream', () => {
  test('it is CREATING for a moment of the clock, and takes nothing meanwhile', async () => {
    const { create, describeBrook, clock, put } = await bench();
    await create('brook');
    expect(await refusal(put('brook', 'x'))).toBe(
      'ResourceNotFoundException: Stream brook under account 000000000000 not found.',
    );
    await clock.advance(500);
    expect(await describeBrook()).toEqual({
      StreamName: 'brook',
      StreamARN: arnOf('brook'),
      StreamStatus: 'ACTIVE',
      StreamModeDetails: { StreamMode: 'PROVISIONED' },
      RetentionPeriodHours: 24,
      StreamCreationTimestamp: new Date(NOON),
      EncryptionType: 'NONE',
      EnhancedMonitoring: [{ ShardLevelMetrics: [] }],
      HasMoreShards: false,
      Shards: [
        {
          ShardId: SHARD,
          HashKeyRange: { StartingHashKey: '0', EndingHashKey: '340282366920938463463374607431768211455' },
          SequenceNumberRange: { StartingSequenceNumber: expect.stringMatching(/^\d{56}$/) },
        },
      ],
    });
  });

  test('where time is held it is CREATING until somebody has seen it so', async () => {
    const { create, describeBrook, put } = await bench();
    await create('brook');
    expect(await describeBrook()).toMatchObject({ StreamStatus: 'CREATING', Shards: [] });
    expect(await describeBrook()).toMatchObject({ StreamStatus: 'ACTIVE' });
    expect(await put('brook', 'x')).toMatch(/^\d{56}$/);
  });

  test('of the mode ON_DEMAND it has four shards', async () => {
    const { make, client } = await bench();
    await make('brook', { StreamModeDetails: { StreamMode: 'ON_DEMAND' } });
    const { StreamDescriptionSummary } = await client.send(new DescribeStreamSummaryCommand({ StreamName: 'brook' }));
    expect(StreamDescriptionSummary).toMatchObject({
      OpenShardCount: 4,
      ConsumerCount: 0,
      MaxRecordSizeInKiB: 1024,
      StreamModeDetails: { StreamMode: 'ON_DEMAND' },
    });
    await client.send(
      new UpdateStreamModeCommand({ StreamARN: arnOf('brook'), StreamModeDetails: { StreamMode: 'PROVISIONED' } }),
    );
    await client.send(new DescribeStreamSummaryCommand({ StreamName: 'brook' }));
    const { OpenShardCount, OnDemandStreamCount } = await client.send(new DescribeLimitsCommand({}));
    expect([OpenShardCount, OnDemandStreamCount]).toEqual([4, 0]);
  });

  test('is refused under a name that is taken, and for more shards than a region may have', async () => {
    const { create } = await bench();
    await create('brook');
    expect(await refusal(create('brook'))).toBe(
      'ResourceInUseException: Stream brook under account 000000000000 already exists.',
    );
    expect(await refusal(create('wide', { ShardCount: 1001 }))).toBe(
      'LimitExceededException: This request would exceed the shard limit for the account 000000000000 in ap-northeast-2. Current shard count for the account: 1. Limit: 1000. Number of additional shards that would have resulted from this request: 1001. Refer to the AWS Service Limits page (http://docs.aws.amazon.com/general/latest/gr/aws_service_limits.html) for current limits and how to request higher limits.',
    );
    expect(await refusal(create('a b', { ShardCount: 0 }))).toBe(
      "ValidationException: 2 validation errors detected: Value 'a b' at 'streamName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+; " +
        "Value '0' at 'shardCount' failed to satisfy constraint: Member must have value greater than or equal to 1",
    );
    expect(await refusal(create('unsaid', {}))).toMatch('ShardCount is required');
  });

  test('counts for the limit of shards from the start, not only when it is ACTIVE', async () => {
    const { create, client, clock } = await bench();
    await clock.real();
    await create('half', { ShardCount: 600 });
    expect(await refusal(create('other-half', { ShardCount: 600 }))).toMatch(
      'Current shard count for the account: 600. Limit: 1000.',
    );
    expect((await client.send(new DescribeLimitsCommand({}))).OpenShardCount).toBe(600);
  });

  test('takes whole numbers of shards, and no more tags than a stream may have', async () => {
    const { create, make, client } = await bench();
    expect(await refusal(create('brook', { ShardCount: 1.5 }))).toBe(
      'SerializationException: The member shardCount must be a whole number.',
    );
    await make('brook');
    const resize = { StreamName: 'brook', TargetShardCount: 1.5, ScalingType: 'UNIFORM_SCALING' as const };
    expect(await refusal(client.send(new UpdateShardCountCommand(resize)))).toBe(
      'SerializationException: The member targetShardCount must be a whole number.',
    );
    const Tags = Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`k${n}`, '']));
    expect(await refusal(create('tagged', { ShardCount: 1, Tags }))).toMatch('cannot have more than 50 tags');
  });

  test('of the mode ON_DEMAND there may be 50', async () => {
    const { make } = await bench();
    const onDemand = { StreamModeDetails: { StreamMode: 'ON_DEMAND' as const } };
    for (let n = 0; n < 50; n++) await make(`brook-${n}`, onDemand);
    expect(await refusal(make('one-too-many', onDemand))).toMatch(/^LimitExceededException: .*50 streams/);
    await make('provisioned');
  });
});

describe('deleting a stream', () => {
  test('takes a moment, and everything with it', async () => {
    const { make, client, describeBrook, clock, entries, put, readAll } = await bench();
    await make('brook');
    const old = await put('brook', 'old');
    await client.send(new DeleteStreamCommand({ StreamName: 'brook' }));
    expect(entries().at(-1)).toMatchObject({
      where: 'kinesis/brook',
      what: 'destroyed',
      detail: { places: ['kinesis/brook'], reason: 'The stream brook was deleted.' },
    });
    await clock.advance(500);
    expect(await refusal(describeBrook())).toBe(
      'ResourceNotFoundException: Stream brook under account 000000000000 not found.',
    );
    await make('brook');
    expect(await readAll('brook')).toEqual([]);
    expect(BigInt(await put('brook', 'new'))).toBeGreaterThan(BigInt(old));
  });

  test('and making it anew gives another creation, also where the clock stands', async () => {
    const { make, client, describeBrook } = await bench();
    await make('brook');
    const first = await describeBrook();
    await client.send(new DeleteStreamCommand({ StreamName: 'brook' }));
    expect((await describeBrook())?.StreamStatus).toBe('DELETING');
    await make('brook');
    expect((await describeBrook())?.StreamCreationTimestamp).not.toEqual(first?.StreamCreationTimestamp);
  });
});

describe('lists', () => {
  test('of streams go by name, in pages', async () => {
    const { make, client } = await bench();
    for (const name of ['c', 'a', 'b']) await make(name);
    const first = await client.send(new ListStreamsCommand({ Limit: 2 }));
    expect([first.StreamNames, first.HasMoreStreams]).toEqual([['a', 'b'], true]);
    expect(first.StreamSummaries?.[0]).toMatchObject({
      StreamName: 'a',
      StreamARN: arnOf('a'),
      StreamStatus: 'ACTIVE',
    });
    const rest = await client.send(new ListStreamsCommand({ NextToken: first.NextToken }));
    expect([rest.StreamNames, rest.HasMoreStreams, rest.NextToken]).toEqual([['c'], false, undefined]);
    const after = await client.send(new ListStreamsCommand({ ExclusiveStartStreamName: 'a' }));
    expect(after.StreamNames).toEqual(['b', 'c']);
  });

  test('of shards come in pages whose token says all there is to say, for five minutes', async () => {
    const { make, client, clock } = await bench();
    await make('brook', { ShardCount: 5 });
    const list = (input: object) => client.send(new ListShardsCommand(input));
    const first = await list({ StreamName: 'brook', MaxResults: 2 });
    const second = await list({ NextToken: first.NextToken, MaxResults: 2 });
    const third = await list({ NextToken: second.NextToken });
    expect([...(first.Shards ?? []), ...(second.Shards ?? []), ...(third.Shards ?? [])]).toHaveLength(5);
    expect(third.NextToken).toBeUndefined();
    expect(await refusal(list({}))).toBe(
      'InvalidArgumentException: Either NextToken or StreamName should be provided.',
    );
    expect(await refusal(list({ StreamName: 'brook', NextToken: first.NextToken }))).toBe(
      'InvalidArgumentException: NextToken and StreamName cannot be provided together.',
    );
    await clock.advance(300_001);
    expect(await refusal(list({ NextToken: first.NextToken }))).toMatch('ExpiredNextTokenException');
  });

  test('of shards can be of those that were open then', async () => {
    const { make, client, clock } = await bench();
    await make('brook');
    await clock.advance(HOUR);
    await client.send(new SplitShardCommand({ StreamName: 'brook', ShardToSplit: SHARD, NewStartingHashKey: HALF }));
    await clock.advance(HOUR);
    const filtered = async (ShardFilter: object) => {
      const { Shards = [] } = await client.send(
        new ListShardsCommand({ StreamName: 'brook', ShardFilter: ShardFilter as never }),
      );
      return Shards.map(({ ShardId }) => Number(ShardId?.slice(-2)));
    };
    expect(await filtered({ Type: 'AT_LATEST' })).toEqual([1, 2]);
    expect(await filtered({ Type: 'AT_TRIM_HORIZON' })).toEqual([0]);
    expect(await filtered({ Type: 'FROM_TRIM_HORIZON' })).toEqual([0, 1, 2]);
    expect(await filtered({ Type: 'AFTER_SHARD_ID', ShardId: 'shardId-000000000001' })).toEqual([2]);
    expect(await filtered({ Type: 'AT_TIMESTAMP', Timestamp: new Date(NOON + HOUR / 2) })).toEqual([0]);
    expect(await filtered({ Type: 'FROM_TIMESTAMP', Timestamp: new Date(NOON + 1.5 * HOUR) })).toEqual([1, 2]);
    const splitAt = NOON + HOUR + TRANSITION_MS;
    // The first was open still at the instant of the split, and is there as long as its last record may be.
    expect(await filtered({ Type: 'AT_TIMESTAMP', Timestamp: new Date(splitAt) })).toEqual([0, 1, 2]);
    expect(await filtered({ Type: 'FROM_TIMESTAMP', Timestamp: new Date(splitAt) })).toEqual([0, 1, 2]);
    await clock.travelTo(splitAt + 24 * HOUR);
    expect(await filtered({ Type: 'AT_TRIM_HORIZON' })).toEqual([0, 1, 2]);
    expect(await filtered({ Type: 'FROM_TRIM_HORIZON' })).toEqual([0, 1, 2]);
    await clock.advance(1);
    expect(await filtered({ Type: 'FROM_TRIM_HORIZON' })).toEqual([1, 2]);
  });
});

describe('resharding', () => {
  test('a split is UPDATING for a moment, and the parent takes what comes until then', async () => {
    const { make, client, clock, put, shards, describeBrook } = await bench();
    await make('brook');
    await client.send(new SplitShardCommand({ StreamName: 'brook', ShardToSplit: SHARD, NewStartingHashKey: HALF }));
    await put('brook', 'to the parent');
    expect(
      await refusal(
        client.send(new SplitShardCommand({ StreamName: 'brook', ShardToSplit: SHARD, NewStartingHashKey: HALF })),
      ),
    ).toBe('ResourceInUseException: Stream brook under account 000000000000 not ACTIVE, instead in state UPDATING');
    await clock.advance(500);
    expect(await describeBrook()).toMatchObject({ StreamStatus: 'ACTIVE' });
    const [parent, ...children] = await shards('brook');
    const ending = BigInt(parent?.SequenceNumberRange?.EndingSequenceNumber ?? 0);
    expect(children.map(({ ShardId, ParentShardId }) => [ShardId, ParentShardId])).toEqual([
      ['shardId-000000000001', SHARD],
      ['shardId-000000000002', SHARD],
    ]);
    for (const child of children) {
      expect(BigInt(child.SequenceNumberRange?.StartingSequenceNumber ?? 0)).toBeGreaterThan(ending);
    }
    expect(
      await refusal(
        client.send(new SplitShardCommand({ StreamName: 'brook', ShardToSplit: SHARD, NewStartingHashKey: HALF })),
      ),
    ).toMatch('has already been merged or split');
  });

  test('two neighbours can be merged, others not', async () => {
    const { make, client, clock, shards } = await bench();
    await make('brook', { ShardCount: 3 });
    const merge = (left: number, right: number) =>
      client.send(
        new MergeShardsCommand({
          StreamName: 'brook',
          ShardToMerge: `shardId-00000000000${left}`,
          AdjacentShardToMerge: `shardId-00000000000${right}`,
        }),
      );
    expect(await refusal(merge(0, 2))).toBe(
      'InvalidArgumentException: Shards shardId-000000000000 and shardId-000000000002 in stream brook under account 000000000000 are not an adjacent pair of shards eligible for merging',
    );
    expect(await refusal(merge(0, 7))).toBe(
      'ResourceNotFoundException: Could not find shard shardId-000000000007 in stream brook under account 000000000000.',
    );
    await merge(0, 1);
    await clock.advance(500);
    expect((await shards('brook')).at(-1)).toMatchObject({
      ShardId: 'shardId-000000000003',
      ParentShardId: SHARD,
      AdjacentParentShardId: 'shardId-000000000001',
    });
  });

  test('is not for streams that scale by themselves, whose mode can be changed twice a day', async () => {
    const { make, client, clock } = await bench();
    await make('brook', { StreamModeDetails: { StreamMode: 'ON_DEMAND' } });
    const split = { StreamName: 'brook', ShardToSplit: SHARD, NewStartingHashKey: '7' };
    expect(await refusal(client.send(new SplitShardCommand(split)))).toMatch(/^ValidationException: .*ON_DEMAND/);
    const merge = { StreamName: 'brook', ShardToMerge: SHARD, AdjacentShardToMerge: 'shardId-000000000001' };
    expect(await refusal(client.send(new MergeShardsCommand(merge)))).toMatch(/^ValidationException: .*ON_DEMAND/);
    const become = async (StreamMode: 'ON_DEMAND' | 'PROVISIONED') => {
      await client.send(new UpdateStreamModeCommand({ StreamARN: arnOf('brook'), StreamModeDetails: { StreamMode } }));
      await client.send(new DescribeStreamCommand({ StreamName: 'brook' }));
    };
    await become('PROVISIONED');
    await become('ON_DEMAND');
    expect(await refusal(become('PROVISIONED'))).toMatch(/^LimitExceededException: .*2 times in 24 hours/);
    await clock.advance(24 * HOUR);
    await become('PROVISIONED');
  });

  test('a split must leave hash keys on both sides', async () => {
    const { make, client } = await bench();
    await make('brook', { ShardCount: 2 });
    const split = (NewStartingHashKey: string) =>
      refusal(client.send(new SplitShardCommand({ StreamName: 'brook', ShardToSplit: SHARD, NewStartingHashKey })));
    expect(await split(HALF)).toBe(
      `InvalidArgumentException: NewStartingHashKey ${HALF} used in SplitShard() on shard shardId-000000000000 in stream brook under account 000000000000 is not both greater than one plus the shard's StartingHashKey 0 and less than the shard's EndingHashKey 170141183460469231731687303715884105727.`,
    );
    expect(await split('1')).toMatch('is not both greater than one plus');
    expect(await split('x')).toMatch('Member must satisfy regular expression pattern: 0|([1-9]\\d{0,38})');
  });

  test('UpdateShardCount goes up to twice and down to half, ten times a day', async () => {
    const { make, client, clock } = await bench();
    await make('brook', { ShardCount: 2 });
    const update = (TargetShardCount: number) =>
      client.send(
        new UpdateShardCountCommand({ StreamName: 'brook', TargetShardCount, ScalingType: 'UNIFORM_SCALING' }),
      );
    expect(await refusal(update(5))).toMatch('LimitExceededException: UpdateShardCount cannot scale up over double');
    expect(await update(3)).toMatchObject({ CurrentShardCount: 2, TargetShardCount: 3 });
    await clock.advance(500);
    expect(await refusal(update(1))).toMatch('UpdateShardCount cannot scale down below half');
    for (let n = 0; n < 9; n++) {
      await update(n % 2 === 0 ? 2 : 3);
      await clock.advance(500);
    }
    expect(await refusal(update(3))).toBe(
      'LimitExceededException: UpdateShardCount can be called 10 times in 24 hours for stream brook.',
    );
    await clock.advance(24 * HOUR);
    expect(await update(3)).toMatchObject({ CurrentShardCount: 2 });
  });
});

describe('what can be set', () => {
  test('tags, by the stream’s name and by its ARN', async () => {
    const { make, client } = await bench();
    await make('brook');
    await client.send(new AddTagsToStreamCommand({ StreamName: 'brook', Tags: { team: 'water', stage: 'test' } }));
    await client.send(new TagResourceCommand({ ResourceARN: arnOf('brook'), Tags: { more: '' } }));
    const page = await client.send(new ListTagsForStreamCommand({ StreamName: 'brook', Limit: 2 }));
    expect(page).toMatchObject({ HasMoreTags: true, Tags: [{ Key: 'more' }, { Key: 'stage' }] });
    await client.send(new RemoveTagsFromStreamCommand({ StreamName: 'brook', TagKeys: ['stage'] }));
    await client.send(new UntagResourceCommand({ ResourceARN: arnOf('brook'), TagKeys: ['more'] }));
    const { Tags } = await client.send(new ListTagsForResourceCommand({ ResourceARN: arnOf('brook') }));
    expect(Tags).toEqual([{ Key: 'team', Value: 'water' }]);
    const add = (Tags: Record<string, string>) =>
      refusal(client.send(new AddTagsToStreamCommand({ StreamName: 'brook', Tags })));
    expect(await add({ 'a;b': 'c' })).toBe(
      'InvalidArgumentException: Some tags contain invalid characters. Valid characters: Unicode letters, digits, white space, _ . / = + - % @.',
    );
    expect(await add(Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`k${n}`, ''])))).toMatch(
      'because a given stream cannot have more than 50 tags associated with it.',
    );
  });

  test('metrics of shards', async () => {
    const { make, client } = await bench();
    await make('brook');
    const enabled = await client.send(
      new EnableEnhancedMonitoringCommand({ StreamName: 'brook', ShardLevelMetrics: ['ALL'] }),
    );
    expect(enabled).toMatchObject({ StreamName: 'brook', CurrentShardLevelMetrics: [] });
    expect(enabled.DesiredShardLevelMetrics).toHaveLength(7);
    const disabled = await client.send(
      new DisableEnhancedMonitoringCommand({
        StreamName: 'brook',
        ShardLevelMetrics: ['IncomingBytes', 'IncomingRecords', 'OutgoingBytes', 'OutgoingRecords'],
      }),
    );
    expect(disabled.DesiredShardLevelMetrics).toEqual([
      'IteratorAgeMilliseconds',
      'ReadProvisionedThroughputExceeded',
      'WriteProvisionedThroughputExceeded',
    ]);
  });

  test('encryption, by KMS and nothing else', async () => {
    const { make, client } = await bench();
    await make('brook');
    const start = new StartStreamEncryptionCommand({ StreamName: 'brook', EncryptionType: 'NONE', KeyId: 'key' });
    expect(await refusal(client.send(start))).toBe(
      'InvalidArgumentException: The only valid value of EncryptionType is KMS.',
    );
  });

  test('mode and size of records, by the ARN alone', async () => {
    const { client } = await bench();
    const missing = "Value null at 'streamARN' failed to satisfy constraint: Member must not be null";
    const mode = new UpdateStreamModeCommand({ StreamARN: undefined, StreamModeDetails: { StreamMode: 'ON_DEMAND' } });
    expect(await refusal(client.send(mode))).toMatch(missing);
    const size = new UpdateMaxRecordSizeCommand({ StreamARN: undefined, MaxRecordSizeInKiB: 2048 });
    expect(await refusal(client.send(size))).toMatch(missing);
  });
});
