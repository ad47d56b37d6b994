import { DatabaseSync } from 'node:sqlite';
import { machine } from '../clock/machine.ts';
import { Inserter } from './inserter.ts';
import { type Batch, type Column, RowWriter, VALUE_SIZE } from './rows.ts';
import { type FileInThread, openInThread } from './writer-thread.ts';

/** How long rows may wait in memory before they are written, how many, and of what size: nobody's answer waits for the file. */
const WRITE_AFTER_MS = 25;
const MAX_PENDING = 5000;
const MAX_PENDING_SIZE = 4 * 1024 * 1024;
/**
 * So many rows in one go would keep everybody waiting for a millisecond. From then on a thread of its own writes them;
 * a bench with little to do never needs it, and is spared its 20 MiB.
 */
const MANY = 250;
/** How long after a thread could not be had, or not be relied on, one is asked for again. */
const THREAD_AGAIN_AFTER_MS = 10_000;

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
  #thread: FileInThread | undefined;
  #mayMove: boolean;
  #pending: Column[] = [];
  #count = 0;
  #size = 0;
  /** Of the latest batch. */
  #number: number;
  #isSettled = true;
  #isClosed = false;

  /**
   * @param onError told once when rows cannot be written, which are kept in memory and tried again; and when the thread
   *   that wrote them has ended, after which they are written without it
   */
  constructor(options: TableFile, onError: (error: unknown) => void) {
    const setup = PRAGMAS + options.setup;
    this.#options = { ...options, setup };
    this.#onError = onError;
    this.#mayMove = options.file !== IN_MEMORY;
    this.#db = new DatabaseSync(options.file);
    this.#db.exec(setup);
    const writer = new RowWriter(this.#db, options.inserts);
    this.#number = writer.latest;
    this.#own = new Inserter(writer, onError);
  }

  /** @param statement its number among `inserts` */
  insert(statement: number, ...columns: readonly Column[]): void {
    if (this.#isClosed) return;
    if (this.#count === 0) machine.setTimer(WRITE_AFTER_MS, () => this.#flush());
    this.#pending.push(statement, ...columns);
    this.#count++;
    let size = (1 + columns.length) * VALUE_SIZE;
    // By number: an iterator for each row is felt in the time of a batch.
    for (let at = 0; at < columns.length; at++) {
      const column = columns[at];
      if (typeof column === 'string') size += column.length;
    }
    this.#size += size;
    if (this.#count >= MAX_PENDING || this.#size >= MAX_PENDING_SIZE) this.#flush();
  }

  /**
   * The connection, once all rows are written: for reading, and for changing what they have become. Throws where they
   * cannot be written; they are kept.
   */
  settled(): DatabaseSync {
    this.#handOver();
    if (!this.#isSettled) {
      if (this.#thread?.settle() === false) this.#takeBack();
      this.#own.settle();
      this.#isSettled = true;
    }
    return this.#db;
  }

  [Symbol.dispose](): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    try {
      this.#handOver();
      if (this.#thread?.settle() === false) this.#takeBack();
      this.#thread?.close();
      this.#own.close();
    } finally {
      this.#db.close();
    }
  }

  #flush(): void {
    const isMuch = this.#count > MANY || this.#size >= MAX_PENDING_SIZE;
    this.#handOver();
    if (isMuch && this.#mayMove && !this.#own.failing) void this.#moveIntoThread();
  }

  /** Until the thread is ready, and where it cannot be had, rows are written as before. */
  async #moveIntoThread(): Promise<void> {
    this.#mayMove = false;
    const thread = await openInThread(this.#options, (error) => {
      this.#takeBack();
      if (error !== undefined && !this.#isClosed) this.#onError(error);
    }).catch(() => undefined);
    if (thread === undefined) {
      this.#moveLater();
    } else if (this.#isClosed || this.#own.failing) {
      thread.close();
      this.#moveLater();
    } else {
      this.#thread = thread;
      // From now on this connection reads only.
      this.#db.exec('PRAGMA shrink_memory');
    }
  }

  #moveLater(): void {
    machine.setTimer(THREAD_AGAIN_AFTER_MS, () => {
      this.#mayMove = true;
    });
  }

  /** From now on rows are written here again, first those that the thread may not have written. */
  #takeBack(): void {
    const batches = this.#thread?.takeBack();
    if (batches === undefined) return;
    this.#thread = undefined;
    this.#moveLater();
    this.#own.insert(batches);
  }

  #handOver(): void {
    if (this.#count === 0) return;
    const batch: Batch = { number: ++this.#number, rows: this.#pending, size: this.#size };
    this.#pending = [];
    this.#count = 0;
    this.#size = 0;
    this.#isSettled = false;
    if (this.#thread === undefined) this.#own.insert([batch]);
    else if (!this.#thread.insert(batch)) this.#takeBack();
  }
}
