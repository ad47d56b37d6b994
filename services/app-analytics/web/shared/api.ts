/** What the server answers to the page and to the command line. All times are ms since the epoch, on the server's clock. */

/** The field that says when an event arrived at Pinpoint. */
export const TIME_FIELD = 'arrival_timestamp';

export interface Indices {
  readonly now: number;
  /** Which indices are looked at: `pinpoint*`. */
  readonly pattern: string;
  /** Newest name first. */
  readonly indices: readonly Index[];
  readonly verdict: Verdict;
  /** What becomes of `now-15m` when not every index has a date; undefined when all have. */
  readonly probe: Probe | undefined;
  /** The index that the next UTC day's first event makes, or today's while there is none. */
  readonly next: NextIndex;
}

/**
 * Of the type of `arrival_timestamp`: `date` in every index that has it; `wrong`: in none; `conflict`: in some.
 * `untimed`: no index has the field; `empty`: there is no index.
 */
export type Verdict = 'date' | 'wrong' | 'conflict' | 'untimed' | 'empty';

export interface Index {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly documents: number;
  readonly bytes: number;
  /** The type of `arrival_timestamp`; undefined when the index has no such field. */
  readonly type: string | undefined;
  /** False when its events cannot be sorted by time, and are left out of all else. */
  readonly isUsable: boolean;
}

export interface Probe {
  /** The query, as JSON. */
  readonly query: string;
  /** The status of the answer. */
  readonly status: number;
  /** OpenSearch's own words. */
  readonly error: string;
  /** How many shards failed, of how many; with some OpenSearch answers with what the others found. */
  readonly failed: number;
  readonly shards: number;
}

export interface NextIndex {
  readonly name: string;
  /** The index template that says what `arrival_timestamp` will be; undefined: none, so that it becomes a long. */
  readonly template: string | undefined;
  readonly type: string | undefined;
}

export interface Events {
  readonly now: number;
  readonly from: number;
  readonly to: number;
  /** The type that all of this is about; undefined: all types. */
  readonly type: string | undefined;
  /** How many there are in the range. */
  readonly total: number;
  /** How many lie outside it, and how many have no time at all. */
  readonly before: number;
  readonly after: number;
  readonly untimed: number;
  /** When the first and the last of all arrived. */
  readonly oldest: number | undefined;
  readonly newest: number | undefined;
  /** The newest ones of the range, newest first. */
  readonly events: readonly Event[];
}

export interface Event {
  readonly index: string;
  readonly id: string;
  readonly arrival: number;
  /** When it happened, by the sender's clock. */
  readonly happened: number | undefined;
  readonly type: string | undefined;
  readonly client: string | undefined;
  /** What else it says, shortened: attributes, metrics, the subject of a mail. */
  readonly facts: readonly (readonly [name: string, value: string])[];
}

/** One event as it was stored. */
export interface WholeEvent {
  readonly index: string;
  readonly id: string;
  readonly source: unknown;
}

export interface Counts {
  readonly now: number;
  readonly from: number;
  readonly to: number;
  /** The length of one interval, in ms. */
  readonly interval: number;
  /** Where each interval begins; those without an event too. */
  readonly times: readonly number[];
  /** The most frequent types, most frequent first. */
  readonly types: readonly TypeCounts[];
  /** All other types together, and events without one; undefined when there are none. */
  readonly others: Omit<TypeCounts, 'type'> | undefined;
  readonly total: number;
}

export interface TypeCounts {
  readonly type: string;
  readonly count: number;
  /** As long as `times`. */
  readonly counts: readonly number[];
}

export type { Failure } from '../../../page-kit/shared/failure.ts';
