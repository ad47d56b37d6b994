import type { Clock } from '../../../clock/index.ts';
import {
  READ_BYTES_PER_SECOND,
  READ_CALLS_PER_SECOND,
  WRITE_BYTES_PER_SECOND,
  WRITE_RECORDS_PER_SECOND,
} from '../limits.ts';

/** Fills with `perSecond` tokens a second, up to as many as a second brings. */
class Bucket {
  readonly #clock: Clock;
  readonly #perSecond: number;
  #tokens: number;
  #filledAt: number;

  constructor(clock: Clock, perSecond: number) {
    this.#clock = clock;
    this.#perSecond = perSecond;
    this.#tokens = perSecond;
    this.#filledAt = clock.now();
  }

  /** What is more than a second brings needs a full bucket. */
  has(tokens: number): boolean {
    const now = this.#clock.now();
    // A clock that was set back has not taken anything away.
    const seconds = Math.max(now - this.#filledAt, 0) / 1000;
    this.#tokens = Math.min(this.#tokens + seconds * this.#perSecond, this.#perSecond);
    this.#filledAt = now;
    return this.#tokens >= Math.min(tokens, this.#perSecond);
  }

  take(tokens: number): void {
    this.#tokens -= tokens;
  }

  get overdrawn(): boolean {
    return this.#tokens < 0;
  }
}

/** What one shard takes. */
export class WriteThrottle {
  readonly #records: Bucket;
  readonly #bytes: Bucket;

  constructor(clock: Clock) {
    this.#records = new Bucket(clock, WRITE_RECORDS_PER_SECOND);
    this.#bytes = new Bucket(clock, WRITE_BYTES_PER_SECOND);
  }

  /** @param bytes of data and partition key */
  admit(bytes: number): boolean {
    if (!this.#records.has(1) || !this.#bytes.has(bytes)) return false;
    this.#records.take(1);
    this.#bytes.take(bytes);
    return true;
  }
}

/** What one shard gives to all its readers together. */
export class ReadThrottle {
  readonly #clock: Clock;
  readonly #calls: Bucket;
  readonly #bytes: Bucket;
  #readAt = Number.NEGATIVE_INFINITY;
  #blockedUntil = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#calls = new Bucket(clock, READ_CALLS_PER_SECOND);
    this.#bytes = new Bucket(clock, READ_BYTES_PER_SECOND);
  }

  admit(): boolean {
    const now = this.#clock.now();
    const isBlocked = now < this.#blockedUntil && now >= this.#readAt;
    if (!this.#calls.has(1) || isBlocked) return false;
    this.#calls.take(1);
    return true;
  }

  /** An answer larger than what is left of the second's bytes is given, and paid for: 10 MiB with 5 seconds. */
  gave(bytes: number): void {
    this.#bytes.has(0);
    this.#bytes.take(bytes);
    this.#readAt = this.#clock.now();
    if (this.#bytes.overdrawn) this.#blockedUntil = this.#readAt + (bytes / READ_BYTES_PER_SECOND) * 1000;
  }
}
