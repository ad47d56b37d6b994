import { DatabaseSync } from 'node:sqlite';
import { machine } from '../clock/machine.ts';
import { type Column, Inserter, type Rows, type Target } from './inserter.ts';
import { openInThread } from './writer-thread.ts';

/** How long rows may wait in memory before they are written, and how many: nobody's answer waits for the file. */
const WRITE_AFTER_MS = 25;
const MAX_PENDING = 5000;
/**
 * So many rows in one go would keep everybody waiting for a millisecond. From then on a thread of its own writes them;
 * a bench with little to do never needs it, and is spared its 20 MiB.
 */
const MANY = 250;

const IN_MEMORY = ':memory:';

export interface TableFile {
  /** `:memory:` for none. */
  readonly file: string;
  /** SQL that makes its tables where they are not there yet. It is carried out for each connection. */
  readonly setup: string;
  /** SQL with a `?` for each column and no other. */
  readonly inserts: readonly string[];
}

/**
 * What every file of this kind is: it lives no longer than the process, so that nothing is done for its durability, and
 * one connection may write while another reads.
 */
const PRAGMAS = 'PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA busy_timeout = 10000;';

/** A file of SQLite to which rows are added all the time. They are written some at a time; whoever reads sees all. */
export class WriteBehind implements Disposable {
  readonly #db: DatabaseSync;
  readonly #options: TableFile;
  readonly #onError: (error: unknown) => void;
  readonly #own: Inserter;
  #target: Target;
  #pending: Rows = [];
  #count = 0;
  #isSettled = true;
  #isMoving = false;
  #isClosed = false;

  /** @param onError told once when rows cannot be written; they are kept in memory and tried again */
  constructor(options: TableFile, onError: (error: unknown) => void) {
    const setup = PRAGMAS + options.setup;
    this.#options = { ...options, setup };
    this.#onError = onError;
    this.#db = new DatabaseSync(options.file);
    this.#db.exec(setup);
    this.#own = new Inserter(this.#db, options.inserts, onError);
    this.#target = this.#own;
  }

  /** @param statement its number among `inserts` */
  insert(statement: number, ...columns: readonly Column[]): void {
    if (this.#isClosed) return;
    if (this.#count === 0) machine.setTimer(WRITE_AFTER_MS, () => this.#flush());
    this.#pending.push(statement, ...columns);
    this.#count++;
    if (this.#count >= MAX_PENDING) this.#flush();
  }

  /**
   * The connection, once all rows are written: for reading, and for changing what they have become. Throws where they
   * cannot be written; they are kept.
   */
  settled(): DatabaseSync {
    this.#handOver();
    if (!this.#isSettled) this.#target.settle();
    this.#isSettled = true;
    return this.#db;
  }

  [Symbol.dispose](): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#handOver();
    this.#target.close();
    this.#isSettled = true;
    this.#db.close();
  }

  #flush(): void {
    if (this.#count > MANY && !this.#isMoving && this.#options.file !== IN_MEMORY) void this.#moveIntoThread();
    this.#handOver();
  }

  /** Until the thread is ready, and where it cannot be had, rows are written as before. */
  async #moveIntoThread(): Promise<void> {
    this.#isMoving = true;
    const target = await openInThread(this.#options, this.#onError).catch(() => undefined);
    if (this.#isClosed || this.#own.failing) {
      target?.close();
      this.#isMoving = false;
    } else if (target !== undefined) {
      this.#target = target;
      // From now on this connection reads only.
      this.#db.exec('PRAGMA shrink_memory');
    }
  }

  #handOver(): void {
    if (this.#count === 0) return;
    const rows = this.#pending;
    this.#pending = [];
    this.#count = 0;
    this.#isSettled = false;
    this.#target.insert(rows);
  }
}
