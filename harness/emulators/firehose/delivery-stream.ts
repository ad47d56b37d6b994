import type {
  DeliveryStreamDescription,
  DeliveryStreamStatus,
  FailureDescription,
  KinesisStreamSourceConfiguration,
} from '@aws-sdk/client-firehose';
import type { EmulatorContext } from '../../edge/emulator.ts';
import type { LogSink } from '../../edge/sinks.ts';
import { type EntryNumber, type Held, type IdRange, ids, type LedgerId } from '../../ledger/index.ts';
import { DESTINATION_ID, type Destination, type Origin } from './destinations/destination.ts';
import { type EncryptionKey, ServerSideEncryption } from './encryption.ts';
import { DIRECT_PUT_RETENTION_MS, MAX_HELD_BYTES } from './limits.ts';
import type { StreamMetrics } from './metrics.ts';
import { Pipeline } from './pipeline.ts';
import { entriesOf, partsOf, splitAggregate, type UserRecord } from './processing/index.ts';
import { type KinesisOrigin, makeRun, namesOf } from './runs.ts';

/** The name of the only buffer that direct puts go through. */
const DIRECT_PUT = 'direct-put';

export interface DeliveryStreamParts {
  readonly name: string;
  readonly region: string;
  readonly accountId: string;
  readonly destination: Destination;
  readonly source?: KinesisStreamSourceConfiguration;
  /** What it is encrypted with from the beginning. */
  readonly key?: EncryptionKey | undefined;
  readonly context: EmulatorContext;
  readonly metrics: StreamMetrics;
  readonly logs: LogSink;
}

/** One delivery stream: its configuration and status, and what takes its records on their way. */
export class DeliveryStream {
  readonly name: string;
  readonly region: string;
  readonly arn: string;
  readonly source: KinesisStreamSourceConfiguration | undefined;
  readonly tags = new Map<string, string | undefined>();
  readonly encryption: ServerSideEncryption;
  /** How long what the source gave may wait for delivery. */
  retentionMs = DIRECT_PUT_RETENTION_MS;
  status: DeliveryStreamStatus = 'CREATING';
  failure: FailureDescription | undefined;
  /** Since when its source is read, ms since the epoch. */
  sourceStartedAt: number | undefined;
  #versionId = 1;
  #destination: Destination;
  #updatedAt: number | undefined;
  readonly #createdAt: number;
  readonly #context: EmulatorContext;
  readonly #accountId: string;
  readonly #pipeline: Pipeline;

  constructor(parts: DeliveryStreamParts) {
    this.name = parts.name;
    this.region = parts.region;
    this.arn = `arn:aws:firehose:${parts.region}:${parts.accountId}:deliverystream/${parts.name}`;
    this.source = parts.source;
    this.encryption = new ServerSideEncryption(parts.context.clock, this.where, parts.key);
    this.#destination = parts.destination;
    this.#context = parts.context;
    this.#accountId = parts.accountId;
    this.#createdAt = parts.context.clock.now();
    this.#pipeline = new Pipeline({
      where: this.where,
      context: parts.context,
      metrics: parts.metrics,
      logs: parts.logs,
      destination: () => this.#destination,
      origin: () => this.#origin(),
      retentionMs: () => this.retentionMs,
    });
  }

  /** The place that the ledger knows it by. */
  get where(): string {
    return `firehose/${this.name}`;
  }

  get type(): 'DirectPut' | 'KinesisStreamAsSource' {
    return this.source ? 'KinesisStreamAsSource' : 'DirectPut';
  }

  get versionId(): string {
    return String(this.#versionId);
  }

  get destination(): Destination {
    return this.#destination;
  }

  /** Bytes that may still be taken into memory. */
  get freeBytes(): number {
    return MAX_HELD_BYTES - this.#pipeline.heldBytes;
  }

  /** Takes what was put directly; returns the series of the record ids. */
  acceptPut(records: readonly Uint8Array[], requestId: string): IdRange {
    const { clock, random, ledger } = this.#context;
    const range = { series: ids.putSeries(this.name, recordIdBase(random.bytes(36))), from: 0, to: records.length };
    const cause = ledger.append({ where: this.where, what: 'accepted', ids: [range], detail: { requestId } });
    this.#pipeline.accept(DIRECT_PUT, makeRun({ arrival: clock.now(), data: records, ids: range, cause }));
    return range;
  }

  /** Takes the records that one read of a shard gave, oldest first. */
  acceptRead(shardId: string, records: readonly SourceRecord[]): void {
    const cause = this.#context.ledger.append({
      where: this.where,
      what: 'accepted',
      ids: records.map((record) => record.id),
      detail: { shardId },
    });
    let neighbours: SourceRecord[] = [];
    for (const record of records) {
      const parts = splitAggregate(record.data);
      if (parts || neighbours[0]?.arrival !== record.arrival) {
        this.#acceptNeighbours(shardId, neighbours, cause);
        neighbours = [];
      }
      if (parts) this.#acceptParts(shardId, record, parts, cause);
      else neighbours.push(record);
    }
    this.#acceptNeighbours(shardId, neighbours, cause);
  }

  #acceptNeighbours(shardId: string, records: readonly SourceRecord[], cause: EntryNumber): void {
    const [first] = records;
    if (!first) return;
    const run = makeRun({
      arrival: first.arrival,
      data: records.map((record) => record.data),
      ids: records.map((record) => record.id),
      cause,
      kinesis: records.map((record) => record.kinesis),
    });
    this.#pipeline.accept(shardId, run);
  }

  /** Records that a producer's library packed into one go on by themselves, as if each had been put alone. */
  #acceptParts(shardId: string, whole: SourceRecord, parts: readonly UserRecord[], cause: EntryNumber): void {
    const { arrival, id, data, kinesis } = whole;
    const names = partsOf(id, parts.length);
    const record = makeRun({ arrival, data: [data], ids: [id], cause });
    for (const entry of entriesOf([{ record, parts: names }])) {
      this.#context.ledger.append({ where: this.where, ...entry });
    }
    const run = makeRun({
      arrival,
      data: parts.map((part) => part.data),
      ids: names,
      cause,
      kinesis: parts.map(({ partitionKey }, n) => ({ ...kinesis, partitionKey, subsequenceNumber: n })),
    });
    this.#pipeline.accept(shardId, run);
  }

  /** Gives it a new configuration: what is delivered from now on, retries too, goes by it. */
  update(destination: Destination): void {
    this.#destination = destination;
    this.#versionId++;
    this.#updatedAt = this.#context.clock.now();
  }

  /** Delivers what is held; resolves when nothing is any more. */
  drain(): Promise<void> {
    return this.#pipeline.drain();
  }

  /** Attempts nothing more. Resolves when the attempts that are under way have ended. */
  stop(): Promise<void> {
    return this.#pipeline.stop();
  }

  held(): Held {
    return { where: this.where, ids: namesOf(this.#pipeline.held()) };
  }

  describe(): DeliveryStreamDescription {
    const { source, failure } = this;
    const startedAt = this.sourceStartedAt;
    return {
      DeliveryStreamName: this.name,
      DeliveryStreamARN: this.arn,
      DeliveryStreamStatus: this.status,
      ...(failure ? { FailureDescription: failure } : {}),
      ...(source ? {} : { DeliveryStreamEncryptionConfiguration: this.encryption.describe() }),
      DeliveryStreamType: this.type,
      VersionId: this.versionId,
      CreateTimestamp: new Date(this.#createdAt),
      ...(this.#updatedAt === undefined ? {} : { LastUpdateTimestamp: new Date(this.#updatedAt) }),
      ...(source && {
        Source: {
          KinesisStreamSourceDescription: {
            ...source,
            ...(startedAt === undefined ? {} : { DeliveryStartTimestamp: new Date(startedAt) }),
          },
        },
      }),
      Destinations: [{ DestinationId: DESTINATION_ID, ...this.#destination.describe() }],
      HasMoreDestinations: false,
    };
  }

  #origin(): Origin {
    return {
      deliveryStreamName: this.name,
      deliveryStreamArn: this.arn,
      sourceArn: this.source?.KinesisStreamARN,
      versionId: this.#versionId,
      region: this.region,
      accountId: this.#accountId,
    };
  }
}

/** A record as the source's reader gives it. */
export interface SourceRecord {
  readonly id: LedgerId;
  readonly data: Uint8Array;
  /** ms since the epoch on the clock. */
  readonly arrival: number;
  readonly kinesis: KinesisOrigin;
}

/** AWS's record ids are opaque; these are base64 without `/`, which separates the parts of a ledger id. */
function recordIdBase(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('/', '+');
}
