import {
  ExpiredIteratorException,
  GetRecordsCommand,
  type GetRecordsCommandOutput,
  GetShardIteratorCommand,
  type KinesisClient,
  type _Record as KinesisRecord,
  type ShardIteratorType,
} from '@aws-sdk/client-kinesis';
import { type Clock, machine, type Timer } from '../clock/index.ts';

/**
 * Firehose and Lambda call GetRecords once a second for each shard (Firehose developer guide, "Writing with Kinesis Data
 * Streams"; Lambda developer guide, "Using Lambda with Kinesis").
 */
const READ_INTERVAL_MS = 1000;
/**
 * A reader that is throttled looks again after this, and once a second from then on: at another time than those who were
 * served before it, who would be served before it again. A part of no second, so that it comes to every time in turn.
 */
const THROTTLED_MS = 370;
/** What one GetRecords may ask for (Kinesis API model). */
const MAX_RECORDS = 10_000;
const THROTTLED = new Set(['ProvisionedThroughputExceededException', 'LimitExceededException', 'ThrottlingException']);

export interface ShardReaderParts {
  /** Names its poll. */
  readonly name: string;
  readonly streamName: string;
  readonly shardId: string;
  readonly clock: Clock;
  readonly client: KinesisClient;
  /** Whether the stream's times are the clock's; those of a real server are the machine's. */
  readonly onClock: boolean;
  readonly events: ShardReaderEvents;
}

export interface ShardReaderEvents {
  /** False while nothing more of the shard can be taken. */
  wanted(shardId: string): boolean;
  records(shardId: string, records: readonly KinesisRecord[]): void;
  throttled(shardId: string): void;
  /**
   * Reading failed in a way that may mean another stream of the same name, in which case this reader is stopped.
   * Resolves to whether the stream answers.
   */
  failed(shardId: string, error: unknown): Promise<boolean>;
  /** The shard was closed and is read to its end. */
  ended(shardId: string): Promise<void>;
}

/** How often in a row reading may fail on a stream that answers before virtual time no longer waits for it. */
const MAX_EAGER_RETRIES = 60;

/** Where a reader begins: at one end of the shard, or after a record. */
export type StartingPosition = 'LATEST' | 'TRIM_HORIZON' | { readonly afterSequenceNumber: string };

/** Reads one shard, once a second, for as long as it has records, and does not give up. */
export class ShardReader {
  readonly shardId: string;
  readonly #parts: ShardReaderParts;
  readonly #start: 'LATEST' | 'TRIM_HORIZON';
  #iterator: string | undefined;
  #lastSequenceNumber: string | undefined;
  #lastArrival = Number.NEGATIVE_INFINITY;
  #failures = 0;
  /** The stream's time at which the position LATEST was taken. */
  #latestAt: number | undefined;
  #poll: Timer | undefined;
  #stopped = false;
  /** True once every record of a closed shard was read. */
  ended = false;

  constructor(parts: ShardReaderParts, start: StartingPosition) {
    this.shardId = parts.shardId;
    this.#parts = parts;
    this.#start = start === 'LATEST' ? start : 'TRIM_HORIZON';
    if (typeof start === 'object') this.#lastSequenceNumber = start.afterSequenceNumber;
  }

  /** The last record that was read; its arrival in the stream's time. */
  get last(): { readonly sequenceNumber: string | undefined; readonly arrival: number } {
    return { sequenceNumber: this.#lastSequenceNumber, arrival: this.#lastArrival };
  }

  /**
   * Takes its position in the shard, so that whatever is put from now on will be read. What a read from LATEST gives
   * at once was put before: kinesis-mock 0.4 gives a shard's only record there, and again from the next iterator.
   */
  async open(): Promise<void> {
    // From before the call: should the iterator expire before its first record, some come twice rather than never.
    const before = this.#now();
    const { Records: records = [], NextShardIterator: next } = await this.#getRecords(await this.#getIterator());
    this.#iterator = next;
    this.#lastSequenceNumber = records.at(-1)?.SequenceNumber;
    this.#latestAt = before;
  }

  start(): void {
    const { clock, name } = this.#parts;
    this.#poll = clock.poll(name, READ_INTERVAL_MS, () => this.#look());
  }

  stop(): void {
    this.#stopped = true;
    this.#poll?.cancel();
  }

  /** Resolves to whether another look may find more. */
  async #look(): Promise<boolean> {
    const { events } = this.#parts;
    if (this.#stopped || !events.wanted(this.shardId)) return false;
    try {
      const answer = await this.#read();
      if (this.#stopped) return false;
      return await this.#take(answer);
    } catch (error) {
      if (this.#stopped) return false;
      if (error instanceof Error && THROTTLED.has(error.name)) {
        events.throttled(this.shardId);
        this.#lookLater();
        return true;
      }
      this.#iterator = undefined;
      this.#failures++;
      // What does not answer has nothing new until something happens, such as its return.
      return (await events.failed(this.shardId, error)) && this.#failures <= MAX_EAGER_RETRIES;
    }
  }

  #lookLater(): void {
    const { clock, name } = this.#parts;
    this.#poll?.cancel();
    const timer = clock.setTimer(`${name} throttled`, THROTTLED_MS, async () => {
      await this.#look();
      if (this.#poll === timer && !this.#stopped) this.start();
    });
    this.#poll = timer;
  }

  async #read(): Promise<GetRecordsCommandOutput> {
    this.#iterator ??= await this.#getIterator();
    try {
      return await this.#getRecords(this.#iterator);
    } catch (error) {
      if (!(error instanceof ExpiredIteratorException)) throw error;
      this.#iterator = await this.#getIterator();
      return await this.#getRecords(this.#iterator);
    }
  }

  async #take(answer: GetRecordsCommandOutput): Promise<boolean> {
    const { NextShardIterator: next, MillisBehindLatest: behind = 0 } = answer;
    const records = this.#unread(answer.Records ?? []);
    this.#iterator = next;
    this.#failures = 0;
    const last = records.at(-1);
    if (last) {
      this.#lastSequenceNumber = last.SequenceNumber;
      this.#lastArrival = last.ApproximateArrivalTimestamp?.getTime() ?? Number.NEGATIVE_INFINITY;
      this.#parts.events.records(this.shardId, records);
    }
    if (next === undefined) {
      this.ended = true;
      this.stop();
      await this.#parts.events.ended(this.shardId);
      return true;
    }
    return records.length > 0 || behind > 0;
  }

  /** Without what was read already: sequence numbers only grow within a shard. */
  #unread(records: readonly KinesisRecord[]): readonly KinesisRecord[] {
    const last = this.#lastSequenceNumber;
    const [first] = records;
    if (last === undefined || first === undefined || isAfter(first.SequenceNumber, last)) return records;
    return records.filter((record) => isAfter(record.SequenceNumber, last));
  }

  #getRecords(iterator: string): Promise<GetRecordsCommandOutput> {
    return this.#parts.client.send(new GetRecordsCommand({ ShardIterator: iterator, Limit: MAX_RECORDS }));
  }

  async #getIterator(): Promise<string> {
    const { client, streamName, shardId } = this.#parts;
    const { ShardIterator: iterator } = await client.send(
      new GetShardIteratorCommand({ StreamName: streamName, ShardId: shardId, ...this.#position() }),
    );
    if (iterator === undefined) throw new Error(`Kinesis gave no iterator for ${shardId}`);
    return iterator;
  }

  /** The stream's time. */
  #now(): number {
    return this.#parts.onClock ? this.#parts.clock.now() : machine.now();
  }

  #position(): { ShardIteratorType: ShardIteratorType; StartingSequenceNumber?: string; Timestamp?: Date } {
    if (this.#lastSequenceNumber !== undefined) {
      return { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber: this.#lastSequenceNumber };
    }
    // LATEST a second time would skip what came in between.
    if (this.#latestAt !== undefined) {
      return {
        ShardIteratorType: 'AT_TIMESTAMP',
        // The clock may have been set back since, and a time to come is refused.
        Timestamp: new Date(Math.min(this.#latestAt, this.#now())),
      };
    }
    return { ShardIteratorType: this.#start };
  }
}

/** Compares two decimal numbers of any length. */
function isAfter(sequenceNumber = '', other: string): boolean {
  return sequenceNumber.length === other.length ? sequenceNumber > other : sequenceNumber.length > other.length;
}
