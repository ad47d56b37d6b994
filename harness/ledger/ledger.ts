/** The number of an entry; later entries have larger ones. */
export type EntryNumber = number;

/**
 * What an entry says of the events it names, at the place `where`:
 *
 * - `received`: a request came in; nothing is promised yet.
 * - `refused`: it was answered with an error; nobody is responsible for it.
 * - `unknown`: whoever sent it cannot know what became of it (a time-out, a reset).
 * - `accepted`: this place is now responsible for the event.
 * - `retried`: passing it on failed and will be tried again.
 * - `stored`: the event is in a sink, see `into`.
 * - `consumed`: whoever took it from a queue has said that it is done with it, or has taken it on under another name,
 *   see `into`.
 * - `backed-up`, `dead-lettered`: it is where failed events are kept, see `into`.
 * - `dropped`: removed on purpose, by a rule that the user gave.
 * - `lost`: gone, for the reason in `detail.reason`.
 * - `destroyed`: the places that `detail.places` names (`kinesis/*`) are gone with all they held; no ids.
 * - `noted`: something worth showing in a journey, with no bearing on who is responsible.
 */
export type What =
  | 'received'
  | 'refused'
  | 'unknown'
  | 'accepted'
  | 'retried'
  | 'stored'
  | 'consumed'
  | 'backed-up'
  | 'dead-lettered'
  | 'dropped'
  | 'lost'
  | 'destroyed'
  | 'noted';

/**
 * The name of one event in one shape: `request//<request id>`, `record/<stream>/<sequence number>`,
 * `object/<bucket>/<key>`, `message//<message id>`. Use `ids` to make one. People may ask for the last part alone.
 */
export type LedgerId = string;

/**
 * Ids that share everything but a running number: `series` followed by the number as eight lower-case hex digits,
 * from `from` to before `to`. A batch of 500 records is one of these instead of 500 ids.
 */
export interface IdRange {
  readonly series: string;
  readonly from: number;
  readonly to: number;
}

export interface NewEntry {
  /** The place: `<service>/<resource>`, such as `firehose/ingest-delivery`. */
  readonly where: string;
  readonly what: What;
  /** The events this is about. */
  readonly ids?: readonly (LedgerId | IdRange)[];
  /** What the events are now inside of, or go on as: an object, an index, a table row, a record. */
  readonly into?: readonly LedgerId[];
  /** The entry that led to this one. */
  readonly cause?: EntryNumber | undefined;
  /** Small facts for whoever reads the journey: status, bytes, attempt, reason. */
  readonly detail?: Readonly<Record<string, unknown>>;
}

export interface Entry extends NewEntry {
  readonly n: EntryNumber;
  /** Virtual time, ms since the epoch. */
  readonly t: number;
}

/** What components see of the ledger: they write. */
export interface Ledger {
  /** Adds an entry, dated with the clock's now (or with `t`). Never throws for what an entry says. */
  append(entry: NewEntry, t?: number): EntryNumber;
}

/** Ways to name events. */
export const ids = {
  request: (requestId: string): LedgerId => `request//${requestId}`,
  record: (stream: string, sequenceNumber: string): LedgerId => `record/${stream}/${sequenceNumber}`,
  object: (bucket: string, key: string): LedgerId => `object/${bucket}/${key}`,
  /** A queue's message; it keeps its id in a dead-letter queue. */
  message: (messageId: string): LedgerId => `message//${messageId}`,
  /** A mail that was sent to one address. */
  mail: (messageId: string): LedgerId => `mail//${messageId}`,
  /** An event of a Pinpoint app. */
  event: (appId: string, eventId: string): LedgerId => `event/${appId}/${eventId}`,
  /** The series of the records of one Firehose put; see `IdRange`. */
  putSeries: (deliveryStream: string, base: string): string => `put/${deliveryStream}/${base}`,
} as const;

/** The number of hex digits that end an id of a series. */
export const SERIES_DIGITS = 8;

/** The id of the n-th event of a series. */
export function seriesId(series: string, n: number): LedgerId {
  return series + n.toString(16).padStart(SERIES_DIGITS, '0');
}
