import type { EntryNumber, IdRange, LedgerId } from '../../ledger/index.ts';

/**
 * Records that came together: one put, or the neighbours of one GetRecords answer that arrived in the same
 * millisecond. Buffers keep runs, not records, so that a record costs next to nothing on its way.
 */
export interface Run {
  /** Approximate arrival, ms since the epoch on the clock. */
  readonly arrival: number;
  /** One element per record. */
  readonly data: readonly Uint8Array[];
  /** The sum of the records' lengths. */
  readonly bytes: number;
  /** The records' names in the ledger, in the order of `data`. */
  readonly ids: IdRange | readonly LedgerId[];
  /** The ledger's entry that accepted them. */
  readonly cause: EntryNumber;
}

export function makeRun(
  arrival: number,
  data: readonly Uint8Array[],
  ids: IdRange | readonly LedgerId[],
  cause: EntryNumber,
): Run {
  let bytes = 0;
  for (const record of data) bytes += record.length;
  return { arrival, data, bytes, ids, cause };
}

/** The records `from` to before `to` of a run. */
export function cutRun(run: Run, from: number, to: number): Run {
  if (from === 0 && to === run.data.length) return run;
  const ids = isRange(run.ids)
    ? { series: run.ids.series, from: run.ids.from + from, to: run.ids.from + to }
    : run.ids.slice(from, to);
  return makeRun(run.arrival, run.data.slice(from, to), ids, run.cause);
}

/** The names of all records of `runs`; neighbouring parts of one put are joined. */
export function namesOf(runs: Iterable<Run>): (LedgerId | IdRange)[] {
  const names: (LedgerId | IdRange)[] = [];
  for (const { ids } of runs) {
    if (!isRange(ids)) {
      for (const id of ids) names.push(id);
      continue;
    }
    const last = names.at(-1);
    if (typeof last === 'object' && last.series === ids.series && last.to === ids.from) {
      names[names.length - 1] = { series: ids.series, from: last.from, to: ids.to };
    } else {
      names.push(ids);
    }
  }
  return names;
}

function isRange(ids: Run['ids']): ids is IdRange {
  return !Array.isArray(ids);
}
