import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { Rows, Target } from './inserter.ts';
import { type Answer, type Order, PROGRESS, type Report, type ThreadData } from './thread-messages.ts';
import type { TableFile } from './write-behind.ts';

/** So long the thread may take over what it was given before, such as many rows on a slow disk. */
const ANSWER_WITHIN_MS = 60_000;
/** So many values it may have been given and not taken yet, some 70,000 rows: they are in memory. */
const MAX_AHEAD = 500_000;

let running: WriterThread | undefined;

/**
 * Opens a file in the thread that writes for the whole process, which runs for as long as a file is open in it. Rejects
 * where the thread or the file cannot be had.
 */
export function openInThread(options: TableFile, onError: (error: unknown) => void): Promise<Target> {
  running ??= startThread();
  return running.open(options, onError);
}

function startThread(): WriterThread {
  const thread = new WriterThread(() => {
    if (running === thread) running = undefined;
  });
  return thread;
}

interface OpenFile {
  readonly opened: PromiseWithResolvers<void>;
  readonly onError: (error: unknown) => void;
}

class WriterThread {
  readonly #worker: Worker;
  readonly #answers: MessagePort;
  readonly #progress = new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT));
  readonly #files = new Map<number, OpenFile>();
  readonly #onEnd: () => void;
  #lastId = 0;
  #question = 0;
  /** How many values it was given, as a whole number of 32 bits, which begins anew after the largest. */
  #given = 0;
  #failure: unknown;

  constructor(onEnd: () => void) {
    this.#onEnd = onEnd;
    const { port1, port2 } = new MessageChannel();
    this.#answers = port1;
    const workerData: ThreadData = { answers: port2, progress: this.#progress };
    this.#worker = new Worker(new URL('./thread.ts', import.meta.url), { workerData, transferList: [port2] });
    this.#worker.on('message', (report: Report) => this.#hear(report));
    this.#worker.on('error', (error) => this.#fail(error));
    this.#worker.unref();
    this.#answers.unref();
  }

  async open(options: TableFile, onError: (error: unknown) => void): Promise<Target> {
    const id = ++this.#lastId;
    const file: OpenFile = { opened: Promise.withResolvers(), onError };
    this.#files.set(id, file);
    this.#tell({ kind: 'open', id, options });
    try {
      await file.opened.promise;
    } catch (error) {
      this.#forget(id);
      throw error;
    }
    return {
      insert: (rows) => this.#insert(id, rows),
      settle: () => this.#ask('settle', id),
      close: () => {
        try {
          this.#ask('close', id);
        } finally {
          this.#forget(id);
        }
      },
    };
  }

  #hear(report: Report): void {
    const file = this.#files.get(report.id);
    if (report.kind === 'opened') file?.opened.resolve();
    else if (report.kind === 'not-opened') file?.opened.reject(report.error);
    else file?.onError(report.error);
  }

  #fail(error: unknown): void {
    this.#failure = error;
    this.#onEnd();
    for (const { opened, onError } of this.#files.values()) {
      opened.reject(error);
      onError(error);
    }
  }

  /** Who is too far ahead of the thread waits for it. */
  #insert(id: number, rows: Rows): void {
    this.#tell({ kind: 'insert', id, rows });
    this.#given = (this.#given + rows.length) | 0;
    for (;;) {
      const taken = Atomics.load(this.#progress, PROGRESS.taken);
      if (((this.#given - taken) | 0) <= MAX_AHEAD || !this.#hasMoved(PROGRESS.taken, taken)) return;
    }
  }

  /** Waits for progress beyond `from`; answers false where there was none for too long. */
  #hasMoved(what: number, from: number): boolean {
    return Atomics.wait(this.#progress, what, from, ANSWER_WITHIN_MS) !== 'timed-out';
  }

  #tell(order: Order): void {
    this.#worker.postMessage(order);
  }

  /** Waits for the answer without giving way to anybody: readers do not wait for promises. */
  #ask(kind: 'settle' | 'close', id: number): void {
    if (this.#failure !== undefined) throw this.#failure;
    const question = ++this.#question;
    this.#tell({ kind, id, question });
    for (;;) {
      const answered = Atomics.load(this.#progress, PROGRESS.answered);
      if (answered >= question) break;
      if (!this.#hasMoved(PROGRESS.answered, answered)) {
        throw new Error(`The thread that writes files has not answered for ${ANSWER_WITHIN_MS / 1000} s.`);
      }
    }
    for (let answer = this.#nextAnswer(); answer !== undefined; answer = this.#nextAnswer()) {
      if (answer.question === question && answer.error !== undefined) throw answer.error;
    }
  }

  #nextAnswer(): Answer | undefined {
    return receiveMessageOnPort(this.#answers)?.message;
  }

  #forget(id: number): void {
    this.#files.delete(id);
    if (this.#files.size > 0) return;
    this.#onEnd();
    this.#answers.close();
    void this.#worker.terminate();
  }
}
