import type { Clock, Lock, Timer } from '../../../../clock/index.ts';
import { pause } from '../persist.ts';
import { type StreamRecord, sizeInEvent } from './event.ts';

/** The payload of a synchronous invocation (Lambda quotas). */
const MAX_PAYLOAD_BYTES = 6 * 1024 * 1024;
/**
 * Between two attempts of a batch: from this, doubling. AWS does not document its own; these make as many attempts in a
 * minute as were recorded of it.
 */
const BACKOFF_INITIAL_MS = 500;
const BACKOFF_MAX_MS = 60_000;

/** What a mapping says of its batches, as it is now. */
export interface LineSettings {
  readonly batchSize: number;
  readonly batchingWindowMs: number;
  /** -1: no limit. */
  readonly maximumRetryAttempts: number;
  /** -1: no limit but the stream's own. */
  readonly maximumRecordAgeMs: number;
  /** How long the stream keeps its records. */
  readonly retentionMs: number;
  readonly bisectBatchOnFunctionError: boolean;
}

export type BatchOutcome =
  | { readonly kind: 'success' }
  | { readonly kind: 'failure' }
  /** All before this sequence number succeeded; from it on all is to be run again. */
  | { readonly kind: 'partial'; readonly checkpoint: string }
  /** Throttled, or failed before the function ran. */
  | { readonly kind: 'not-invoked' };

export type DiscardCondition = 'RetryAttemptsExhausted' | 'RecordAgeExceeded';

export interface LineOutlet {
  /** @param attempt 1 for the first run of these records */
  invoke(records: readonly StreamRecord[], attempt: number, lock: Lock): Promise<BatchOutcome>;
  /**
   * Tells of records that are given up. Rejects when the signal comes first: then they are not.
   *
   * @param invokeCount as a destination's record tells it
   */
  discard(
    records: readonly StreamRecord[],
    condition: DiscardCondition,
    invokeCount: number,
    lock: Lock,
    signal: AbortSignal,
  ): Promise<void>;
  /** Nothing waits any more. */
  idle(): void;
}

export interface LineParts {
  readonly name: string;
  readonly clock: Clock;
  readonly settings: () => LineSettings;
  readonly outlet: LineOutlet;
}

interface Waiting {
  readonly record: StreamRecord;
  readonly since: number;
  readonly bytes: number;
}

/** Records that are to succeed, or to be given up, before any that come after them. */
interface Work {
  readonly records: readonly StreamRecord[];
  readonly retries: number;
}

/**
 * Runs the records of one shard, or of one lane of it, in their order: batch after batch, and a batch that fails again
 * and again until it succeeds or is given up.
 */
export class ShardLine {
  readonly #parts: LineParts;
  #waiting: Waiting[] = [];
  #window: Timer | undefined;
  #running: Promise<void> | undefined;
  #abort = new AbortController();

  constructor(parts: LineParts) {
    this.#parts = parts;
  }

  get isIdle(): boolean {
    return this.#waiting.length === 0 && this.#running === undefined;
  }

  /** How many records wait for their batch. */
  get waiting(): number {
    return this.#waiting.length;
  }

  add(records: readonly StreamRecord[]): void {
    const since = this.#parts.clock.now();
    for (const record of records) this.#waiting.push({ record, since, bytes: sizeInEvent(record) });
    this.#consider();
  }

  /** Ends what waits for another attempt; it begins anew with `resume`. Resolves when nothing runs. */
  async pause(): Promise<void> {
    this.#abort.abort(new Error('the event source mapping was stopped'));
    this.#window?.cancel();
    this.#window = undefined;
    await this.#running;
  }

  resume(): void {
    if (!this.#abort.signal.aborted) return;
    this.#abort = new AbortController();
    this.#consider();
  }

  /** Runs what is due, or waits until it is. */
  #consider(): void {
    const { clock, name } = this.#parts;
    if (this.#running || this.#abort.signal.aborted || this.#waiting.length === 0) return;
    const delayMs = this.#delayMs();
    if (delayMs > 0) {
      this.#window ??= clock.setTimer(`${name} window`, delayMs, () => {
        this.#window = undefined;
        this.#consider();
      });
      return;
    }
    this.#window?.cancel();
    this.#window = undefined;
    this.#running = clock.run(name, async (lock) => {
      try {
        while (!this.#abort.signal.aborted && this.#waiting.length > 0 && this.#delayMs() <= 0) {
          await this.#process(this.#nextBatch(), lock);
        }
      } finally {
        this.#running = undefined;
        this.#consider();
        if (this.isIdle) this.#parts.outlet.idle();
      }
    });
  }

  /** How long the next batch has to wait: until it is full, too large, or its window is over. */
  #delayMs(): number {
    const { batchSize, batchingWindowMs } = this.#parts.settings();
    const [oldest] = this.#waiting;
    if (!oldest || batchingWindowMs === 0 || this.#waiting.length >= batchSize) return 0;
    const bytes = this.#waiting.reduce((sum, waiting) => sum + waiting.bytes, 0);
    return bytes >= MAX_PAYLOAD_BYTES ? 0 : oldest.since + batchingWindowMs - this.#parts.clock.now();
  }

  #nextBatch(): StreamRecord[] {
    const { batchSize } = this.#parts.settings();
    let bytes = 0;
    let count = 0;
    for (const waiting of this.#waiting) {
      bytes += waiting.bytes;
      if (count === batchSize || (count > 0 && bytes > MAX_PAYLOAD_BYTES)) break;
      count++;
    }
    return this.#waiting.splice(0, count).map(({ record }) => record);
  }

  async #process(batch: readonly StreamRecord[], lock: Lock): Promise<void> {
    const work: Work[] = [{ records: batch, retries: 0 }];
    const { signal } = this.#abort;
    let failures = 0;
    for (let next = work.shift(); next; next = work.shift()) {
      let again: Work[];
      try {
        again = await this.#attempt(next, lock);
      } catch (error) {
        if (!signal.aborted) throw error;
        again = [next];
      }
      work.unshift(...again);
      if (again.length === 0) {
        failures = 0;
        continue;
      }
      const delayMs = Math.min(BACKOFF_INITIAL_MS * 2 ** failures++, BACKOFF_MAX_MS);
      if (await pause(lock, delayMs, signal)) continue;
      this.#putBack(work.flatMap(({ records }) => records));
      return;
    }
  }

  /** Returns what is to be run again, in order. */
  async #attempt(work: Work, lock: Lock): Promise<Work[]> {
    const records = await this.#discardOld(work, lock);
    if (records.length === 0) return [];
    const outcome = await this.#parts.outlet.invoke(records, work.retries + 1, lock);
    return outcome.kind === 'success' ? [] : await this.#workAfter({ ...work, records }, outcome, lock);
  }

  /** What is to be run after a failure. Neither getting on nor halving a batch uses up a retry. */
  async #workAfter(
    { records, retries }: Work,
    outcome: Exclude<BatchOutcome, { kind: 'success' }>,
    lock: Lock,
  ): Promise<Work[]> {
    const { maximumRetryAttempts: limit, bisectBatchOnFunctionError: bisect } = this.#parts.settings();
    if (outcome.kind === 'not-invoked') return [{ records, retries }];
    if (outcome.kind === 'partial') {
      const checkpoint = records.findIndex(({ sequenceNumber }) => sequenceNumber === outcome.checkpoint);
      if (checkpoint > 0) return [{ records: records.slice(checkpoint), retries: 0 }];
    }
    if (bisect && records.length > 1) {
      const half = Math.ceil(records.length / 2);
      return [records.slice(0, half), records.slice(half)].map((part) => ({ records: part, retries }));
    }
    if (limit >= 0 && retries >= limit) {
      const { outlet } = this.#parts;
      await outlet.discard(records, 'RetryAttemptsExhausted', retries + 1, lock, this.#abort.signal);
      return [];
    }
    return [{ records, retries: retries + 1 }];
  }

  /** Gives up what is older than the mapping or the stream allows; returns the rest. */
  async #discardOld({ records, retries }: Work, lock: Lock): Promise<readonly StreamRecord[]> {
    const { maximumRecordAgeMs, retentionMs } = this.#parts.settings();
    const maxAgeMs = maximumRecordAgeMs < 0 ? retentionMs : Math.min(maximumRecordAgeMs, retentionMs);
    const now = this.#parts.clock.now();
    const isOld = ({ arrival }: StreamRecord) => now - arrival > maxAgeMs;
    const old = records.filter(isOld);
    // AWS counts the attempt that it does not make.
    if (old.length > 0) {
      await this.#parts.outlet.discard(old, 'RecordAgeExceeded', retries + 1, lock, this.#abort.signal);
    }
    return old.length === 0 ? records : records.filter((record) => !isOld(record));
  }

  #putBack(records: readonly StreamRecord[]): void {
    const since = this.#parts.clock.now();
    this.#waiting.unshift(...records.map((record) => ({ record, since, bytes: sizeInEvent(record) })));
  }
}
