import { type IdRange, type LedgerId, type NewEntry, seriesId } from '../../../ledger/index.ts';
import { namesOf, type Run } from '../runs.ts';

/** A record that has been taken apart, and the names of its parts. */
export interface TakenApart {
  /** The record, alone. */
  readonly record: Run;
  readonly parts: IdRange;
}

/**
 * The names of the parts of a record. A part has a name of its own, because its fate is its own: it may be dropped, or
 * lie in another object than its neighbour.
 */
export function partsOf(id: LedgerId, count: number): IdRange {
  return { series: `part${id.slice(id.indexOf('/'))}-`, from: 0, to: count };
}

/**
 * What the ledger says of records taken apart: their place is now responsible for the parts, and done with the whole.
 * (Were the whole kept under its own name, a part's loss would be hidden by its neighbour's delivery, and two parts
 * delivered to two places would look like a copy.)
 */
export function entriesOf(takenApart: readonly TakenApart[]): Omit<NewEntry, 'where'>[] {
  return takenApart.flatMap(({ record, parts }) => {
    const ids = namesOf([record]);
    const { cause } = record;
    const into = Array.from({ length: parts.to - parts.from }, (_, n) => seriesId(parts.series, parts.from + n));
    return [
      { what: 'accepted' as const, ids: [parts], cause },
      { what: 'consumed' as const, ids, into, cause, detail: { reason: 'taken apart', parts: into.length } },
    ];
  });
}
