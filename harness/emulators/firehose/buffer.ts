import type { Clock, Lock, Random, Timer } from '../../clock/index.ts';
import { cutRun, type Run } from './runs.ts';

/** What a buffer gives out at once: the content of one object, or of one request. */
export interface Batch {
  /** A UUID, the same for every attempt to deliver it. */
  readonly id: string;
  readonly runs: readonly Run[];
  readonly records: number;
  /** Before compression. */
  readonly bytes: number;
  /** The earliest arrival of its records, ms since the epoch. */
  readonly oldestArrival: number;
}

export interface BufferLimits {
  /** Gives out when it holds this many bytes. The last record may go over it: records are never cut. */
  readonly sizeBytes: number;
  /** Gives out this long after the first record came into the empty buffer. */
  readonly intervalMs: number;
  /** How long after the arrival of its oldest record a batch is given up. */
  readonly retentionMs: number;
  /** Pauses between attempts: `initialMs`, doubled each time up to `maxMs`. */
  readonly retry: { readonly initialMs: number; readonly maxMs: number };
}

/** What a buffer does not do itself. */
export interface BufferOutlet {
  /** Passes a batch on; called again after a pause when it rejects. */
  deliver(batch: Batch, work: Work): Promise<void>;
  /** An attempt failed, and another follows after `delayMs`. */
  retrying(batch: Batch, attempt: number, delayMs: number, error: unknown): void;
  /** The retention is over: the batch is forgotten. */
  lost(batch: Batch, attempts: number, error: unknown): void;
}

/** One attempt to pass a batch on. */
export interface Work {
  /** Held all the while: time stands still but for sleeps in it. */
  readonly lock: Lock;
  /** Aborted when the buffer is stopped. */
  readonly signal: AbortSignal;
}

export interface BufferParts {
  /** Names its timers and locks. */
  readonly name: string;
  readonly clock: Clock;
  readonly random: Random;
  /** Read whenever they matter, so that a change of configuration takes effect. */
  readonly limits: () => BufferLimits;
  readonly outlet: BufferOutlet;
}

/**
 * Collects the records of one shard (or partition) into batches and passes these on one after the other, in order.
 * A batch that cannot be passed on keeps those behind it waiting, as S3 delivery does on AWS. It does no I/O itself.
 *
 * The interval runs from the first record of an empty buffer; AWS does not document where its own begins.
 */
export class DeliveryBuffer {
  readonly #parts: BufferParts;
  readonly #stopped = new AbortController();
  #runs: Run[] = [];
  #bytes = 0;
  #records = 0;
  #timer: Timer | undefined;
  #queue: Batch[] = [];
  #queuedBytes = 0;
  #delivering = false;
  #delivery: Promise<void> = Promise.resolve();
  #drained: PromiseWithResolvers<void> | undefined;

  constructor(parts: BufferParts) {
    this.#parts = parts;
  }

  /** Bytes collected and not yet delivered. */
  get heldBytes(): number {
    return this.#bytes + this.#queuedBytes;
  }

  get isEmpty(): boolean {
    return this.#records === 0 && this.#queue.length === 0;
  }

  /** What is collected and not yet delivered, oldest first. */
  *held(): Generator<Run> {
    for (const batch of this.#queue) yield* batch.runs;
    yield* this.#runs;
  }

  add(run: Run): void {
    if (run.data.length === 0) return;
    const { sizeBytes } = this.#parts.limits();
    if (this.#bytes + run.bytes < sizeBytes) {
      this.#take(run);
      return;
    }
    let from = 0;
    let filled = this.#bytes;
    run.data.forEach((record, index) => {
      filled += record.length;
      if (filled < sizeBytes) return;
      this.#take(cutRun(run, from, index + 1));
      this.flush();
      from = index + 1;
      filled = 0;
    });
    if (from < run.data.length) this.#take(cutRun(run, from, run.data.length));
  }

  /** Gives out what is collected, full or not. */
  flush(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    if (this.#records === 0) return;
    let oldestArrival = Number.POSITIVE_INFINITY;
    for (const run of this.#runs) oldestArrival = Math.min(oldestArrival, run.arrival);
    this.#queue.push({
      id: this.#parts.random.uuid(),
      runs: this.#runs,
      records: this.#records,
      bytes: this.#bytes,
      oldestArrival,
    });
    this.#queuedBytes += this.#bytes;
    this.#runs = [];
    this.#bytes = 0;
    this.#records = 0;
    if (!this.#delivering) this.#delivery = this.#deliverAll();
  }

  /** Resolves when nothing is held any more, or when stopped. */
  async drained(): Promise<void> {
    if (this.#stopped.signal.aborted || this.isEmpty) return;
    this.#drained ??= Promise.withResolvers<void>();
    await this.#drained.promise;
  }

  /** Attempts nothing more; all that it holds stays held. Resolves when the attempt that is under way, if any, has ended. */
  async stop(): Promise<void> {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#stopped.abort();
    this.#drained?.resolve();
    await this.#delivery;
  }

  #take(run: Run): void {
    if (this.#records === 0 && !this.#stopped.signal.aborted) {
      const { name, clock, limits } = this.#parts;
      this.#timer = clock.setTimer(`${name} interval`, limits().intervalMs, () => this.flush());
    }
    this.#runs.push(run);
    this.#bytes += run.bytes;
    this.#records += run.data.length;
  }

  async #deliverAll(): Promise<void> {
    this.#delivering = true;
    await this.#parts.clock.run(`${this.#parts.name} delivery`, async (lock) => {
      for (let batch = this.#queue[0]; batch !== undefined; batch = this.#queue[0]) {
        if (!(await this.#deliverOne(batch, lock))) return;
        this.#queue.shift();
        this.#queuedBytes -= batch.bytes;
      }
      // Before anything else can run, or a batch that comes now would wait for a delivery that has ended.
      this.#delivering = false;
      if (this.#records > 0) return;
      this.#drained?.resolve();
      this.#drained = undefined;
    });
  }

  /** Resolves to false when stopped before the batch's fate was known. */
  async #deliverOne(batch: Batch, lock: Lock): Promise<boolean> {
    const { clock, outlet, limits } = this.#parts;
    const { signal } = this.#stopped;
    for (let attempt = 1; ; attempt++) {
      if (signal.aborted) return false;
      try {
        await outlet.deliver(batch, { lock, signal });
        return true;
      } catch (error) {
        if (signal.aborted) return false;
        const { retry, retentionMs } = limits();
        const left = batch.oldestArrival + retentionMs - clock.now();
        if (left <= 0) {
          outlet.lost(batch, attempt, error);
          return true;
        }
        // The last attempt is made at the very end of the retention.
        const delayMs = Math.min(retry.initialMs * 2 ** Math.min(attempt - 1, 30), retry.maxMs, left);
        outlet.retrying(batch, attempt, delayMs, error);
        await lock.sleep(delayMs, signal).catch(() => undefined);
      }
    }
  }
}
