import { machine } from '../clock/index.ts';

interface FakeShard {
  readonly ShardId: string;
  readonly ParentShardId?: string;
  readonly AdjacentParentShardId?: string;
  readonly records: {
    readonly SequenceNumber: string;
    readonly PartitionKey: string;
    readonly Data: Buffer;
    readonly ApproximateArrivalTimestamp: Date;
  }[];
  closed: boolean;
}

/** Just enough of Kinesis to have the faults that no real one shows when asked. */
export function fakeKinesis() {
  let sequence = 0;
  const stream = {
    incarnation: 1,
    createdAt: new Date(machine.now() - 60_000),
    shards: [] as FakeShard[],
    /** Thrown by the operation of this name, once each. */
    faults: [] as [operation: string, error: Error][],
    away: false,
    /** Every iterator begins at the shard's first record, as kinesis-mock's do in a shard with one record. */
    rewind: false,
    calls: [] as string[],
    addShard(ShardId: string, parents: Partial<FakeShard> = {}): void {
      stream.shards.push({ ShardId, records: [], closed: false, ...parents });
    },
    put(data: string | Buffer, shardId = 'shardId-000000000000', PartitionKey = 'key'): string {
      const SequenceNumber = String(1000 + sequence++);
      stream.shard(shardId).records.push({
        SequenceNumber,
        PartitionKey,
        Data: Buffer.from(data),
        ApproximateArrivalTimestamp: new Date(machine.now()),
      });
      return SequenceNumber;
    },
    shard(shardId: string): FakeShard {
      const shard = stream.shards.find(({ ShardId }) => ShardId === shardId);
      if (!shard) throw awsError('ResourceNotFoundException');
      return shard;
    },
    recreate(): void {
      stream.incarnation++;
      stream.createdAt = new Date(machine.now());
      stream.shards = [];
      stream.addShard('shardId-000000000000');
    },
    answer(operation: string, input: Record<string, unknown>): unknown {
      if (operation === 'PutObject') return {};
      stream.calls.push(operation);
      if (stream.away) throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
      if (stream.faults[0]?.[0] === operation) throw (stream.faults.shift() as [string, Error])[1];
      if (operation === 'DescribeStreamSummary') {
        const status = { StreamStatus: 'ACTIVE', RetentionPeriodHours: 24, StreamCreationTimestamp: stream.createdAt };
        return { StreamDescriptionSummary: status };
      }
      if (operation === 'ListShards') return { Shards: stream.shards.map(describeShard) };
      if (operation === 'GetShardIterator') return { ShardIterator: iterator(input) };
      const [incarnation, shardId = '', from] = String(input.ShardIterator).split('/');
      if (Number(incarnation) !== stream.incarnation) throw awsError('ResourceNotFoundException');
      const { records, closed } = stream.shard(shardId);
      const next = closed ? {} : { NextShardIterator: `${incarnation}/${shardId}/${records.length}` };
      return { Records: records.slice(stream.rewind ? 0 : Number(from)), MillisBehindLatest: 0, ...next };
    },
  };

  function iterator(input: Record<string, unknown>): string {
    const shardId = String(input.ShardId);
    const { records } = stream.shard(shardId);
    const after = records.findIndex(({ SequenceNumber }) => SequenceNumber === input.StartingSequenceNumber);
    const since = records.findIndex((record) => record.ApproximateArrivalTimestamp >= (input.Timestamp as Date));
    const from = {
      LATEST: records.length,
      TRIM_HORIZON: 0,
      AT_TIMESTAMP: since === -1 ? records.length : since,
      AFTER_SEQUENCE_NUMBER: after + 1,
    }[String(input.ShardIteratorType)];
    if (input.ShardIteratorType === 'AFTER_SEQUENCE_NUMBER' && after === -1) throw awsError('InvalidArgumentException');
    return `${stream.incarnation}/${shardId}/${from}`;
  }

  function describeShard({ records: _records, closed, ...shard }: FakeShard): object {
    return { ...shard, SequenceNumberRange: closed ? { EndingSequenceNumber: '9' } : {} };
  }

  stream.addShard('shardId-000000000000');
  return stream;
}

export type FakeKinesis = ReturnType<typeof fakeKinesis>;

/** An error of an AWS SDK: what readers tell apart by name. */
function awsError(name: string, message = name): Error {
  return Object.assign(new Error(message), { name });
}
