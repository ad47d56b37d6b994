import type { Emulator, EmulatorContext, Operation } from '../../edge/emulator.ts';
import type { MetricSink } from '../../edge/sinks.ts';
import { addTagsToStream } from './operations/add-tags-to-stream.ts';
import { createStream } from './operations/create-stream.ts';
import { decreaseStreamRetentionPeriod } from './operations/decrease-stream-retention-period.ts';
import { deleteStream } from './operations/delete-stream.ts';
import { describeLimits } from './operations/describe-limits.ts';
import { describeStream } from './operations/describe-stream.ts';
import { describeStreamSummary } from './operations/describe-stream-summary.ts';
import { disableEnhancedMonitoring } from './operations/disable-enhanced-monitoring.ts';
import { enableEnhancedMonitoring } from './operations/enable-enhanced-monitoring.ts';
import { getRecords } from './operations/get-records.ts';
import { getShardIterator } from './operations/get-shard-iterator.ts';
import { increaseStreamRetentionPeriod } from './operations/increase-stream-retention-period.ts';
import { listShards } from './operations/list-shards.ts';
import { listStreams } from './operations/list-streams.ts';
import { listTagsForResource } from './operations/list-tags-for-resource.ts';
import { listTagsForStream } from './operations/list-tags-for-stream.ts';
import { mergeShards } from './operations/merge-shards.ts';
import { putRecord } from './operations/put-record.ts';
import { putRecords } from './operations/put-records.ts';
import { removeTagsFromStream } from './operations/remove-tags-from-stream.ts';
import { splitShard } from './operations/split-shard.ts';
import { startStreamEncryption } from './operations/start-stream-encryption.ts';
import { stopStreamEncryption } from './operations/stop-stream-encryption.ts';
import { tagResource } from './operations/tag-resource.ts';
import { untagResource } from './operations/untag-resource.ts';
import { updateMaxRecordSize } from './operations/update-max-record-size.ts';
import { updateShardCount } from './operations/update-shard-count.ts';
import { updateStreamMode } from './operations/update-stream-mode.ts';
import { DEFAULT_OPTIONS, type KinesisOptions } from './options.ts';
import { Streams } from './streams.ts';

const OPERATIONS: readonly ((streams: Streams) => Operation)[] = [
  addTagsToStream,
  createStream,
  decreaseStreamRetentionPeriod,
  deleteStream,
  describeLimits,
  describeStream,
  describeStreamSummary,
  disableEnhancedMonitoring,
  enableEnhancedMonitoring,
  getRecords,
  getShardIterator,
  increaseStreamRetentionPeriod,
  listShards,
  listStreams,
  listTagsForResource,
  listTagsForStream,
  mergeShards,
  putRecord,
  putRecords,
  removeTagsFromStream,
  splitShard,
  startStreamEncryption,
  stopStreamEncryption,
  tagResource,
  untagResource,
  updateMaxRecordSize,
  updateShardCount,
  updateStreamMode,
];

/** Kinesis Data Streams on the bench's clock. What it does as AWS does, and what not, is in docs/fidelity/kinesis.md. */
export function createKinesis(
  context: EmulatorContext,
  {
    metrics,
    options = DEFAULT_OPTIONS,
  }: { readonly metrics: MetricSink; readonly options?: KinesisOptions | undefined },
): Emulator {
  const streams = new Streams(context, metrics, options);
  return {
    service: 'kinesis',
    protocol: { kind: 'json', version: '1.1', targetPrefix: 'Kinesis_20131202' },
    operations: OPERATIONS.map((make) => make(streams)),
    stop: async () => streams.clear(),
    reset: async () => streams.clear(),
    held() {
      // A stream needs not name what it keeps; what it does not keep any longer has to be told.
      streams.trim();
      return [];
    },
  };
}
