import { hourFolders } from '../../ingest/kst-day.ts';
import { keysIn, textsIn, UnreadableObject } from '../../ingest/read-objects.ts';
import { splitLines } from '../../ingest/split-lines.ts';
import type { StoredObjects } from '../../ingest/stored-objects.ts';
import { readRecord, type WebhookRecord } from '../record.ts';
import type { Unreadable } from './model.ts';

/** Objects that are read at the same time. */
const PARALLEL = 8;
const MAX_EXAMPLES = 20;

export interface Hours {
  readonly prefix: string;
  /** Ms since the epoch: the hours of the folders that are read, `to` not among them. */
  readonly from: number;
  readonly to: number;
}

/** What was read, as far as reading has come. */
export interface ReadingTally {
  folders: number;
  /** Those whose objects are all known; some of these are still being read, perhaps. */
  listed: number;
  objects: number;
  records: number;
  unreadable: { count: number; examples: Unreadable[] };
}

/**
 * What `keep` makes of each record in the folders of some hours, but for undefined, in no particular order. A line that
 * is no record, and an object that cannot be read to its end, are counted and named in `tally`, and reading goes on.
 */
export async function* readReceipts<T>(
  objects: StoredObjects,
  { prefix, from, to }: Hours,
  keep: (record: WebhookRecord) => T | undefined,
  tally: ReadingTally,
): AsyncGenerator<T, void, undefined> {
  const unreadable = (place: Unreadable) => {
    tally.unreadable.count++;
    if (tally.unreadable.examples.length < MAX_EXAMPLES) tally.unreadable.examples.push(place);
  };
  const readObject = async (key: string): Promise<T[]> => {
    tally.objects++;
    const kept: T[] = [];
    try {
      for await (const { text, offset } of textsIn(objects, key, { split: splitLines })) {
        const record = readRecord(text);
        if (record === undefined) {
          unreadable({ key, offset, reason: 'the line is no record of a webhook.' });
          continue;
        }
        tally.records++;
        const receipt = keep(record);
        if (receipt !== undefined) kept.push(receipt);
      }
    } catch (error) {
      if (!(error instanceof UnreadableObject)) throw error;
      unreadable({ key, reason: error.reason });
    }
    return kept;
  };
  const folders = hourFolders(from, to);
  tally.folders += folders.length;
  const keys = async function* () {
    for (const folder of folders) {
      yield* keysIn(objects, prefix, [folder]);
      tally.listed++;
    }
  };
  for await (const receipts of inParallel(keys(), readObject)) yield* receipts;
}

/** What becomes of each item, in the order of the items. */
async function* inParallel<T, R>(items: AsyncIterable<T>, work: (item: T) => Promise<R>): AsyncGenerator<R> {
  const running: Promise<R>[] = [];
  for await (const item of items) {
    const result = work(item);
    // It is awaited below, perhaps only after others; or never, when one of them fails first.
    result.catch(() => undefined);
    running.push(result);
    if (running.length === PARALLEL) yield running.shift() as Promise<R>;
  }
  yield* running;
}
