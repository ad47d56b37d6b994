import type { CreateDeliveryStreamInput } from '@aws-sdk/client-firehose';
import { KinesisClient, type _Record as KinesisRecord } from '@aws-sdk/client-kinesis';
import type { Lock } from '../../clock/index.ts';
import type { Call, EmulatorContext } from '../../edge/emulator.ts';
import type { LogSink } from '../../edge/sinks.ts';
import { type Held, ids } from '../../ledger/index.ts';
import { KinesisSource } from '../../streams/index.ts';
import { DeliveryStream } from './delivery-stream.ts';
import type { Destination } from './destinations/destination.ts';
import type { DestinationParts } from './destinations/kind.ts';
import type { EncryptionKey } from './encryption.ts';
import { errors } from './errors.ts';
import type { StreamMetrics } from './metrics.ts';
import { DEFAULT_OPTIONS, type FirehoseOptions } from './options.ts';

/** The pause before a source that does not answer is asked again; a missing stream is final. */
const OPEN_RETRY_MS = 1000;

interface Entry {
  readonly stream: DeliveryStream;
  readonly source: KinesisSource | undefined;
  readonly abort: AbortController;
}

export interface DeliveryStreamsParts {
  readonly context: EmulatorContext;
  readonly metrics: StreamMetrics;
  /** Where the error logs are written. */
  readonly logs: LogSink;
  readonly options?: FirehoseOptions | undefined;
}

/** All delivery streams of the emulator, and what happens to them between two states. */
export class DeliveryStreams {
  readonly context: EmulatorContext;
  readonly metrics: StreamMetrics;
  readonly options: FirehoseOptions;
  readonly #logs: LogSink;
  readonly #entries = new Map<string, Entry>();

  constructor({ context, metrics, logs, options = DEFAULT_OPTIONS }: DeliveryStreamsParts) {
    this.context = context;
    this.metrics = metrics;
    this.options = options;
    this.#logs = logs;
  }

  /** What destinations of the caller's region are made from. */
  destinationParts({ region }: Call): DestinationParts {
    return { aws: this.context.aws, options: this.options, region };
  }

  /** @throws ResourceNotFoundException */
  get(name: string, call: Call): DeliveryStream {
    const entry = this.#entries.get(keyOf(name, call));
    if (!entry) throw errors.notFound(name, call.accountId);
    return entry.stream;
  }

  has(name: string, call: Call): boolean {
    return this.#entries.has(keyOf(name, call));
  }

  /** Those of the caller's account and region, by name. */
  list(call: Call): DeliveryStream[] {
    const prefix = keyOf('', call);
    return [...this.#entries]
      .filter(([key]) => key.startsWith(prefix))
      .map(([, entry]) => entry.stream)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** @param key of a stream that is encrypted from the beginning */
  create(input: CreateDeliveryStreamInput, destination: Destination, call: Call, key?: EncryptionKey): DeliveryStream {
    const { region, accountId } = call;
    const { context, metrics } = this;
    const name = input.DeliveryStreamName ?? '';
    const source = input.KinesisStreamSourceConfiguration;
    const stream = new DeliveryStream({
      name,
      region,
      accountId,
      destination,
      ...(source ? { source } : {}),
      key,
      context,
      metrics,
      logs: this.#logs,
    });
    const abort = new AbortController();
    const kinesis = source && this.#makeSource(stream, source.KinesisStreamARN ?? '');
    this.#entries.set(keyOf(name, call), { stream, source: kinesis, abort });
    void context.clock.run(`firehose ${name} creating`, (lock) =>
      activate(stream, kinesis, context, lock, abort.signal),
    );
    return stream;
  }

  /** Delivers what the stream holds, then forgets it. AWS promises nothing for what is held; naetmul loses nothing. */
  delete(name: string, call: Call): void {
    const key = keyOf(name, call);
    const entry = this.#entries.get(key);
    if (!entry) throw errors.notFound(name, call.accountId);
    const { stream, source } = entry;
    if (stream.status === 'DELETING') return;
    if (stream.status === 'CREATING') throw errors.busy(name, call.accountId, stream.status);
    stream.status = 'DELETING';
    source?.stop();
    // Not under a lock of its own: deliveries hold theirs, and give them up while they wait for the next attempt.
    void stream.drain().then(() => {
      if (!entry.abort.signal.aborted) this.#entries.delete(key);
    });
  }

  /** Attempts nothing more. Resolves when the deliveries that are under way have ended. */
  async stop(): Promise<void> {
    await stopAll([...this.#entries.values()]);
  }

  /** Forgets everything at once, after which nothing that was held turns up anywhere. Resolves as `stop` does. */
  async clear(): Promise<void> {
    const entries = [...this.#entries.values()];
    this.#entries.clear();
    await stopAll(entries);
  }

  held(): Held[] {
    return [...this.#entries.values()].map(({ stream }) => stream.held());
  }

  #makeSource(stream: DeliveryStream, streamArn: string): KinesisSource {
    const { clock, aws, log } = this.context;
    const streamName = streamArn.slice(streamArn.indexOf('/') + 1);
    const count = (metric: string, value: number) => this.metrics.count(stream.name, metric, value);
    const source = new KinesisSource({
      name: `firehose ${stream.name}`,
      streamName,
      from: 'LATEST',
      clock,
      client: aws.client(KinesisClient, streamArn.split(':')[3] || stream.region),
      onClock: aws.emulates('kinesis'),
      events: {
        wanted: () => stream.freeBytes > 0,
        throttled: () => count('ThrottledGetRecords', 1),
        retention: (ms) => {
          stream.retentionMs = ms;
        },
        warning: (message) => log.warn(`${stream.name}: ${message}`),
        records: (shardId, records) => {
          count('DataReadFromKinesisStream.Records', records.length);
          count('DataReadFromKinesisStream.Bytes', sizeOf(records));
          // Records aggregated by the KPL would be taken apart here, into several records of one sequence number.
          const taken = records.map(({ SequenceNumber: sequenceNumber = '', PartitionKey, ...record }) => ({
            id: ids.record(streamName, sequenceNumber),
            data: record.Data ?? new Uint8Array(),
            arrival: source.arrivalOf(record),
            kinesis: { shardId, sequenceNumber, partitionKey: PartitionKey ?? '' },
          }));
          stream.acceptRead(shardId, taken);
        },
      },
    });
    return source;
  }
}

async function stopAll(entries: readonly Entry[]): Promise<void> {
  const ended = entries.map(({ stream, source, abort }) => {
    abort.abort();
    source?.stop();
    return stream.stop();
  });
  await Promise.all(ended);
}

/** From CREATING to ACTIVE once nothing put from then on can be missed, or to CREATING_FAILED. */
async function activate(
  stream: DeliveryStream,
  source: KinesisSource | undefined,
  context: EmulatorContext,
  lock: Lock,
  signal: AbortSignal,
): Promise<void> {
  let warned = '';
  while (!signal.aborted) {
    try {
      await source?.open();
      if (signal.aborted) return;
      if (source) stream.sourceStartedAt = context.clock.now();
      stream.status = 'ACTIVE';
      source?.start();
      return;
    } catch (error) {
      const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      if (reason !== warned) context.log.warn(`${stream.name}: its source cannot be read: ${reason}`);
      warned = reason;
      if (error instanceof Error && error.name === 'ResourceNotFoundException') {
        stream.status = 'CREATING_FAILED';
        stream.failure = { Type: 'UNKNOWN_ERROR', Details: error.message };
        return;
      }
      await lock.sleep(OPEN_RETRY_MS, signal).catch(() => undefined);
    }
  }
}

function sizeOf(records: readonly KinesisRecord[]): number {
  return records.reduce((sum, record) => sum + (record.Data?.length ?? 0), 0);
}

function keyOf(name: string, call: Call): string {
  return `${call.accountId}/${call.region}/${name}`;
}
