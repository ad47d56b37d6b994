/** Longer than the senders that we know pause between two attempts, and than Firehose keeps a record (24 hours). */
export const DEFAULT_WINDOW_MS = 24 * 60 * 60 * 1000;

export interface DedupeOptions<T> {
  /** What the copies of one event have in common, and no other event has. See `eventIdentity`. */
  readonly identity: (record: T) => string;
  /** Default: 24 hours, in ms. See `CopyFilter`. */
  readonly windowMs?: number;
  /**
   * How much later than a newer record an older one may come, in ms. Records are held back for as long as that, and at
   * most twice as long, by their own time. Default: `Infinity`, which takes any order, and holds all until the end.
   * 0 holds nothing back, for records that come in the order of their receipt.
   */
  readonly disorderMs?: number;
  /** Gets each copy that is left out, in the order of receipt. */
  readonly onCopy?: (record: T) => void;
}

/**
 * Of each event the record that was received first (of several received in the same millisecond, the first that comes),
 * in the order of receipt. What makes a record a copy is said at `CopyFilter`.
 *
 * Remembers the identities of one window, and holds the records that `disorderMs` speaks of. A record that comes later
 * than that is still left out if its event was given away within the window, and else given away at once.
 */
export async function* dedupe<T extends { readonly received_at: number }>(
  records: AsyncIterable<T> | Iterable<T>,
  options: DedupeOptions<T>,
): AsyncGenerator<T, void, undefined> {
  const { identity, windowMs = DEFAULT_WINDOW_MS, disorderMs = Number.POSITIVE_INFINITY, onCopy } = options;
  if (!(disorderMs >= 0)) throw new RangeError(`disorderMs is ${disorderMs}. Give 0 or more, in ms.`);
  const filter = new CopyFilter(windowMs);
  const firsts = function* (due: readonly T[]) {
    for (const record of due) {
      if (filter.isCopy(identity(record), record.received_at)) onCopy?.(record);
      else yield record;
    }
  };
  let held: T[] = [];
  let newest = Number.NEGATIVE_INFINITY;
  let settled = Number.NEGATIVE_INFINITY;
  for await (const record of records) {
    held.push(record);
    newest = Math.max(newest, record.received_at);
    // Sorted once for each span of `disorderMs`, not for each record.
    if (disorderMs === Number.POSITIVE_INFINITY || newest - settled < 2 * disorderMs) continue;
    settled = newest - disorderMs;
    const due = inOrder(held);
    const next = due.findIndex(({ received_at }) => received_at > settled);
    held = next < 0 ? [] : due.splice(next);
    yield* firsts(due);
  }
  yield* firsts(inOrder(held));
}

/** Records of the same millisecond stay as they came: the sort is stable. */
function inOrder<T extends { readonly received_at: number }>(records: readonly T[]): T[] {
  return records.toSorted((a, b) => a.received_at - b.received_at);
}

/**
 * Tells copies from events, one receipt at a time.
 *
 * The window: a receipt is a copy if another with the same identity was received at most `windowMs` before it, and be
 * that one a copy itself. What counts is thus the longest pause between two attempts, not how long somebody goes on
 * trying; and whether a receipt is a copy can be told from the receipts of one window before it, without knowing all
 * that was. The other side of it: an event that is posted again and again with pauses shorter than the window, and
 * equal to the last byte, is one event for as long as that goes on. Give the events ids, or choose a shorter window.
 *
 * Exact for receipts in the order of their time. Remembers the identities of the last window and no others: memory is
 * bounded by how many events come within it, some 150 bytes for each.
 */
export class CopyFilter {
  readonly #windowMs: number;
  /** When each identity was received last; the one that was longest ago comes first. */
  readonly #last = new Map<string, number>();
  #newest = Number.NEGATIVE_INFINITY;

  /** @param windowMs in ms, 0 or more */
  constructor(windowMs = DEFAULT_WINDOW_MS) {
    if (!(windowMs >= 0)) throw new RangeError(`The window is ${windowMs}. Give 0 or more, in ms.`);
    this.#windowMs = windowMs;
  }

  /** How many identities it knows at the moment. */
  get remembered(): number {
    return this.#last.size;
  }

  /** @param receivedAt ms since the epoch */
  isCopy(identity: string, receivedAt: number): boolean {
    const last = this.#last.get(identity);
    this.#last.delete(identity);
    this.#last.set(identity, Math.max(receivedAt, last ?? receivedAt));
    this.#newest = Math.max(this.#newest, receivedAt);
    for (const [oldest, at] of this.#last) {
      if (this.#newest - at <= this.#windowMs) break;
      this.#last.delete(oldest);
    }
    return last !== undefined && Math.abs(receivedAt - last) <= this.#windowMs;
  }
}
