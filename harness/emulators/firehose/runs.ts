import { type EntryNumber, type IdRange, type LedgerId, seriesId } from '../../ledger/index.ts';

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
  /** The records' names in the ledger, in the order of `data`: one range, or a name for each. */
  readonly ids: IdRange | readonly RecordName[];
  /** The ledger's entry that accepted them. */
  readonly cause: EntryNumber;
  /** What the source stream said of each record, in the order of `data`; undefined for direct puts. */
  readonly kinesis?: readonly KinesisOrigin[] | undefined;
  /** Dynamic partitioning: what all of these records share. */
  readonly partitionKeys?: PartitionKeys | undefined;
}

/** The name of one record: an id, or the one member of a series. */
export type RecordName = LedgerId | IdRange;

/** Where in its Kinesis stream a record lay. */
export interface KinesisOrigin {
  readonly shardId: string;
  readonly partitionKey: string;
  readonly sequenceNumber: string;
  /** The place of a record that a producer put into one with others. */
  readonly subsequenceNumber?: number | undefined;
}

/** The values that dynamic partitioning found, by where they come from and by name. */
export interface PartitionKeys {
  readonly fromQuery: Readonly<Record<string, string>>;
  readonly fromLambda: Readonly<Record<string, string>>;
}

/** One record of a run. */
export interface FirehoseRecord extends Pick<Run, 'arrival' | 'cause' | 'partitionKeys'> {
  /** For whatever needs a text that no other record has. */
  readonly id: LedgerId;
  /** For the ledger, which knows the members of a series only as such. */
  readonly name: RecordName;
  readonly data: Uint8Array;
  readonly kinesis?: KinesisOrigin | undefined;
}

export function makeRun(parts: Omit<Run, 'bytes'>): Run {
  let bytes = 0;
  for (const record of parts.data) bytes += record.length;
  return { ...parts, bytes };
}

/** The records `from` to before `to` of a run. */
export function cutRun(run: Run, from: number, to: number): Run {
  if (from === 0 && to === run.data.length) return run;
  const { ids } = run;
  return makeRun({
    ...run,
    data: run.data.slice(from, to),
    ids: isRange(ids) ? { series: ids.series, from: ids.from + from, to: ids.from + to } : ids.slice(from, to),
    kinesis: run.kinesis?.slice(from, to),
  });
}

/** The records of `runs` one by one. */
export function* recordsOf(runs: Iterable<Run>): Generator<FirehoseRecord> {
  for (const { data, ids, kinesis, arrival, cause, partitionKeys } of runs) {
    for (let n = 0; n < data.length; n++) {
      const name = nameAt(ids, n);
      const id = typeof name === 'string' ? name : seriesId(name.series, name.from);
      yield { id, name, data: data[n] as Uint8Array, arrival, cause, kinesis: kinesis?.[n], partitionKeys };
    }
  }
}

/** The bytes of all records, one after the other with nothing between them. */
export function contentOf({ runs, bytes }: { readonly runs: readonly Run[]; readonly bytes: number }): Buffer {
  const content = Buffer.allocUnsafeSlow(bytes);
  let at = 0;
  for (const run of runs) {
    for (const record of run.data) {
      content.set(record, at);
      at += record.length;
    }
  }
  return content;
}

/** The names of all records of `runs`; neighbouring parts of one put are joined. */
export function namesOf(runs: Iterable<Run>): (LedgerId | IdRange)[] {
  const names: (LedgerId | IdRange)[] = [];
  for (const { ids } of runs) {
    for (const name of isRange(ids) ? [ids] : ids) {
      const last = names.at(-1);
      if (
        typeof last === 'object' &&
        typeof name === 'object' &&
        last.series === name.series &&
        last.to === name.from
      ) {
        names[names.length - 1] = { series: name.series, from: last.from, to: name.to };
      } else {
        names.push(name);
      }
    }
  }
  return names;
}

function nameAt(ids: Run['ids'], n: number): RecordName {
  if (!isRange(ids)) return ids[n] as RecordName;
  return { series: ids.series, from: ids.from + n, to: ids.from + n + 1 };
}

function isRange(ids: Run['ids']): ids is IdRange {
  return !Array.isArray(ids);
}
