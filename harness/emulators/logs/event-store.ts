import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { machine } from '../../clock/index.ts';
import type { LogEvent } from '../../edge/sinks.ts';

/** How many events may wait in memory before they are written, and how long: nobody's answer waits for the file. */
const MAX_PENDING = 4096;
const WRITE_AFTER_MS = 25;

/**
 * Events lie in the order in which they are read: by group, then time, then ingestion. The file lives no longer than
 * the process, so nothing is done for its durability.
 */
const SCHEMA = `
  PRAGMA journal_mode = OFF;
  PRAGMA synchronous = OFF;
  PRAGMA locking_mode = EXCLUSIVE;
  CREATE TABLE events (
    grp INTEGER NOT NULL, t INTEGER NOT NULL, id INTEGER NOT NULL, stream INTEGER NOT NULL,
    ingested INTEGER NOT NULL, message TEXT NOT NULL,
    PRIMARY KEY (grp, t, id)
  ) WITHOUT ROWID;
`;

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
  readonly #db: DatabaseSync;
  readonly #insert: StatementSync;
  readonly #readings = new Map<string, StatementSync>();
  readonly #onError: (error: unknown) => void;
  #pending: { group: number; stream: number; ingested: number; events: readonly LogEvent[] }[] = [];
  #pendingEvents = 0;
  #nextId = 1;
  #closed = false;

  /** @param onError told when a write failed that nobody is waiting for */
  constructor(file: string, onError: (error: unknown) => void) {
    this.#db = new DatabaseSync(file);
    this.#db.exec(SCHEMA);
    this.#insert = this.#db.prepare('INSERT INTO events VALUES (?, ?, ?, ?, ?, ?)');
    this.#onError = onError;
  }

  /** The caller must not change `events` afterwards. */
  append(group: number, stream: number, ingested: number, events: readonly LogEvent[]): void {
    if (this.#closed || events.length === 0) return;
    if (this.#pendingEvents === 0) machine.setTimer(WRITE_AFTER_MS, () => this.#flushInTheBackground());
    this.#pending.push({ group, stream, ingested, events });
    this.#pendingEvents += events.length;
    if (this.#pendingEvents >= MAX_PENDING) this.flush();
  }

  flush(): void {
    if (this.#pendingEvents === 0 || this.#closed) return;
    const batches = this.#pending;
    this.#pending = [];
    this.#pendingEvents = 0;
    this.#db.exec('BEGIN');
    try {
      for (const { group, stream, ingested, events } of batches) {
        for (const { timestamp, message } of events) {
          this.#insert.run(group, timestamp, this.#nextId++, stream, ingested, message);
        }
      }
    } finally {
      // Without a journal there is no way back; after a failure what was written stays.
      this.#db.exec('COMMIT');
    }
  }

  /** Reads lazily; the caller stops when it has enough. Nothing may be appended meanwhile. */
  read(reading: Reading): Iterable<StoredEvent> {
    this.flush();
    const { group, stream, from, to, after, descending } = reading;
    const beginning = descending ? { t: to, id: Number.MAX_SAFE_INTEGER } : { t: from, id: -1 };
    const start = after ?? beginning;
    const parameters = [group, start.t, start.id, from, to, ...(stream === undefined ? [] : [stream])];
    return this.#reading(descending, stream !== undefined).iterate(...parameters) as unknown as Iterable<StoredEvent>;
  }

  deleteGroup(group: number): void {
    this.flush();
    this.#db.prepare('DELETE FROM events WHERE grp = ?').run(group);
  }

  /** Returns the bytes of the messages it deleted. */
  deleteStream(group: number, stream: number): { readonly events: number; readonly bytes: number } {
    this.flush();
    const row = this.#db
      .prepare(
        'SELECT count(*) AS events, coalesce(sum(octet_length(message)), 0) AS bytes FROM events WHERE grp = ? AND stream = ?',
      )
      .get(group, stream) as { events: number; bytes: number };
    this.#db.prepare('DELETE FROM events WHERE grp = ? AND stream = ?').run(group, stream);
    return row;
  }

  clear(): void {
    this.#pending = [];
    this.#pendingEvents = 0;
    this.#db.exec('DELETE FROM events');
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#db.close();
  }

  #reading(descending: boolean, ofOneStream: boolean): StatementSync {
    const key = `${descending} ${ofOneStream}`;
    let statement = this.#readings.get(key);
    if (!statement) {
      statement = this.#db.prepare(
        `SELECT t, id, stream, ingested, message FROM events
         WHERE grp = ? AND (t, id) ${descending ? '<' : '>'} (?, ?) AND t >= ? AND t <= ?
         ${ofOneStream ? 'AND stream = ?' : ''}
         ORDER BY t ${descending ? 'DESC' : 'ASC'}, id ${descending ? 'DESC' : 'ASC'}`,
      );
      this.#readings.set(key, statement);
    }
    return statement;
  }

  #flushInTheBackground(): void {
    try {
      this.flush();
    } catch (error) {
      this.#onError(error);
    }
  }
}
