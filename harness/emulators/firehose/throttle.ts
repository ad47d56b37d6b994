import type { Clock } from '../../clock/index.ts';
import type { Throughput } from './limits.ts';

/** Fills with `perSecond` tokens a second, up to as many as a second brings. */
export class TokenBucket {
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

  has(tokens: number): boolean {
    const now = this.#clock.now();
    // A clock that was set back has not taken anything away.
    const seconds = Math.max(now - this.#filledAt, 0) / 1000;
    this.#tokens = Math.min(this.#tokens + seconds * this.#perSecond, this.#perSecond);
    this.#filledAt = now;
    return this.#tokens >= tokens;
  }

  take(tokens: number): void {
    this.#tokens -= tokens;
  }
}

/** What the quota of one delivery stream lets in of direct puts. */
export class Throttle {
  readonly #requests: TokenBucket;
  readonly #records: TokenBucket;
  readonly #bytes: TokenBucket;

  constructor(clock: Clock, quota: Throughput) {
    this.#requests = new TokenBucket(clock, quota.requestsPerSecond);
    this.#records = new TokenBucket(clock, quota.recordsPerSecond);
    this.#bytes = new TokenBucket(clock, quota.bytesPerSecond);
  }

  /** Whether another request is let in at all. */
  admitRequest(): boolean {
    if (!this.#requests.has(1)) return false;
    this.#requests.take(1);
    return true;
  }

  /** Whether one of its records is let in. */
  admitRecord(bytes: number): boolean {
    if (!this.#records.has(1) || !this.#bytes.has(bytes)) return false;
    this.#records.take(1);
    this.#bytes.take(bytes);
    return true;
  }
}
