import type { Clock } from '../../../clock/index.ts';
import type { HashKeyRange } from './hash-keys.ts';
import { NumberRanges } from './number-ranges.ts';
import { formatSequenceNumber, LAST_COUNTER, type SequenceNumber, sequenceNumbersOf } from './sequence-number.ts';
import type { LogRecord, NewRecord, ShardLog } from './shard-log.ts';
import { ReadThrottle, WriteThrottle } from './throttle.ts';

export interface ShardParts {
  readonly index: number;
  readonly range: HashKeyRange;
  /** The shard that it was split from, or the two that were merged. */
  readonly parents: readonly Shard[];
  /** The stream's creation, ms since the epoch. */
  readonly notBefore: number;
  readonly clock: Clock;
  readonly log: ShardLog;
}

export interface ReadRecord extends Omit<LogRecord, 'number'> {
  readonly sequenceNumber: string;
}

export interface Reading {
  readonly records: readonly ReadRecord[];
  /** The number of the record that the next reading begins with. */
  readonly next: number;
  /** Of data and partition keys. */
  readonly bytes: number;
  /** ms from the newest record given to now; 0 when there are no more. */
  readonly behind: number;
}

/** One shard: a range of hash keys, and what was put there in order. Its records are numbered from 1. */
export class Shard {
  readonly index: number;
  readonly id: string;
  readonly range: HashKeyRange;
  readonly parents: readonly Shard[];
  /** ms since the epoch. */
  readonly openedAt: number;
  readonly startingSequenceNumber: string;
  readonly writes: WriteThrottle;
  readonly reads: ReadThrottle;
  readonly children: Shard[] = [];
  readonly #clock: Clock;
  readonly #log: ShardLog;
  /** Whole seconds since the epoch, as the sequence numbers have it. */
  readonly #created: number;
  readonly #sequenceNumber: (counter: bigint, put: number) => string;
  #closed: { readonly at: number; readonly endingSequenceNumber: string } | undefined;
  readonly #given = new NumberRanges();
  /** The arrival of the oldest record; undefined while it has to be looked up. */
  #oldestArrival: number | undefined;

  constructor({ index, range, parents, notBefore, clock, log }: ShardParts) {
    this.index = index;
    this.id = shardId(index);
    this.range = range;
    this.parents = parents;
    this.openedAt = clock.now();
    this.writes = new WriteThrottle(clock);
    this.reads = new ReadThrottle(clock);
    this.#clock = clock;
    this.#log = log;
    // Sequence numbers of children are larger than their parents', also where the clock stands or was set back.
    this.#created = Math.max(
      toSeconds(Math.max(this.openedAt, notBefore)),
      ...parents.map((parent) => parent.#created + 1),
    );
    this.#sequenceNumber = sequenceNumbersOf(this.#created, index);
    this.startingSequenceNumber = this.#sequenceNumber(0n, this.#created);
    for (const parent of parents) parent.children.push(this);
  }

  get isOpen(): boolean {
    return this.#closed === undefined;
  }

  /** ms since the epoch; undefined while it is open. */
  get closedAt(): number | undefined {
    return this.#closed?.at;
  }

  get endingSequenceNumber(): string | undefined {
    return this.#closed?.endingSequenceNumber;
  }

  /** The number that the next record will have. */
  get next(): number {
    return this.#log.next;
  }

  /** Returns the record's sequence number. */
  append(record: Omit<NewRecord, 'arrival'>): string {
    const arrival = this.#clock.now();
    return this.#numberOf(this.#log.append({ ...record, arrival }), arrival);
  }

  close(): void {
    const at = this.#clock.now();
    const endingSequenceNumber = formatSequenceNumber({
      shardCreated: this.#created,
      shardIndex: this.index,
      counter: LAST_COUNTER,
      put: Math.max(toSeconds(at), this.#created),
    });
    this.#closed = { at, endingSequenceNumber };
  }

  /** True of a sequence number that this shard gave, or might have given. */
  gave({ shardCreated }: Pick<SequenceNumber, 'shardCreated'>): boolean {
    return shardCreated === this.#created;
  }

  /** True of a sequence number that is not past the newest that this shard gave. */
  hasReached(number: Pick<SequenceNumber, 'shardCreated' | 'counter'>): boolean {
    return this.gave(number) && number.counter < BigInt(this.next);
  }

  /** The number of the first record that arrived at or after `instant`. */
  since(instant: number): number {
    return this.#log.since(instant);
  }

  /** At least one record from `number` on where there is one; else at most so many and so many bytes. */
  read(number: number, maxRecords: number, maxBytes: number): Reading {
    const records: ReadRecord[] = [];
    let bytes = 0;
    let next = Math.max(number, this.#log.oldest);
    for (const { number: found, ...record } of this.#log.from(number)) {
      const size = record.data.length + Buffer.byteLength(record.partitionKey);
      if (records.length > 0 && (records.length >= maxRecords || bytes + size > maxBytes)) break;
      records.push({ ...record, sequenceNumber: this.#numberOf(found, record.arrival) });
      bytes += size;
      next = found + 1;
    }
    if (records.length > 0) this.#given.add(next - records.length, next);
    const newest = records.at(-1)?.arrival ?? this.#clock.now();
    const behind = next < this.next ? Math.max(this.#clock.now() - newest, 1) : 0;
    return { records, next, bytes, behind };
  }

  /** Forgets what arrived before `instant`. Returns the sequence numbers of records that nobody was ever given. */
  trim(instant: number): string[] {
    const { oldest, next } = this.#log;
    if (oldest === next || (this.#oldestArrival !== undefined && this.#oldestArrival >= instant)) return [];
    const missed: string[] = [];
    let kept = next;
    this.#oldestArrival = undefined;
    for (const { number, arrival } of this.#log.from(oldest)) {
      if (arrival >= instant) {
        kept = number;
        this.#oldestArrival = arrival;
        break;
      }
      if (!this.#given.has(number)) missed.push(this.#numberOf(number, arrival));
    }
    this.#log.trimTo(kept);
    this.#given.forgetBefore(kept);
    return missed;
  }

  /** Removes its files. */
  remove(): void {
    this.#log.close();
  }

  #numberOf(number: number, arrival: number): string {
    return this.#sequenceNumber(BigInt(number), Math.max(toSeconds(arrival), this.#created));
  }
}

export function shardId(index: number): string {
  return `shardId-${String(index).padStart(12, '0')}`;
}

function toSeconds(ms: number): number {
  return Math.floor(ms / 1000);
}
