import type { Entry, LedgerId } from './ledger.ts';
import { SERIES_DIGITS } from './ledger.ts';
import type { LedgerStore } from './store.ts';

/** How many of a batch's events are shown by name. */
const SHOWN_IDS = 5;

export interface Journey {
  /** The full id that was found. */
  readonly id: LedgerId;
  /** The steps, oldest first. */
  readonly steps: readonly Step[];
}

export interface Step extends Entry {
  /** How many events the entry is about; `ids` shows the first few. */
  readonly events: number;
}

/**
 * One event's journey. `text` is a full id or the last part of one: a request id, a sequence number, an object key.
 *
 * From an event it goes to all that was said of it, up to what caused that, and down to the events that came of it (a
 * request's record, or what it was passed on as). From a container (an object) it goes to how it came to be. Undefined
 * when nothing is known.
 */
export function trace(store: LedgerStore, text: string): Journey | undefined {
  const known = store.candidates(text).find((id) => store.about(id, 1).length > 0 || store.into(id, 1).length > 0);
  if (known === undefined) return undefined;

  const steps = new Map<number, Entry>();
  const followed = new Set<LedgerId>();
  const waiting: LedgerId[] = [known];
  for (const entry of store.into(known)) {
    steps.set(entry.n, entry);
    // What went in by itself, such as an event that became a record, is the same event.
    if (eventCount(entry) === 1) addCauses(store, entry, steps);
  }

  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (followed.has(id)) continue;
    followed.add(id);
    for (const entry of store.about(id)) {
      steps.set(entry.n, entry);
      addCauses(store, entry, steps);
      addConsequences(store, entry, steps, waiting);
    }
  }
  const ordered = [...steps.values()].sort((a, b) => a.n - b.n);
  return { id: known, steps: ordered.map((entry) => summarise(entry, known)) };
}

function addCauses(store: LedgerStore, entry: Entry, steps: Map<number, Entry>): void {
  for (let cause = entry.cause; cause !== undefined && !steps.has(cause); ) {
    const found = store.get(cause);
    if (!found) return;
    steps.set(found.n, found);
    cause = found.cause;
  }
}

/** An entry about one event alone: what it caused, and what it became, is part of that event's journey. */
function addConsequences(store: LedgerStore, entry: Entry, steps: Map<number, Entry>, waiting: LedgerId[]): void {
  if (eventCount(entry) !== 1) return;
  waiting.push(...(entry.into ?? []));
  for (const next of store.causedBy(entry.n)) {
    steps.set(next.n, next);
    if (eventCount(next) !== 1) continue;
    const [id] = next.ids ?? [];
    if (typeof id === 'string') waiting.push(id);
  }
}

function eventCount(entry: Entry): number {
  return (entry.ids ?? []).reduce((sum, id) => sum + (typeof id === 'string' ? 1 : id.to - id.from), 0);
}

/** Cuts a batch's ids down to a few, the one asked for first. */
function summarise(entry: Entry, asked: LedgerId): Step {
  const series = asked.slice(0, -SERIES_DIGITS);
  const isAsked = (id: NonNullable<Entry['ids']>[number]) =>
    typeof id === 'string' ? id === asked : id.series === series;
  const ids = [...(entry.ids ?? [])].sort((a, b) => Number(isAsked(b)) - Number(isAsked(a))).slice(0, SHOWN_IDS);
  return { ...entry, ids, events: eventCount(entry) };
}
