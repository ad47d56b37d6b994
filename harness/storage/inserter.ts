import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { machine } from '../clock/machine.ts';

export type Column = string | number | null;

/** Rows one after the other: of each the number of its statement, then its columns. Threads are given it cheaply. */
export type Rows = Column[];

/** How long after a failure it is tried again: a full disk may have been cleared. */
const RETRY_AFTER_MS = 1000;

/** Where rows can be brought to. */
export interface Target {
  /** Inserts them now or, where that fails, when it can be done. They are the target's from now on. */
  insert(rows: Rows): void;
  /** Returns when all that were brought are written, and throws where they cannot be. */
  settle(): void;
  /** Writes what it can, and writes no more. */
  close(): void;
}

interface Insert {
  readonly statement: StatementSync;
  readonly columns: number;
}

/** Inserts through one connection. What cannot be written is kept, told once, and tried again once a second. */
export class Inserter implements Target {
  readonly #db: DatabaseSync;
  readonly #inserts: readonly Insert[];
  readonly #onError: (error: unknown) => void;
  #waiting: Rows[] = [];
  #failing = false;
  #closed = false;

  /** @param inserts SQL with a `?` for each column and no other */
  constructor(db: DatabaseSync, inserts: readonly string[], onError: (error: unknown) => void) {
    this.#db = db;
    this.#inserts = inserts.map((sql) => ({ statement: db.prepare(sql), columns: sql.split('?').length - 1 }));
    this.#onError = onError;
  }

  /** True while there are rows that could not be written. */
  get failing(): boolean {
    return this.#failing;
  }

  insert(rows: Rows): void {
    this.#waiting.push(rows);
    if (!this.#failing) this.#attempt();
  }

  settle(): void {
    for (let rows = this.#waiting[0]; rows !== undefined; rows = this.#waiting[0]) {
      this.#write(rows);
      this.#waiting.shift();
    }
    this.#failing = false;
  }

  close(): void {
    this.#attempt();
    this.#closed = true;
  }

  #attempt(): void {
    if (this.#closed) return;
    try {
      this.settle();
    } catch (error) {
      machine.setTimer(RETRY_AFTER_MS, () => this.#attempt());
      if (this.#failing) return;
      this.#failing = true;
      this.#onError(error);
    }
  }

  /** All of them or none. */
  #write(rows: Rows): void {
    this.#db.exec('BEGIN');
    try {
      for (let at = 0; at < rows.length; ) {
        const { statement, columns } = this.#inserts[rows[at] as number] as Insert;
        const end = at + 1 + columns;
        statement.run(...rows.slice(at + 1, end));
        at = end;
      }
      this.#db.exec('COMMIT');
    } catch (error) {
      // SQLite has ended the transaction by itself where it could not go on at all.
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      throw error;
    }
  }
}
