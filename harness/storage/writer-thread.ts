import { Worker } from 'node:worker_threads';
import { type Batch, MAX_WAITING_SIZE } from './rows.ts';
import { type Cell, createCell, LEFT, type Order, type Report, type ThreadData } from './thread-messages.ts';
import type { TableFile } from './write-behind.ts';

/**
 * A thread that carries out no order for so long is not waited for. It may have ended, which nobody hears of while
 * waiting; if it has not, and writes the batch at last, no harm is done, for the file knows which ones it has.
 */
const STEP_WITHIN_MS = 1000;

let running: WriterThread | undefined;

/** Told when the thread does no more for the file: with the reason where the thread has ended, else with none. */
type OnLeft = (error?: unknown) => void;

/**
 * Opens a file in the thread that writes for the whole process, which runs for as long as a file is open in it. Rejects
 * where the thread or the file cannot be had.
 */
export async function openInThread(options: TableFile, onLeft: OnLeft): Promise<FileInThread> {
  running ??= startThread();
  return running.open(options, onLeft);
}

function startThread(): WriterThread {
  const thread = new WriterThread(() => {
    if (running === thread) running = undefined;
  });
  return thread;
}

interface OpenFile {
  readonly opened: PromiseWithResolvers<void>;
  readonly written: Cell;
  readonly onLeft: OnLeft;
}

class WriterThread {
  readonly #worker: Worker;
  readonly #steps = createCell();
  readonly #files = new Map<number, OpenFile>();
  readonly #onEnd: () => void;
  #lastId = 0;
  #error: unknown;

  constructor(onEnd: () => void) {
    this.#onEnd = onEnd;
    const workerData: ThreadData = { steps: this.#steps };
    this.#worker = new Worker(new URL('./thread.ts', import.meta.url), { workerData });
    this.#worker.on('message', (report: Report) => this.#hear(report));
    this.#worker.on('error', (error) => {
      this.#error = error;
    });
    this.#worker.on('exit', (code) => {
      this.#end(this.#error ?? new Error(`The thread that writes files has ended with code ${code}.`));
    });
    this.#worker.unref();
  }

  async open(options: TableFile, onLeft: OnLeft): Promise<FileInThread> {
    const id = ++this.#lastId;
    const file: OpenFile = { opened: Promise.withResolvers(), written: createCell(), onLeft };
    this.#files.set(id, file);
    this.tell({ kind: 'open', id, options, written: file.written });
    try {
      await file.opened.promise;
    } catch (error) {
      this.forget(id);
      throw error;
    }
    return new FileInThread(this, id, file.written);
  }

  tell(order: Order): void {
    this.#worker.postMessage(order);
  }

  /**
   * Waits, without giving way to anybody, until `isDone`: readers do not wait for promises. Answers false where nothing
   * has moved for too long.
   */
  waitUntil(isDone: () => boolean): boolean {
    for (;;) {
      const steps = Atomics.load(this.#steps, 0);
      if (isDone()) return true;
      if (Atomics.wait(this.#steps, 0, steps, STEP_WITHIN_MS) === 'timed-out') return false;
    }
  }

  forget(id: number): void {
    if (!this.#files.delete(id) || this.#files.size > 0) return;
    this.#onEnd();
    void this.#worker.terminate();
  }

  #hear(report: Report): void {
    const file = this.#files.get(report.id);
    if (report.kind === 'opened') file?.opened.resolve();
    else if (report.kind === 'not-opened') file?.opened.reject(report.error);
    else {
      this.forget(report.id);
      file?.onLeft();
    }
  }

  #end(error: unknown): void {
    this.#onEnd();
    for (const { opened, written, onLeft } of [...this.#files.values()]) {
      Atomics.store(written, 0, LEFT);
      opened.reject(error);
      onLeft(error);
    }
  }
}

/** A file that the thread writes. What it is given is kept here until it is written, for a thread may end at any time. */
export class FileInThread {
  readonly #thread: WriterThread;
  readonly #id: number;
  readonly #written: Cell;
  #kept: Batch[] = [];
  #size = 0;

  constructor(thread: WriterThread, id: number, written: Cell) {
    this.#thread = thread;
    this.#id = id;
    this.#written = written;
  }

  /** Who is too far ahead of the thread waits for it. Answers false where the thread cannot be relied on any more. */
  insert(batch: Batch): boolean {
    this.#kept.push(batch);
    this.#size += batch.size;
    this.#thread.tell({ kind: 'insert', id: this.#id, batch });
    return this.#waitUntil(() => this.#size <= MAX_WAITING_SIZE);
  }

  /** Answers true when all is written, and false where the thread cannot be relied on any more. */
  settle(): boolean {
    return this.#waitUntil(() => this.#kept.length === 0);
  }

  /** Waits until the thread has closed the file, unless it cannot be relied on. */
  close(): void {
    this.#thread.tell({ kind: 'close', id: this.#id });
    this.#thread.waitUntil(() => this.#hasLeft);
    this.#thread.forget(this.#id);
  }

  /** Does not wait. Returns the batches of which it is not known whether they are written. */
  takeBack(): readonly Batch[] {
    this.#thread.tell({ kind: 'close', id: this.#id });
    return this.#kept;
  }

  get #hasLeft(): boolean {
    return Atomics.load(this.#written, 0) === LEFT;
  }

  #waitUntil(isDone: () => boolean): boolean {
    const isOver = () => {
      this.#dropWritten();
      return isDone() || this.#hasLeft;
    };
    return this.#thread.waitUntil(isOver) && isDone();
  }

  #dropWritten(): void {
    const written = Atomics.load(this.#written, 0);
    for (let batch = this.#kept[0]; batch !== undefined && batch.number <= written; batch = this.#kept[0]) {
      this.#kept.shift();
      this.#size -= batch.size;
    }
  }
}
