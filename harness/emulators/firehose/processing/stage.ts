import type { Attempt } from '../destinations/destination.ts';
import { type FailedRecord, type Failure, failRecord } from '../failed-record.ts';
import { cutRun, type FirehoseRecord, makeRun, type PartitionKeys, type Run, recordsOf } from '../runs.ts';
import type { TakenApart } from './parts.ts';

/** One record on its way through the stages of processing. */
export interface Item {
  /** The run in which it came, and its place in it. */
  readonly source: Run;
  readonly at: number;
  /** What the stages have made of it so far; as it came in, it is in `source`. */
  readonly data: Uint8Array;
  readonly partitionKeys?: PartitionKeys | undefined;
}

/** One processor. It accounts for every item that it is given, and keeps their order. */
export interface Stage {
  /** `batchId` is the same for every attempt to process a batch. Rejects only when stopped. */
  run(items: readonly Item[], attempt: Attempt, batchId: string): Promise<StageResult>;
}

export interface StageResult {
  readonly passed: readonly Item[];
  readonly dropped?: readonly Item[];
  readonly failed?: readonly FailedRecord[];
  readonly takenApart?: readonly TakenApart[];
}

export function itemsOf(runs: readonly Run[]): Item[] {
  return runs.flatMap((source) => source.data.map((data, at) => ({ source, at, data })));
}

/** Items as runs again: neighbours of one run stay together, as far as they share their partition keys. */
export function runsOf(items: readonly Item[]): Run[] {
  const runs: Run[] = [];
  for (let from = 0; from < items.length; ) {
    const { source, at, partitionKeys } = items[from] as Item;
    let to = from + 1;
    while (to < items.length && follows(items[to] as Item, items[to - 1] as Item)) to++;
    const data = items.slice(from, to).map((item) => item.data);
    runs.push(makeRun({ ...cutRun(source, at, at + to - from), data, partitionKeys }));
    from = to;
  }
  return runs;
}

/** The record of an item, as it came in. */
export function recordOf({ source, at }: Item): FirehoseRecord {
  const [record] = recordsOf([cutRun(source, at, at + 1)]);
  return record as FirehoseRecord;
}

/** Gives an item up: what is kept of it is what came in. */
export function failItem(item: Item, failure: Failure): FailedRecord {
  return failRecord(recordOf(item), failure);
}

/** Tells of each kind of failure once. */
export function reportOnce(attempt: Attempt, failed: readonly FailedRecord[]): void {
  const told = new Set<string>();
  for (const { errorCode, errorMessage } of failed) {
    const text = `${errorCode} ${errorMessage}`;
    if (told.has(text)) continue;
    told.add(text);
    attempt.reportError(errorCode, errorMessage);
  }
}

function follows(item: Item, before: Item): boolean {
  return item.source === before.source && item.at === before.at + 1 && isSame(item.partitionKeys, before.partitionKeys);
}

function isSame(keys: PartitionKeys | undefined, others: PartitionKeys | undefined): boolean {
  return keys === others || JSON.stringify(keys) === JSON.stringify(others);
}
