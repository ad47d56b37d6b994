import type {
  EnhancedMetrics,
  HashKeyRange as HashKeyRangeDescription,
  Shard as ShardDescription,
} from '@aws-sdk/client-kinesis';
import type { HashKeyRange } from './engine/hash-keys.ts';
import type { Shard } from './engine/shard.ts';
import type { Stream } from './engine/stream.ts';
import { shownMetrics } from './monitoring.ts';

export function describeRange({ start, end }: HashKeyRange): HashKeyRangeDescription {
  return { StartingHashKey: String(start), EndingHashKey: String(end) };
}

export function describeShard(shard: Shard): ShardDescription {
  const { id, parents, range, startingSequenceNumber, endingSequenceNumber } = shard;
  const [parent, adjacent] = parents;
  return {
    ShardId: id,
    ...(parent ? { ParentShardId: parent.id } : {}),
    ...(adjacent ? { AdjacentParentShardId: adjacent.id } : {}),
    HashKeyRange: describeRange(range),
    SequenceNumberRange: {
      StartingSequenceNumber: startingSequenceNumber,
      ...(endingSequenceNumber === undefined ? {} : { EndingSequenceNumber: endingSequenceNumber }),
    },
  };
}

/** What DescribeStream and DescribeStreamSummary both tell. */
export function describeStream(stream: Stream) {
  const { name, arn, status, mode, retentionHours, createdAt, keyId } = stream;
  return {
    StreamName: name,
    StreamARN: arn,
    StreamStatus: status,
    StreamModeDetails: { StreamMode: mode },
    RetentionPeriodHours: retentionHours,
    StreamCreationTimestamp: new Date(createdAt),
    EnhancedMonitoring: [describeMetrics(stream)],
    ...(keyId === undefined ? { EncryptionType: 'NONE' as const } : { EncryptionType: 'KMS' as const, KeyId: keyId }),
  };
}

function describeMetrics({ shardMetrics }: Stream): EnhancedMetrics {
  return { ShardLevelMetrics: shownMetrics(shardMetrics) };
}
