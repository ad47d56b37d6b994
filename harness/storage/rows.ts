import type { DatabaseSync, StatementSync } from 'node:sqlite';

export type Column = string | number | null;

/** Rows that are written together. A file's batches are written in the order of their numbers. */
export interface Batch {
  readonly number: number;
  /** One after the other: of each the number of its statement, then its columns. Threads are given it cheaply. */
  readonly rows: readonly Column[];
  /** About how much memory it takes, in bytes. */
  readonly size: number;
}

/** What a value takes in memory, besides its text: its place in a list, its head, and the same in what is passed on. */
export const VALUE_SIZE = 32;

/** So much of one file may wait in memory to be written; who brings more waits. */
export const MAX_WAITING_SIZE = 32 * 1024 * 1024;

interface Insert {
  readonly statement: StatementSync;
  readonly columns: number;
}

/**
 * Writes batches through one connection. The file itself has the number of the latest one, in the same transaction, so
 * that several connections may be given the same batches, one of which may end at any point: each is written once.
 */
export class RowWriter {
  readonly #db: DatabaseSync;
  readonly #inserts: readonly Insert[];
  readonly #latest: StatementSync;

  /** @param inserts SQL with a `?` for each column and no other */
  constructor(db: DatabaseSync, inserts: readonly string[]) {
    this.#db = db;
    this.#inserts = inserts.map((sql) => ({ statement: db.prepare(sql), columns: sql.split('?').length - 1 }));
    this.#latest = db.prepare('PRAGMA user_version');
  }

  /** The number of the latest batch in the file. */
  get latest(): number {
    return (this.#latest.get() as { user_version: number }).user_version;
  }

  /** All of it or nothing. */
  write({ number, rows }: Batch): void {
    // Immediate, so that nobody else writes between the question for the latest batch and the next one.
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      if (this.latest < number) {
        this.#insert(rows);
        this.#db.exec(`PRAGMA user_version = ${number}`);
      }
      this.#db.exec('COMMIT');
    } catch (error) {
      // SQLite has ended the transaction by itself where it could not go on at all.
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      throw error;
    }
  }

  #insert(rows: readonly Column[]): void {
    for (let at = 0; at < rows.length; ) {
      const { statement, columns } = this.#inserts[rows[at] as number] as Insert;
      const end = at + 1 + columns;
      statement.run(...rows.slice(at + 1, end));
      at = end;
    }
  }
}
