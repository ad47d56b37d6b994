import type {
  DeliveryStreamDescription,
  DeliveryStreamStatus,
  FailureDescription,
  KinesisStreamSourceConfiguration,
} from '@aws-sdk/client-firehose';
import type { EmulatorContext } from '../../edge/emulator.ts';
import { type Held, type IdRange, ids, type LedgerId } from '../../ledger/index.ts';
import { type Batch, type BufferLimits, DeliveryBuffer } from './buffer.ts';
import { DESTINATION_ID, type Destination } from './destinations/destination.ts';
import {
  DIRECT_PUT_RETENTION_MS,
  MAX_HELD_BYTES,
  RETRY_INITIAL_MS,
  RETRY_MAX_MS,
  ZERO_BUFFERING_MS,
} from './limits.ts';
import type { StreamMetrics } from './metrics.ts';
import { makeRun, namesOf, type Run } from './runs.ts';

/** The name of the only buffer that direct puts go through. */
const DIRECT_PUT = 'direct-put';
const MIB = 1024 * 1024;

export interface DeliveryStreamParts {
  readonly name: string;
  readonly region: string;
  readonly accountId: string;
  readonly destination: Destination;
  readonly source?: KinesisStreamSourceConfiguration;
  readonly context: EmulatorContext;
  readonly metrics: StreamMetrics;
}

/** One delivery stream: its configuration and status, and the buffers between its source and its destination. */
export class DeliveryStream {
  readonly name: string;
  readonly region: string;
  readonly arn: string;
  readonly source: KinesisStreamSourceConfiguration | undefined;
  readonly tags = new Map<string, string | undefined>();
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
  readonly #metrics: StreamMetrics;
  readonly #buffers = new Map<string, DeliveryBuffer>();

  constructor(parts: DeliveryStreamParts) {
    this.name = parts.name;
    this.region = parts.region;
    this.arn = `arn:aws:firehose:${parts.region}:${parts.accountId}:deliverystream/${parts.name}`;
    this.source = parts.source;
    this.#destination = parts.destination;
    this.#context = parts.context;
    this.#metrics = parts.metrics;
    this.#createdAt = parts.context.clock.now();
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
    let held = 0;
    for (const buffer of this.#buffers.values()) held += buffer.heldBytes;
    return MAX_HELD_BYTES - held;
  }

  /** Takes what was put directly; returns the series of the record ids. */
  acceptPut(records: readonly Uint8Array[], requestId: string): IdRange {
    const { clock, random, ledger } = this.#context;
    const range = { series: ids.putSeries(this.name, recordIdBase(random.bytes(36))), from: 0, to: records.length };
    const cause = ledger.append({ where: this.where, what: 'accepted', ids: [range], detail: { requestId } });
    this.#buffer(DIRECT_PUT).add(makeRun(clock.now(), records, range, cause));
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
    const buffer = this.#buffer(shardId);
    for (let from = 0; from < records.length; ) {
      const { arrival } = records[from] as SourceRecord;
      let to = from + 1;
      while (records[to]?.arrival === arrival) to++;
      const neighbours = records.slice(from, to);
      const [data, names] = [neighbours.map((record) => record.data), neighbours.map((record) => record.id)];
      buffer.add(makeRun(arrival, data, names, cause));
      from = to;
    }
  }

  /** Gives it a new configuration: what is delivered from now on, retries too, goes by it. */
  update(destination: Destination): void {
    this.#destination = destination;
    this.#versionId++;
    this.#updatedAt = this.#context.clock.now();
  }

  /** Delivers what is held; resolves when nothing is any more. */
  async drain(): Promise<void> {
    const buffers = [...this.#buffers.values()];
    for (const buffer of buffers) buffer.flush();
    await Promise.all(buffers.map((buffer) => buffer.drained()));
  }

  /** Attempts nothing more. Resolves when the attempts that are under way have ended. */
  async stop(): Promise<void> {
    await Promise.all([...this.#buffers.values()].map((buffer) => buffer.stop()));
  }

  held(): Held {
    return { where: this.where, ids: namesOf(this.#heldRuns()) };
  }

  describe(): DeliveryStreamDescription {
    const { source, failure } = this;
    const startedAt = this.sourceStartedAt;
    return {
      DeliveryStreamName: this.name,
      DeliveryStreamARN: this.arn,
      DeliveryStreamStatus: this.status,
      ...(failure ? { FailureDescription: failure } : {}),
      ...(source ? {} : { DeliveryStreamEncryptionConfiguration: { Status: 'DISABLED' } }),
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

  *#heldRuns(): Generator<Run> {
    for (const buffer of this.#buffers.values()) yield* buffer.held();
  }

  #buffer(partition: string): DeliveryBuffer {
    let buffer = this.#buffers.get(partition);
    if (!buffer) {
      const { clock, random } = this.#context;
      const name = `firehose ${this.name} ${partition}`;
      const outlet = {
        deliver: (batch: Batch) => this.#deliver(batch),
        retrying: this.#noteRetry,
        lost: this.#noteLoss,
      };
      buffer = new DeliveryBuffer({ name, clock, random, limits: this.#limits, outlet });
      this.#buffers.set(partition, buffer);
    }
    return buffer;
  }

  readonly #limits = (): BufferLimits => {
    const { sizeInMBs, intervalInSeconds } = this.#destination.hints;
    return {
      sizeBytes: sizeInMBs * MIB,
      intervalMs: intervalInSeconds === 0 ? ZERO_BUFFERING_MS : intervalInSeconds * 1000,
      retentionMs: this.retentionMs,
      retry: { initialMs: RETRY_INITIAL_MS, maxMs: RETRY_MAX_MS },
    };
  };

  async #deliver(batch: Batch): Promise<void> {
    const { name, region } = this;
    const origin = { deliveryStreamName: name, versionId: this.#versionId, region };
    const { metricPrefix } = this.#destination;
    try {
      const { into, detail } = await this.#destination.deliver(batch, origin);
      const names = namesOf(batch.runs);
      const facts = { records: batch.records, ...detail };
      this.#context.ledger.append({
        where: this.where,
        what: 'stored',
        ids: names,
        into,
        detail: facts,
        ...causeOf(batch),
      });
    } catch (error) {
      this.#metrics.count(this.name, `${metricPrefix}.Success`, 0);
      throw error;
    }
    this.#metrics.count(this.name, `${metricPrefix}.Success`, 1);
    this.#metrics.count(this.name, `${metricPrefix}.Records`, batch.records);
    this.#metrics.count(this.name, `${metricPrefix}.Bytes`, batch.bytes);
    const ageSeconds = (this.#context.clock.now() - batch.oldestArrival) / 1000;
    this.#metrics.count(this.name, `${metricPrefix}.DataFreshness`, ageSeconds);
  }

  readonly #noteRetry = (batch: Batch, attempt: number, delayMs: number, error: unknown): void => {
    // A day of attempts need not be told one by one: the 1st, 2nd, 4th, 8th … are.
    if ((attempt & (attempt - 1)) !== 0) return;
    const reason = reasonOf(error);
    const { ledger, log } = this.#context;
    const detail = { attempt, delayMs, reason };
    ledger.append({ where: this.where, what: 'retried', ids: namesOf(batch.runs), detail, ...causeOf(batch) });
    log.warn(`${this.name}: attempt ${attempt} to deliver ${batch.records} records failed: ${reason}`);
  };

  readonly #noteLoss = (batch: Batch, attempts: number, error: unknown): void => {
    const reason = `not delivered within the retention of ${this.retentionMs / 3_600_000} h: ${reasonOf(error)}`;
    const { ledger, log } = this.#context;
    const detail = { attempts, reason };
    ledger.append({ where: this.where, what: 'lost', ids: namesOf(batch.runs), detail, ...causeOf(batch) });
    log.error(`${this.name}: ${batch.records} records are lost: ${reason}`);
  };
}

/** A record as the source's reader gives it. */
export interface SourceRecord {
  readonly id: LedgerId;
  readonly data: Uint8Array;
  /** ms since the epoch on the clock. */
  readonly arrival: number;
}

/** The entry that accepted the batch, when it is one. */
function causeOf(batch: Batch): { cause?: number } {
  const [first, ...others] = batch.runs as readonly [Run, ...Run[]];
  return others.every((run) => run.cause === first.cause) ? { cause: first.cause } : {};
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

/** AWS's record ids are opaque; these are base64 without `/`, which separates the parts of a ledger id. */
function recordIdBase(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('/', '+');
}
