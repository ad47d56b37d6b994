import {
  DescribeStreamSummaryCommand,
  type KinesisClient,
  type _Record as KinesisRecord,
  ListShardsCommand,
  type Shard,
  type StreamDescriptionSummary,
} from '@aws-sdk/client-kinesis';
import type { Clock, Timer } from '../clock/index.ts';
import { ShardReader, type ShardReaderEvents, type StartingPosition } from './shard-reader.ts';

/** How often the stream is asked for its shards when nothing hints at a change. AWS does not document its own. */
const DISCOVERY_INTERVAL_MS = 10_000;
/** A stream's creation may be known to the second only. */
const CREATION_PRECISION_MS = 1000;
const MS_PER_HOUR = 3_600_000;

export interface KinesisSourceParts {
  /** Names its polls. */
  readonly name: string;
  readonly streamName: string;
  /** Where it begins to read: LATEST at the time of `open`, or the oldest record that each shard still has. */
  readonly from: 'LATEST' | 'TRIM_HORIZON';
  readonly clock: Clock;
  readonly client: KinesisClient;
  /** Whether the stream's times are the clock's; those of a real server are the machine's. */
  readonly onClock: boolean;
  readonly events: KinesisSourceEvents;
}

export interface KinesisSourceEvents extends Pick<ShardReaderEvents, 'wanted' | 'records' | 'throttled'> {
  /** False while the shard's children must wait, because what was read of it is not dealt with; see `follow`. */
  done?(shardId: string): boolean;
  /** The stream's retention, whenever it was asked for. */
  retention(ms: number): void;
  /** Something worth noting that is dealt with. */
  warning(message: string): void;
}

/**
 * Reads all shards of one stream in parallel. Children of a shard that was split or merged are read once their parents
 * are read to the end. When the stream was deleted and made again under the same
 * name (a LocalStack that started anew), all of the new stream came after `open`, so it is read from TRIM_HORIZON.
 */
export class KinesisSource {
  readonly #parts: KinesisSourceParts;
  readonly #readers = new Map<string, ShardReader>();
  /** Shards that were closed when they were first seen, before which nothing is to be read. */
  readonly #passed = new Set<string>();
  #createdAt: number | undefined;
  #discovering: Promise<void> | undefined;
  #discovery: Timer | undefined;
  #stopped = false;
  #failing = false;

  constructor(parts: KinesisSourceParts) {
    this.#parts = parts;
  }

  /** Holds a position in every shard to be read. Rejects when it cannot; may then be called again. */
  async open(): Promise<void> {
    const summary = await this.#describe();
    const shards = await this.#listShards();
    if (this.#parts.from === 'TRIM_HORIZON') {
      this.#createdAt = summary.StreamCreationTimestamp?.getTime();
      this.#addReaders(shards, new Map());
      return;
    }
    const isOpen = (shard: Shard) => shard.SequenceNumberRange?.EndingSequenceNumber === undefined;
    const readers = shards.filter(isOpen).map((shard) => this.#makeReader(shard.ShardId ?? '', 'LATEST'));
    await Promise.all(readers.map((reader) => reader.open()));
    this.#createdAt = summary.StreamCreationTimestamp?.getTime();
    for (const reader of readers) this.#readers.set(reader.shardId, reader);
    for (const shard of shards) if (!isOpen(shard)) this.#passed.add(shard.ShardId ?? '');
  }

  /** Begins to read. */
  start(): void {
    const { clock, name } = this.#parts;
    for (const reader of this.#readers.values()) reader.start();
    this.#discovery = clock.poll(`${name} shards`, DISCOVERY_INTERVAL_MS, async () => {
      const before = this.#readers.size;
      await this.#discoverOrWarn();
      return this.#readers.size !== before;
    });
  }

  /** When a record arrived by the clock, ms since the epoch. */
  arrivalOf({ ApproximateArrivalTimestamp }: Pick<KinesisRecord, 'ApproximateArrivalTimestamp'>): number {
    const { clock, onClock } = this.#parts;
    const stamp = ApproximateArrivalTimestamp?.getTime() ?? 0;
    return onClock ? stamp : clock.fromMachine(stamp);
  }

  /** Reads the children of the shards that are done with by now. */
  async follow(): Promise<void> {
    // A look that is under way may have seen the shard before it was done with.
    await this.#discovering?.catch(() => undefined);
    await this.#discoverOrWarn();
  }

  stop(): void {
    this.#stopped = true;
    this.#discovery?.cancel();
    for (const reader of this.#readers.values()) reader.stop();
  }

  #makeReader(shardId: string, start: StartingPosition): ShardReader {
    const { name, streamName, clock, client, onClock, events } = this.#parts;
    const readerEvents: ShardReaderEvents = {
      wanted: events.wanted,
      throttled: events.throttled,
      records: (shard, records) => {
        this.#failing = false;
        events.records(shard, records);
      },
      failed: (shard, error) => {
        this.#warn(`reading ${shard} of ${streamName} failed: ${String(error)}`);
        return this.#discoverOrWarn();
      },
      ended: async () => void (await this.#discoverOrWarn()),
    };
    return new ShardReader(
      { name: `${name} ${shardId}`, streamName, shardId, clock, client, onClock, events: readerEvents },
      start,
    );
  }

  /** Resolves to whether the stream answered. */
  async #discoverOrWarn(): Promise<boolean> {
    this.#discovering ??= this.#discover().finally(() => {
      this.#discovering = undefined;
    });
    try {
      await this.#discovering;
      return true;
    } catch (error) {
      this.#warn(`${this.#parts.streamName} does not answer: ${String(error)}`);
      return false;
    }
  }

  /** Sees what has become of the stream, and reads whatever can be read now. */
  async #discover(): Promise<void> {
    const summary = await this.#describe();
    const shards = await this.#listShards();
    if (this.#stopped) return;
    const createdAt = summary.StreamCreationTimestamp?.getTime();
    const read = createdAt === this.#createdAt ? new Map<string, string>() : this.#forget(createdAt);
    for (const reader of this.#addReaders(shards, read)) reader.start();
  }

  /** Makes a reader for each shard that can be read now, from after the record that `read` names for it. */
  #addReaders(shards: readonly Shard[], read: ReadonlyMap<string, string>): ShardReader[] {
    const known = new Set(shards.map((shard) => shard.ShardId));
    const added: ShardReader[] = [];
    for (const shard of shards) {
      const shardId = shard.ShardId ?? '';
      if (this.#readers.has(shardId) || this.#passed.has(shardId)) continue;
      const parents = [shard.ParentShardId, shard.AdjacentParentShardId].filter((id) => id !== undefined);
      if (!parents.every((id) => !known.has(id) || this.#isPast(id))) continue;
      const afterSequenceNumber = read.get(shardId);
      const reader = this.#makeReader(shardId, afterSequenceNumber ? { afterSequenceNumber } : 'TRIM_HORIZON');
      this.#readers.set(shardId, reader);
      added.push(reader);
    }
    return added;
  }

  #isPast(shardId: string): boolean {
    if (this.#passed.has(shardId)) return true;
    return this.#readers.get(shardId)?.ended === true && (this.#parts.events.done?.(shardId) ?? true);
  }

  /** It is another stream. Returns up to where an iterator of the old one has already read it, by shard. */
  #forget(createdAt: number | undefined): Map<string, string> {
    const { streamName, events } = this.#parts;
    events.warning(`${streamName} was deleted and created again; all of the new stream is read`);
    const read = new Map<string, string>();
    for (const reader of this.#readers.values()) {
      reader.stop();
      const { sequenceNumber, arrival } = reader.last;
      const isOfNewStream = createdAt !== undefined && arrival >= createdAt + CREATION_PRECISION_MS;
      if (isOfNewStream && sequenceNumber !== undefined) read.set(reader.shardId, sequenceNumber);
    }
    this.#readers.clear();
    this.#passed.clear();
    this.#createdAt = createdAt;
    return read;
  }

  async #describe(): Promise<StreamDescriptionSummary> {
    const { client, streamName, events } = this.#parts;
    const { StreamDescriptionSummary: summary } = await client.send(
      new DescribeStreamSummaryCommand({ StreamName: streamName }),
    );
    if (summary?.StreamStatus !== 'ACTIVE' && summary?.StreamStatus !== 'UPDATING') {
      throw new Error(`${streamName} is ${summary?.StreamStatus}`);
    }
    if (summary.RetentionPeriodHours !== undefined) events.retention(summary.RetentionPeriodHours * MS_PER_HOUR);
    return summary;
  }

  async #listShards(): Promise<Shard[]> {
    const { client, streamName } = this.#parts;
    const shards: Shard[] = [];
    let token: string | undefined;
    do {
      const page = await client.send(
        new ListShardsCommand(token === undefined ? { StreamName: streamName } : { NextToken: token }),
      );
      shards.push(...(page.Shards ?? []));
      token = page.NextToken;
    } while (token !== undefined);
    return shards;
  }

  /** Once for each stretch of trouble, not once a second. */
  #warn(message: string): void {
    if (!this.#failing) this.#parts.events.warning(message);
    this.#failing = true;
  }
}
