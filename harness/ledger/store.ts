import { WriteBehind } from '../storage/index.ts';
import { hashId } from './hash.ts';
import type { Entry, EntryNumber, IdRange, Ledger, LedgerId, NewEntry, What } from './ledger.ts';
import { SERIES_DIGITS } from './ledger.ts';

/**
 * `links` says which entries name an id. `first`..`last` is the part of a series that the entry names; a single id is
 * the series of itself with the part 0..1. `mention` is a pair of place and what.
 */
const SETUP = `
  PRAGMA cache_size = -32768;
  CREATE TABLE IF NOT EXISTS mentions (id INTEGER PRIMARY KEY, place TEXT NOT NULL, what TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS entries (
    n INTEGER PRIMARY KEY, t INTEGER NOT NULL, mention INTEGER NOT NULL, cause INTEGER, ids TEXT, into_ids TEXT, detail TEXT
  );
  CREATE INDEX IF NOT EXISTS entries_by_cause ON entries (cause) WHERE cause IS NOT NULL;
  CREATE TABLE IF NOT EXISTS links (
    key INTEGER NOT NULL, n INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, mention INTEGER NOT NULL,
    PRIMARY KEY (key, n, first)
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS containers (
    key INTEGER NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (key, n)
  ) WITHOUT ROWID;
`;

const INSERTS = [
  'INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?)',
  'INSERT OR IGNORE INTO links VALUES (?, ?, ?, ?, ?)',
  'INSERT OR IGNORE INTO containers VALUES (?, ?)',
  'INSERT INTO mentions VALUES (?, ?, ?)',
];
const [ENTRY, LINK, CONTAINER, MENTION] = [0, 1, 2, 3] as const;

/** One naming of (a part of) a series at a place; see `LedgerStore.mentionsByKey`. */
export interface Mention {
  readonly key: number;
  readonly n: EntryNumber;
  readonly first: number;
  readonly last: number;
  readonly where: string;
  readonly what: What;
}

interface EntryRow {
  n: number;
  t: number;
  mention: number;
  cause: number | null;
  ids: string | null;
  into_ids: string | null;
  detail: string | null;
}

/** The ledger on disk: one SQLite file. Entries are written some at a time; whoever reads sees all. */
export class LedgerStore implements Ledger, Disposable {
  readonly #rows: WriteBehind;
  readonly #now: () => number;
  readonly #mentionIds = new Map<string, number>();
  readonly #mentions: { where: string; what: What }[] = [];
  readonly #scopes = new Set<string>();
  #next = 1;

  /**
   * @param now virtual now, ms since the epoch
   * @param onError told once when entries cannot be written; they are kept in memory and tried again
   */
  constructor(file: string, now: () => number, onError: (error: unknown) => void = fail) {
    this.#rows = new WriteBehind({ file, setup: SETUP, inserts: INSERTS }, onError);
    this.#now = now;
  }

  append({ where, what, cause, ids, into, detail }: NewEntry, t = this.#now()): EntryNumber {
    const n = this.#next++;
    const mention = this.#mention(where, what);
    this.#rows.insert(ENTRY, n, Math.round(t), mention, cause ?? null, toJson(ids), toJson(into), toJson(detail));
    for (const id of ids ?? []) {
      if (typeof id === 'string') {
        this.#rememberScope(id);
        this.#rows.insert(LINK, hashId(id), n, 0, 1, mention);
      } else {
        this.#rememberScope(id.series);
        this.#rows.insert(LINK, hashId(id.series), n, id.from, id.to, mention);
      }
    }
    for (const id of into ?? []) {
      this.#rememberScope(id);
      this.#rows.insert(CONTAINER, hashId(id), n);
    }
    return n;
  }

  /** Forgets everything. Numbers go on. */
  clear(): void {
    this.#rows.settled().exec('DELETE FROM entries; DELETE FROM links; DELETE FROM containers;');
  }

  get(n: EntryNumber): Entry | undefined {
    const row = this.#rows.settled().prepare('SELECT * FROM entries WHERE n = ?').get(n) as EntryRow | undefined;
    return row && this.#toEntry(row);
  }

  /** The newest `limit` entries, oldest first. */
  newest(limit: number): Entry[] {
    const rows = this.#rows.settled().prepare('SELECT * FROM entries ORDER BY n DESC LIMIT ?').all(limit);
    return (rows as unknown as EntryRow[]).reverse().map((row) => this.#toEntry(row));
  }

  count(): number {
    return (this.#rows.settled().prepare('SELECT count(*) AS count FROM entries').get() as { count: number }).count;
  }

  /** Entries that name the event `id`, oldest first. */
  about(id: LedgerId, limit = 1000): Entry[] {
    const rows = this.#rows
      .settled()
      .prepare(
        `SELECT DISTINCT e.* FROM links l JOIN entries e ON e.n = l.n
         WHERE (l.key = ? AND l.first = 0) OR (l.key = ? AND l.first <= ? AND ? < l.last) ORDER BY e.n LIMIT ?`,
      )
      .all(...idKeys(id), limit) as unknown as EntryRow[];
    return rows.map((row) => this.#toEntry(row)).filter((entry) => names(entry, id));
  }

  /** Entries whose events went into the container `id`, oldest first. */
  into(id: LedgerId, limit = 1000): Entry[] {
    const rows = this.#rows
      .settled()
      .prepare('SELECT e.* FROM containers c JOIN entries e ON e.n = c.n WHERE c.key = ? ORDER BY e.n LIMIT ?')
      .all(hashId(id), limit) as unknown as EntryRow[];
    return rows.map((row) => this.#toEntry(row)).filter((entry) => entry.into?.includes(id));
  }

  causedBy(n: EntryNumber, limit = 1000): Entry[] {
    const rows = this.#rows.settled().prepare('SELECT * FROM entries WHERE cause = ? ORDER BY n LIMIT ?').all(n, limit);
    return (rows as unknown as EntryRow[]).map((row) => this.#toEntry(row));
  }

  /** Entries of one kind, oldest first. */
  ofKind(what: What): Entry[] {
    const rows = this.#rows
      .settled()
      .prepare('SELECT e.* FROM entries e JOIN mentions m ON m.id = e.mention WHERE m.what = ? ORDER BY e.n')
      .all(what) as unknown as EntryRow[];
    return rows.map((row) => this.#toEntry(row));
  }

  /** Every full id that `text` may be the last part of: `text` itself, then `text` under each known scope. */
  candidates(text: string): LedgerId[] {
    return [text, ...[...this.#scopes].map((scope) => scope + text)];
  }

  /** Every naming of an event, those of one series together, oldest first. */
  *mentionsByKey(): Generator<Mention> {
    const rows = this.#rows
      .settled()
      .prepare('SELECT key, n, first, last, mention FROM links ORDER BY key, n')
      .iterate();
    for (const row of rows as Iterable<{ key: number; n: number; first: number; last: number; mention: number }>) {
      const { where, what } = this.#mentions[row.mention] as { where: string; what: What };
      yield { key: row.key, n: row.n, first: row.first, last: row.last, where, what };
    }
  }

  [Symbol.dispose](): void {
    this.#rows[Symbol.dispose]();
  }

  #mention(where: string, what: What): number {
    const name = mentionName(where, what);
    let id = this.#mentionIds.get(name);
    if (id === undefined) {
      id = this.#mentions.length;
      this.#mentions.push({ where, what });
      this.#mentionIds.set(name, id);
      this.#rows.insert(MENTION, id, where, what);
    }
    return id;
  }

  #rememberScope(id: string): void {
    this.#scopes.add(id.slice(0, id.indexOf('/', id.indexOf('/') + 1) + 1));
  }

  #toEntry(row: EntryRow): Entry {
    const { where, what } = this.#mentions[row.mention] as { where: string; what: What };
    return {
      n: row.n,
      t: row.t,
      where,
      what,
      ...(row.ids === null ? {} : { ids: JSON.parse(row.ids) as (LedgerId | IdRange)[] }),
      ...(row.into_ids === null ? {} : { into: JSON.parse(row.into_ids) as LedgerId[] }),
      ...(row.cause === null ? {} : { cause: row.cause }),
      ...(row.detail === null ? {} : { detail: JSON.parse(row.detail) as Record<string, unknown> }),
    };
  }
}

/** The parameters that find an id: its own hash; the hash of the series it may belong to, and its number there twice. */
function idKeys(id: LedgerId): [number, number, number, number] {
  const number = Number.parseInt(id.slice(-SERIES_DIGITS), 16);
  const n = Number.isNaN(number) ? -1 : number;
  return [hashId(id), hashId(id.slice(0, -SERIES_DIGITS)), n, n];
}

function names(entry: Entry, id: LedgerId): boolean {
  const series = id.slice(0, -SERIES_DIGITS);
  return (entry.ids ?? []).some((named) => (typeof named === 'string' ? named === id : named.series === series));
}

const mentionName = (where: string, what: What): string => `${what} ${where}`;

function fail(error: unknown): never {
  throw error;
}

function toJson(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value);
}
