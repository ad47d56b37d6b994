import {
  type ChildShard,
  GetRecords$,
  type GetRecordsCommandInput,
  type GetRecordsCommandOutput,
} from '@aws-sdk/client-kinesis';
import type { Operation } from '../../../edge/emulator.ts';
import { describeRange } from '../descriptions.ts';
import { type ReadRecord, type Shard, shardId } from '../engine/shard.ts';
import { errors } from '../errors.ts';
import { MAX_GET_BYTES, MAX_GET_RECORDS, MAX_ITERATOR_LENGTH } from '../limits.ts';
import type { Streams } from '../streams.ts';
import { Violations } from '../violations.ts';

export function getRecords(
  streams: Streams,
): Operation<GetRecordsCommandInput, Omit<GetRecordsCommandOutput, '$metadata'>> {
  return {
    schema: GetRecords$,
    run({ ShardIterator: iterator, Limit = MAX_GET_RECORDS }) {
      const violations = new Violations();
      violations.range('limit', Limit, 1, MAX_GET_RECORDS);
      if (violations.required('shardIterator', iterator)) {
        violations.text('shardIterator', iterator, 1, MAX_ITERATOR_LENGTH);
      }
      violations.raise();
      const now = streams.context.clock.now();
      const position = streams.iterators.open(iterator as string, now);
      const { stream: name, accountId, region, streamId, shardIndex } = position;
      const stream = streams.at({ accountId, region, name });
      const shard = stream?.id === streamId ? stream.shard(shardIndex) : undefined;
      if (!stream || !shard) throw errors.shardNotFound(shardId(shardIndex), name, accountId);
      if (!stream.admitReading(shard)) {
        streams.journal.throttledReading(stream, shard);
        throw errors.throttled(shard.id, name, accountId);
      }
      const reading = shard.read(position.next, Limit, MAX_GET_BYTES);
      shard.reads.gave(reading.bytes);
      streams.journal.reading(stream, shard, reading);
      const { records, next, behind } = reading;
      const output = { Records: records.map(describeRecord), MillisBehindLatest: behind };
      if (!shard.isOpen && next >= shard.next) return { ...output, ChildShards: shard.children.map(describeChild) };
      return { ...output, NextShardIterator: streams.iterators.seal({ ...position, next }, now) };
    },
  };
}

function describeRecord({ sequenceNumber, arrival, data, partitionKey, encrypted }: ReadRecord) {
  return {
    SequenceNumber: sequenceNumber,
    ApproximateArrivalTimestamp: new Date(arrival),
    Data: data,
    PartitionKey: partitionKey,
    ...(encrypted ? { EncryptionType: 'KMS' as const } : {}),
  };
}

function describeChild({ id, parents, range }: Shard): ChildShard {
  return { ShardId: id, ParentShards: parents.map((parent) => parent.id), HashKeyRange: describeRange(range) };
}
