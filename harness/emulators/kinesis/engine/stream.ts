import type { Clock } from '../../../clock/index.ts';
import { DEFAULT_RECORD_KIB, HOUR_MS, KIB, type METRICS, MIN_RETENTION_HOURS } from '../limits.ts';
import type { BlockCache } from './block-cache.ts';
import { evenRanges, type HashKeyRange, hashKeyOf, holderOf } from './hash-keys.ts';
import { reshard } from './resharding.ts';
import { Shard, shardId } from './shard.ts';
import { ShardLog } from './shard-log.ts';

export type StreamStatus = 'CREATING' | 'ACTIVE' | 'UPDATING' | 'DELETING';
export type StreamMode = 'PROVISIONED' | 'ON_DEMAND';

export interface StreamParts {
  readonly id: string;
  readonly name: string;
  readonly arn: string;
  readonly region: string;
  readonly accountId: string;
  readonly mode: StreamMode;
  /** ms since the epoch. */
  readonly createdAt: number;
  readonly clock: Clock;
  /** An existing folder for its files. */
  readonly dir: string;
  readonly cache: BlockCache;
  readonly throttling: boolean;
}

export interface PutInput {
  readonly partitionKey: string;
  /** In decimal, checked; instead of the partition key's. */
  readonly explicitHashKey?: string | undefined;
  readonly data: Uint8Array;
}

export interface PutOutput {
  readonly shard: Shard;
  /** Undefined where the shard takes no more in this second. */
  readonly sequenceNumber: string | undefined;
}

/** Shards that cover all hash keys, closed ones as long as they may have records, and what was set. */
export class Stream {
  readonly id: string;
  readonly name: string;
  readonly arn: string;
  readonly region: string;
  readonly accountId: string;
  readonly createdAt: number;
  readonly place: string;
  readonly dimensions: { readonly StreamName: string };
  readonly tags = new Map<string, string>();
  readonly shardMetrics = new Set<(typeof METRICS)[number]>();
  /** When UpdateShardCount was called, ms since the epoch. */
  readonly resizes: number[] = [];
  /** When its mode was changed, ms since the epoch. */
  readonly modeChanges: number[] = [];
  status: StreamStatus = 'CREATING';
  /** How many more shards will be open once it is ACTIVE again; they count for the region's limit already. */
  opening = 0;
  mode: StreamMode;
  retentionHours = MIN_RETENTION_HOURS;
  recordKiB = DEFAULT_RECORD_KIB;
  /** The KMS key; undefined where records are not encrypted. */
  keyId: string | undefined;
  readonly #parts: StreamParts;
  #shards: Shard[] = [];
  /** The open ones, in the order of their hash keys. */
  #open: Shard[] = [];
  #shardCount = 0;

  constructor(parts: StreamParts) {
    const { id, name, arn, region, accountId, mode, createdAt } = parts;
    this.#parts = parts;
    this.id = id;
    this.name = name;
    this.arn = arn;
    this.region = region;
    this.accountId = accountId;
    this.mode = mode;
    this.createdAt = createdAt;
    this.place = `kinesis/${name}`;
    this.dimensions = { StreamName: name };
  }

  /** All that are there, in the order of their ids. */
  get shards(): readonly Shard[] {
    return this.#shards;
  }

  /** The open ones, in the order of their hash keys. */
  get openShards(): readonly Shard[] {
    return this.#open;
  }

  /** Whether records can be put and read. */
  get isServing(): boolean {
    return this.status === 'ACTIVE' || this.status === 'UPDATING';
  }

  get maxRecordBytes(): number {
    return this.recordKiB * KIB;
  }

  get retentionMs(): number {
    return this.retentionHours * HOUR_MS;
  }

  shard(index: number): Shard | undefined {
    return this.#shards.find((shard) => shard.index === index);
  }

  openFirst(count: number): void {
    this.#open = evenRanges(count).map((range) => this.#add(range, []));
  }

  put({ partitionKey, explicitHashKey, data }: PutInput): PutOutput {
    const shard = this.#route(partitionKey, explicitHashKey);
    if (this.#parts.throttling && !shard.writes.admit(data.length + Buffer.byteLength(partitionKey))) {
      return { shard, sequenceNumber: undefined };
    }
    return { shard, sequenceNumber: shard.append({ partitionKey, data, encrypted: this.keyId !== undefined }) };
  }

  /** False where the shard gives no more in this second. */
  admitReading(shard: Shard): boolean {
    return !this.#parts.throttling || shard.reads.admit();
  }

  split(shard: Shard, newStart: bigint): readonly [Shard, Shard] {
    shard.close();
    const left = this.#add({ start: shard.range.start, end: newStart - 1n }, [shard]);
    const right = this.#add({ start: newStart, end: shard.range.end }, [shard]);
    this.#open.splice(this.#open.indexOf(shard), 1, left, right);
    return [left, right];
  }

  /** @param right the one whose hash keys follow those of `left` */
  merge(left: Shard, right: Shard): Shard {
    left.close();
    right.close();
    const merged = this.#add({ start: left.range.start, end: right.range.end }, [left, right]);
    this.#open.splice(this.#open.indexOf(left), 2, merged);
    return merged;
  }

  reshard(target: number): void {
    reshard<Shard>([...this.#open], target, {
      split: (shard, newStart) => this.split(shard, newStart),
      merge: (left, right) => this.merge(left, right),
    });
  }

  /**
   * Forgets what is past its retention, also shards that can have nothing any more. Returns the sequence numbers of
   * records that nobody was ever given.
   */
  trim(): string[] {
    const horizon = this.#parts.clock.now() - this.retentionMs;
    const missed = this.#shards.flatMap((shard) => shard.trim(horizon));
    const isPast = ({ closedAt }: Shard) => closedAt !== undefined && closedAt < horizon;
    if (!this.#shards.some(isPast)) return missed;
    for (const shard of this.#shards) if (isPast(shard)) shard.remove();
    this.#shards = this.#shards.filter((shard) => !isPast(shard));
    return missed;
  }

  /** Removes its files. */
  remove(): void {
    for (const shard of this.#shards) shard.remove();
    this.#shards = [];
    this.#open = [];
  }

  #route(partitionKey: string, explicitHashKey: string | undefined): Shard {
    const [only] = this.#open;
    if (only && this.#open.length === 1) return only;
    const key = explicitHashKey === undefined ? hashKeyOf(partitionKey) : BigInt(explicitHashKey);
    return holderOf(this.#open, key);
  }

  #add(range: HashKeyRange, parents: readonly Shard[]): Shard {
    const { dir, cache, clock } = this.#parts;
    const index = this.#shardCount++;
    const log = new ShardLog(dir, `${this.id}.${shardId(index)}`, cache);
    const shard = new Shard({ index, range, parents, notBefore: this.createdAt, clock, log });
    this.#shards.push(shard);
    return shard;
  }
}
