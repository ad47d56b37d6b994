import type { Clock, Timer } from '../../../../clock/index.ts';

/** A queue's batches run five at a time at first (Lambda developer guide, "Configuring scaling behavior for SQS"). */
const INITIAL_CONCURRENCY = 5;
/** While messages wait, 300 more a minute. */
const GROWTH_INTERVAL_MS = 60_000 / 300;
const MAX_CONCURRENCY = 1250;

/**
 * How many batches of a queue may run at once. It grows while all places are taken, falls back when none is, and is
 * halved by a batch that failed: AWS polls less then, by how much it does not say.
 */
export class Scaling {
  readonly #clock: Clock;
  readonly #name: string;
  readonly #max: () => number | undefined;
  #taken = 0;
  #saturatedSince: number | undefined;
  /** What failures have left of the limit. */
  #ceiling = MAX_CONCURRENCY;
  #changed = Promise.withResolvers<void>();

  /** @param max `MaximumConcurrency`, as it is now */
  constructor(clock: Clock, name: string, max: () => number | undefined) {
    this.#clock = clock;
    this.#name = name;
    this.#max = max;
  }

  get limit(): number {
    const waited = this.#saturatedSince === undefined ? 0 : this.#clock.now() - this.#saturatedSince;
    const grown = INITIAL_CONCURRENCY + Math.max(0, Math.floor(waited / GROWTH_INTERVAL_MS));
    return Math.min(grown, this.#max() ?? MAX_CONCURRENCY, MAX_CONCURRENCY, this.#ceiling);
  }

  get isFree(): boolean {
    return this.#taken < this.limit;
  }

  /** Resolves once a batch may begin. Rejects with the signal's reason. */
  async whenFree(signal: AbortSignal): Promise<void> {
    while (!this.isFree) {
      signal.throwIfAborted();
      this.#saturatedSince ??= this.#clock.now();
      await this.#nextChange(signal);
    }
  }

  take(): void {
    this.#taken++;
  }

  release(): void {
    this.#taken--;
    if (this.#taken === 0) this.#saturatedSince = undefined;
    this.#wake();
  }

  succeeded(): void {
    this.#ceiling = Math.min(this.#ceiling + 1, MAX_CONCURRENCY);
  }

  failed(): void {
    this.#ceiling = Math.max(1, Math.floor(this.limit / 2));
  }

  #wake(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers<void>();
  }

  async #nextChange(signal: AbortSignal): Promise<void> {
    const wake = () => this.#wake();
    signal.addEventListener('abort', wake, { once: true });
    let timer: Timer | undefined;
    if (this.limit < Math.min(this.#max() ?? MAX_CONCURRENCY, this.#ceiling)) {
      timer = this.#clock.setTimer(`${this.#name} scaling`, GROWTH_INTERVAL_MS, wake);
    }
    try {
      await this.#changed.promise;
    } finally {
      timer?.cancel();
      signal.removeEventListener('abort', wake);
    }
  }
}
