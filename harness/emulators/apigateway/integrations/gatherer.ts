import { machine } from '../../../clock/index.ts';

/** How many, and how much, one call may take. */
export interface GathererLimits {
  readonly maxItems: number;
  readonly maxBytes: number;
  /** Calls under way at once. */
  readonly maxCalls: number;
}

type Send<Item, Result> = (items: readonly Item[]) => Promise<readonly (Result | Promise<Result>)[]>;

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly bytes: number;
  /** Must be sent by itself. */
  readonly alone: boolean;
  readonly resolve: (result: Result | Promise<Result>) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Gathers single items into batches without making anyone wait for company: those that come in one turn of the event
 * loop go together at its end, those that come while no more calls may begin as soon as one has ended. Items leave in
 * the order in which they came. `send` answers for each item of the batch, in order; a promise fails for its item only.
 */
export class Gatherer<Item, Result> {
  readonly #limits: GathererLimits;
  readonly #send: Send<Item, Result>;
  #waiting: Waiting<Item, Result>[] = [];
  #calls = 0;
  #turning = false;

  constructor(limits: GathererLimits, send: Send<Item, Result>) {
    this.#limits = limits;
    this.#send = send;
  }

  /** True when nothing waits and nothing is under way. */
  get idle(): boolean {
    return this.#calls === 0 && this.#waiting.length === 0;
  }

  add(item: Item, bytes: number, alone = false): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, bytes, alone, resolve, reject });
      if (!this.#turning && this.#calls < this.#limits.maxCalls) void this.#atTheTurn();
    });
  }

  async #atTheTurn(): Promise<void> {
    this.#turning = true;
    await machine.turn();
    this.#turning = false;
    this.#pump();
  }

  #pump(): void {
    while (this.#calls < this.#limits.maxCalls && this.#waiting.length > 0) void this.#call(this.#take());
  }

  #take(): Waiting<Item, Result>[] {
    const { maxItems, maxBytes } = this.#limits;
    let count = 0;
    let bytes = 0;
    for (const waiting of this.#waiting) {
      if (count > 0 && (waiting.alone || count === maxItems || bytes + waiting.bytes > maxBytes)) break;
      count++;
      bytes += waiting.bytes;
      if (waiting.alone) break;
    }
    return this.#waiting.splice(0, count);
  }

  async #call(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    this.#calls++;
    try {
      const results = await this.#send(batch.map(({ item }) => item));
      for (const [index, { resolve }] of batch.entries()) resolve(results[index] as Result | Promise<Result>);
    } catch (error) {
      for (const { reject } of batch) reject(error);
    } finally {
      this.#calls--;
      this.#pump();
    }
  }
}
