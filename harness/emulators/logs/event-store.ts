import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { LogEvent } from '../../edge/sinks.ts';
import { WriteBehind } from '../../storage/index.ts';

/** Events lie in the order in which they are read: by group, then time, then ingestion. */
const SETUP = `
  CREATE TABLE IF NOT EXISTS events (
    grp INTEGER NOT NULL, t INTEGER NOT NULL, id INTEGER NOT NULL, stream INTEGER NOT NULL,
    ingested INTEGER NOT NULL, message TEXT NOT NULL,
    PRIMARY KEY (grp, t, id)
  ) WITHOUT ROWID;
`;
const INSERTS = ['INSERT INTO events VALUES (?, ?, ?, ?, ?, ?)'];
const EVENT = 0;

export interface StoredEvent {
  readonly t: number;
  /** Counts ingestions. */
  readonly id: number;
  readonly stream: number;
  /** When it was ingested, ms since the epoch. */
  readonly ingested: number;
  readonly message: string;
}

/** A place between events: where one with this time and number would lie. */
export interface Position {
  readonly t: number;
  readonly id: number;
}

export interface Reading {
  readonly group: number;
  /** Only events of this stream. */
  readonly stream?: number | undefined;
  /** Times to read, inclusive, ms since the epoch. */
  readonly from: number;
  readonly to: number;
  /** Only events that come after this one in the direction of reading. */
  readonly after?: Position | undefined;
  /** Newest first. */
  readonly descending: boolean;
}

/** All log events, in one SQLite file. They are written some at a time; whoever reads sees all. */
export class EventStore {
  readonly #rows: WriteBehind;
  readonly #readings = new Map<string, StatementSync>();
  #nextId = 1;

  /** @param onError told once when events cannot be written; they are kept in memory and tried again */
  constructor(file: string, onError: (error: unknown) => void) {
    this.#rows = new WriteBehind({ file, setup: SETUP, inserts: INSERTS }, onError);
  }

  append(group: number, stream: number, ingested: number, events: readonly LogEvent[]): void {
    for (const { timestamp, message } of events) {
      this.#rows.insert(EVENT, group, Math.floor(timestamp), this.#nextId++, stream, ingested, message);
    }
  }

  /** Reads lazily; the caller stops when it has enough. Nothing may be appended meanwhile. */
  read(reading: Reading): Iterable<StoredEvent> {
    const { group, stream, from, to, after, descending } = reading;
    const beginning = descending ? { t: to, id: Number.MAX_SAFE_INTEGER } : { t: from, id: -1 };
    const start = after ?? beginning;
    const parameters = [group, start.t, start.id, from, to, ...(stream === undefined ? [] : [stream])];
    return this.#reading(this.#rows.settled(), descending, stream !== undefined).iterate(
      ...parameters,
    ) as unknown as Iterable<StoredEvent>;
  }

  deleteGroup(group: number): void {
    this.#rows.settled().prepare('DELETE FROM events WHERE grp = ?').run(group);
  }

  /** Returns the bytes of the messages it deleted. */
  deleteStream(group: number, stream: number): { readonly events: number; readonly bytes: number } {
    const db = this.#rows.settled();
    const row = db
      .prepare(
        'SELECT count(*) AS events, coalesce(sum(octet_length(message)), 0) AS bytes FROM events WHERE grp = ? AND stream = ?',
      )
      .get(group, stream) as { events: number; bytes: number };
    db.prepare('DELETE FROM events WHERE grp = ? AND stream = ?').run(group, stream);
    return row;
  }

  clear(): void {
    this.#rows.settled().exec('DELETE FROM events');
  }

  close(): void {
    this.#rows[Symbol.dispose]();
  }

  #reading(db: DatabaseSync, descending: boolean, ofOneStream: boolean): StatementSync {
    const key = `${descending} ${ofOneStream}`;
    let statement = this.#readings.get(key);
    if (!statement) {
      statement = db.prepare(
        `SELECT t, id, stream, ingested, message FROM events
         WHERE grp = ? AND (t, id) ${descending ? '<' : '>'} (?, ?) AND t >= ? AND t <= ?
         ${ofOneStream ? 'AND stream = ?' : ''}
         ORDER BY t ${descending ? 'DESC' : 'ASC'}, id ${descending ? 'DESC' : 'ASC'}`,
      );
      this.#readings.set(key, statement);
    }
    return statement;
  }
}
