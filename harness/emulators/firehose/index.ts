import type { Emulator, EmulatorContext, Operation } from '../../edge/emulator.ts';
import type { LogSink, MetricSink } from '../../edge/sinks.ts';
import { DeliveryStreams } from './delivery-streams.ts';
import { streamMetrics } from './metrics.ts';
import { createDeliveryStream } from './operations/create-delivery-stream.ts';
import { deleteDeliveryStream } from './operations/delete-delivery-stream.ts';
import { describeDeliveryStream } from './operations/describe-delivery-stream.ts';
import { listDeliveryStreams } from './operations/list-delivery-streams.ts';
import { listTagsForDeliveryStream } from './operations/list-tags-for-delivery-stream.ts';
import { putRecord } from './operations/put-record.ts';
import { putRecordBatch } from './operations/put-record-batch.ts';
import { startDeliveryStreamEncryption } from './operations/start-delivery-stream-encryption.ts';
import { stopDeliveryStreamEncryption } from './operations/stop-delivery-stream-encryption.ts';
import { tagDeliveryStream } from './operations/tag-delivery-stream.ts';
import { untagDeliveryStream } from './operations/untag-delivery-stream.ts';
import { updateDestination } from './operations/update-destination.ts';
import type { FirehoseOptions } from './options.ts';

const OPERATIONS: readonly ((streams: DeliveryStreams) => Operation)[] = [
  createDeliveryStream,
  deleteDeliveryStream,
  describeDeliveryStream,
  listDeliveryStreams,
  listTagsForDeliveryStream,
  putRecord,
  putRecordBatch,
  startDeliveryStreamEncryption,
  stopDeliveryStreamEncryption,
  tagDeliveryStream,
  untagDeliveryStream,
  updateDestination,
];

export interface FirehoseParts {
  readonly metrics: MetricSink;
  readonly logs: LogSink;
  readonly options?: FirehoseOptions | undefined;
}

/** Amazon Data Firehose. What it does as AWS does, and what not, is in docs/fidelity/firehose.md. */
export function createFirehose(context: EmulatorContext, { metrics, logs, options }: FirehoseParts): Emulator {
  const streams = new DeliveryStreams({ context, metrics: streamMetrics(metrics), logs, options });
  return {
    service: 'firehose',
    protocol: { kind: 'json', version: '1.1', targetPrefix: 'Firehose_20150804' },
    operations: OPERATIONS.map((make) => make(streams)),
    stop: () => streams.stop(),
    reset: () => streams.clear(),
    held: () => streams.held(),
  };
}
