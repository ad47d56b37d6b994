import { type MachineTimer, machine } from '../clock/machine.ts';
import { type Batch, MAX_WAITING_SIZE, type RowWriter } from './rows.ts';
import { createCell } from './thread-messages.ts';

/** How long after a failure it is tried again: a full disk may have been cleared. */
const RETRY_AFTER_MS = 1000;

/** Writes at once. What cannot be written is kept, told once, and tried again once a second. */
export class Inserter {
  readonly #writer: RowWriter;
  readonly #onError: (error: unknown) => void;
  #waiting: Batch[] = [];
  #size = 0;
  #failing = false;
  #retry: MachineTimer | undefined;
  #closed = false;

  constructor(writer: RowWriter, onError: (error: unknown) => void) {
    this.#writer = writer;
    this.#onError = onError;
  }

  /** True while there are rows that could not be written. */
  get failing(): boolean {
    return this.#failing;
  }

  insert(batches: readonly Batch[]): void {
    if (this.#size > MAX_WAITING_SIZE) this.#slowDown();
    for (const batch of batches) {
      this.#waiting.push(batch);
      this.#size += batch.size;
    }
    if (!this.#failing) this.#attempt();
  }

  /** Returns when all that were brought are written, and throws where they cannot be. */
  settle(): void {
    for (let batch = this.#waiting[0]; batch !== undefined; batch = this.#waiting[0]) {
      this.#writer.write(batch);
      this.#waiting.shift();
      this.#size -= batch.size;
    }
    this.#failing = false;
  }

  /** Writes what it can, and writes no more. */
  close(): void {
    this.#retry?.cancel();
    this.#closed = true;
    this.#attempt();
  }

  #attempt(): void {
    try {
      this.settle();
    } catch (error) {
      if (!this.#closed) this.#retry ??= machine.setTimer(RETRY_AFTER_MS, () => this.#tryAgain());
      if (this.#failing) return;
      this.#failing = true;
      this.#onError(error);
    }
  }

  #tryAgain(): void {
    this.#retry = undefined;
    this.#attempt();
  }

  /** Too much is in memory that cannot be written: nobody brings more faster than it is tried again. */
  #slowDown(): void {
    Atomics.wait(createCell(), 0, 0, RETRY_AFTER_MS);
    this.#attempt();
  }
}
