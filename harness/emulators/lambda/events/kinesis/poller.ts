import { createHash } from 'node:crypto';
import { KinesisClient, type _Record as KinesisRecord } from '@aws-sdk/client-kinesis';
import type { Timer } from '../../../../clock/index.ts';
import { ids } from '../../../../ledger/index.ts';
import { KinesisSource } from '../../../../streams/index.ts';
import type { KinesisMapping } from '../../functions/model.ts';
import type { EventParts } from '../contract.ts';
import type { Destinations } from '../destinations.ts';
import { recordFilter } from '../filter/index.ts';
import { functionName, placeOf, regionOf } from '../names.ts';
import { reasonOf } from '../persist.ts';
import type { StreamRecord } from './event.ts';
import { ShardLine } from './shard-line.ts';
import { ShardRuns } from './shard-runs.ts';

/** A stream that cannot be read is asked again after this; after so many failures in a row, when something happens. */
const OPEN_RETRY_MS = 1000;
const MAX_EAGER_OPENS = 60;
const DEFAULT_RETENTION_MS = 24 * 3_600_000;

/** A shard's records, parted by their keys into lines that run side by side. */
interface Shard {
  readonly lines: readonly ShardLine[];
}

/** Reads a stream for a function: each shard in order, `ParallelizationFactor` batches of it at once. */
export class KinesisPoller {
  readonly #parts: EventParts;
  readonly #destinations: Destinations;
  readonly #source: KinesisSource;
  readonly #streamName: string;
  readonly #name: string;
  readonly #shards = new Map<string, Shard>();
  /** Read to their end, with children that wait until their records are dealt with. */
  readonly #awaited = new Set<string>();
  #mapping: KinesisMapping;
  #passes: (record: StreamRecord) => boolean;
  #retentionMs = DEFAULT_RETENTION_MS;
  #paused = false;
  #opening: Timer | undefined;
  #opens = 0;
  #stopped = false;
  /** As `LastProcessingResult` shows it. */
  lastProcessingResult = 'No records processed';

  constructor(mapping: KinesisMapping, parts: EventParts, destinations: Destinations) {
    this.#mapping = mapping;
    this.#parts = parts;
    this.#destinations = destinations;
    this.#passes = recordFilter(mapping.filterPatterns);
    this.#streamName = mapping.eventSourceArn.slice(mapping.eventSourceArn.indexOf('/') + 1);
    this.#name = `lambda ${functionName(mapping.functionArn)} reading ${this.#streamName}`;
    this.#source = new KinesisSource({
      name: this.#name,
      streamName: this.#streamName,
      // From a timestamp: what is older is passed over, for the bench's time is not the stream's.
      from: mapping.startingPosition === 'LATEST' ? 'LATEST' : 'TRIM_HORIZON',
      clock: parts.clock,
      client: parts.aws.client(KinesisClient, regionOf(mapping.eventSourceArn)),
      onClock: parts.aws.emulates('kinesis'),
      events: {
        wanted: (shardId) => this.#wants(shardId),
        records: (shardId, records) => this.#take(shardId, records),
        throttled: () => undefined,
        retention: (ms) => {
          this.#retentionMs = ms;
        },
        warning: (message) => parts.log.warn(`${this.#name}: ${message}`),
        done: (shardId) => this.#isDone(shardId),
      },
    });
  }

  start(): void {
    const { clock } = this.#parts;
    void clock.run(`${this.#name} opening`, async () => {
      if (await this.#open()) return;
      this.#opening = clock.poll(`${this.#name} opening`, OPEN_RETRY_MS, async () => {
        const isOpen = await this.#open();
        if (isOpen) this.#opening?.cancel();
        return isOpen || this.#opens <= MAX_EAGER_OPENS;
      });
    });
  }

  update(mapping: KinesisMapping): void {
    this.#mapping = mapping;
    this.#passes = recordFilter(mapping.filterPatterns);
    this.resume();
  }

  /** Reads and runs nothing more. Resolves when the batches under way have ended. */
  async pause(): Promise<void> {
    this.#paused = true;
    await Promise.all(this.#lines().map((line) => line.pause()));
  }

  resume(): void {
    this.#paused = false;
    for (const line of this.#lines()) line.resume();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#opening?.cancel();
    this.#source.stop();
    await this.pause();
  }

  /** Resolves to whether the stream is read now. */
  async #open(): Promise<boolean> {
    if (this.#stopped) return true;
    try {
      await this.#source.open();
    } catch (error) {
      if (this.#opens++ === 0) this.#parts.log.warn(`${this.#name}: the stream cannot be read: ${reasonOf(error)}`);
      return false;
    }
    if (!this.#stopped) this.#source.start();
    return true;
  }

  #wants(shardId: string): boolean {
    if (this.#paused) return false;
    const waiting = this.#shards.get(shardId)?.lines.reduce((sum, line) => sum + line.waiting, 0) ?? 0;
    return waiting < this.#mapping.batchSize * this.#mapping.parallelizationFactor;
  }

  #isDone(shardId: string): boolean {
    const isDone = this.#shards.get(shardId)?.lines.every((line) => line.isIdle) ?? true;
    if (!isDone) this.#awaited.add(shardId);
    return isDone;
  }

  #take(shardId: string, given: readonly KinesisRecord[]): void {
    const { startingPosition, startingPositionTimestamp = 0 } = this.#mapping;
    const records = given.map((record) => ({
      sequenceNumber: record.SequenceNumber ?? '',
      partitionKey: record.PartitionKey ?? '',
      data: record.Data ?? new Uint8Array(),
      arrival: this.#source.arrivalOf(record),
    }));
    const begun = records.filter(
      ({ arrival }) => startingPosition !== 'AT_TIMESTAMP' || arrival >= startingPositionTimestamp,
    );
    const passing = begun.filter((record) => this.#passes(record));
    this.#noteFiltered(
      shardId,
      begun.filter((record) => !passing.includes(record)),
    );
    const { lines } = this.#shardOf(shardId);
    const lanes = Map.groupBy(passing, ({ partitionKey }) => laneOf(partitionKey, lines.length));
    for (const [lane, ofLane] of lanes) lines[lane]?.add(ofLane);
  }

  /** With as many lines as the mapping says, once none of the shard's records is in a line any more. */
  #shardOf(shardId: string): Shard {
    const known = this.#shards.get(shardId);
    const factor = this.#mapping.parallelizationFactor;
    if (known && (known.lines.length === factor || !known.lines.every((line) => line.isIdle))) return known;
    const lines = Array.from({ length: factor }, (_, lane) => this.#makeLine(shardId, lane));
    const shard = { lines };
    this.#shards.set(shardId, shard);
    return shard;
  }

  #makeLine(shardId: string, lane: number): ShardLine {
    const runs = new ShardRuns({
      parts: this.#parts,
      destinations: this.#destinations,
      mapping: () => this.#mapping,
      streamName: this.#streamName,
      shardId,
      ended: (result) => {
        this.lastProcessingResult = result;
      },
    });
    return new ShardLine({
      name: `${this.#name} ${shardId}${lane === 0 ? '' : ` ${lane}`}`,
      clock: this.#parts.clock,
      settings: () => ({ ...this.#mapping, retentionMs: this.#retentionMs }),
      outlet: {
        invoke: (records, attempt, lock) => runs.invoke(records, attempt, lock),
        discard: (...discarded) => runs.discard(...discarded),
        idle: () => this.#childrenMayFollow(shardId),
      },
    });
  }

  #childrenMayFollow(shardId: string): void {
    if (!this.#awaited.has(shardId) || !this.#isDone(shardId)) return;
    this.#awaited.delete(shardId);
    void this.#parts.clock.run(`${this.#name} children of ${shardId}`, () => this.#source.follow());
  }

  #noteFiltered(shardId: string, records: readonly StreamRecord[]): void {
    if (records.length === 0) return;
    this.#parts.ledger.append({
      where: placeOf(this.#mapping.functionArn),
      what: 'noted',
      ids: records.map(({ sequenceNumber }) => ids.record(this.#streamName, sequenceNumber)),
      detail: { mapping: this.#mapping.uuid, shardId, reason: 'filtered out by the event source mapping' },
    });
  }

  #lines(): ShardLine[] {
    return [...this.#shards.values()].flatMap(({ lines }) => lines);
  }
}

/** Records of one key are always in the same lane. */
function laneOf(partitionKey: string, lanes: number): number {
  return lanes === 1 ? 0 : createHash('md5').update(partitionKey).digest().readUInt32BE(0) % lanes;
}
