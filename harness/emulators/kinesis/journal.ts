import type { Call, EmulatorContext } from '../../edge/emulator.ts';
import { causeOf, INTERNAL_HEADERS } from '../../edge/headers.ts';
import {
  countPuts,
  type PutOperation,
  type PutResult,
  writeDeletion,
  writePuts,
} from '../../edge/observers/kinesis-puts.ts';
import type { MetricSink } from '../../edge/sinks.ts';
import { ids } from '../../ledger/index.ts';
import type { Reading, Shard } from './engine/shard.ts';
import type { Stream } from './engine/stream.ts';
import type { METRICS } from './limits.ts';

const NAMESPACE = 'AWS/Kinesis';

export interface PutNotes {
  /** As the request names it. */
  readonly stream: string;
  readonly operation: PutOperation;
  readonly status: number;
  readonly results: readonly PutResult[];
  /** Bytes of data, record by record. */
  readonly sizes: readonly number[];
}

/**
 * Writes down what is put and lost, and counts what CloudWatch shows of streams
 * (https://docs.aws.amazon.com/streams/latest/dev/monitoring-with-cloudwatch.html).
 */
export class Journal {
  readonly #ledger: EmulatorContext['ledger'];
  readonly #metrics: MetricSink;

  constructor(ledger: EmulatorContext['ledger'], metrics: MetricSink) {
    this.#ledger = ledger;
    this.#metrics = metrics;
  }

  /** @param stream undefined where there is none of that name */
  puts(puts: PutNotes, stream: Stream | undefined, { request }: Call): void {
    const { headers } = request;
    if (headers[INTERNAL_HEADERS.observed] !== 'no') writePuts(this.#ledger, causeOf(request), puts);
    const gathered = headers[INTERNAL_HEADERS.gathered] === 'PutRecord';
    const counted = { ...puts, operation: gathered ? 'PutRecord' : puts.operation } as const;
    countPuts(this.#metrics, stream?.dimensions ?? { StreamName: puts.stream }, counted, puts.sizes);
    if (stream && stream.shardMetrics.size > 0) this.#putsOfShards(stream, puts);
  }

  reading(stream: Stream, shard: Shard, { records, bytes, behind }: Reading): void {
    const add = (metric: string, value: number, unit?: string) =>
      this.#metrics.count(NAMESPACE, metric, stream.dimensions, value, unit);
    add('GetRecords.Success', 1);
    add('GetRecords.Records', records.length);
    add('GetRecords.Bytes', bytes, 'Bytes');
    add('GetRecords.IteratorAgeMilliseconds', behind, 'Milliseconds');
    this.#ofShard(stream, shard.id, 'OutgoingRecords', records.length);
    this.#ofShard(stream, shard.id, 'OutgoingBytes', bytes, 'Bytes');
    this.#ofShard(stream, shard.id, 'IteratorAgeMilliseconds', behind, 'Milliseconds');
  }

  throttledReading(stream: Stream, shard: Shard): void {
    this.#metrics.count(NAMESPACE, 'GetRecords.Success', stream.dimensions, 0);
    this.#metrics.count(NAMESPACE, 'ReadProvisionedThroughputExceeded', stream.dimensions, 1);
    this.#ofShard(stream, shard.id, 'ReadProvisionedThroughputExceeded', 1);
  }

  /** Of the shard alone: what the stream refuses is counted with its puts. */
  throttledWriting(stream: Stream, shard: Shard): void {
    this.#ofShard(stream, shard.id, 'WriteProvisionedThroughputExceeded', 1);
  }

  deleted(stream: Stream, { request }: Call): void {
    writeDeletion(this.#ledger, causeOf(request), stream.name);
  }

  /** Records that nobody was given in time. */
  missed(stream: Stream, sequenceNumbers: readonly string[]): void {
    if (sequenceNumbers.length === 0) return;
    const reason = `nobody read it from ${stream.name} within its retention period (${stream.retentionHours} hours)`;
    const records = sequenceNumbers.map((sequenceNumber) => ids.record(stream.name, sequenceNumber));
    this.#ledger.append({ where: stream.place, what: 'lost', ids: records, detail: { reason } });
  }

  #putsOfShards(stream: Stream, { results, sizes }: PutNotes): void {
    for (const [index, { SequenceNumber, ShardId }] of results.entries()) {
      if (ShardId === undefined || SequenceNumber === undefined) continue;
      this.#ofShard(stream, ShardId, 'IncomingRecords', 1);
      this.#ofShard(stream, ShardId, 'IncomingBytes', sizes[index] ?? 0, 'Bytes');
    }
  }

  #ofShard(stream: Stream, shardId: string, metric: (typeof METRICS)[number], value: number, unit?: string): void {
    if (!stream.shardMetrics.has(metric)) return;
    this.#metrics.count(NAMESPACE, metric, { ...stream.dimensions, ShardId: shardId }, value, unit);
  }
}
