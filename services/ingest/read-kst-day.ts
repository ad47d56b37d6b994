import { createHash } from 'node:crypto';
import type { S3Client } from '@aws-sdk/client-s3';
import { dateFolder, kstDay, kstDayFolders } from './kst-day.ts';
import { keysIn, textsIn, UnreadableObject } from './read-objects.ts';
import { type RecordTime, timeFromFields } from './record-time.ts';
import { objectsInS3, parseObjectKey, type StoredObjects } from './stored-objects.ts';

export { kstDay, kstDayFolders } from './kst-day.ts';
export { UnreadableObject } from './read-objects.ts';
export { type RecordTime, TIME_FIELDS, timeFromFields } from './record-time.ts';
export { JsonSplitError, splitJson } from './split-json.ts';

/** Where the pipeline's objects are. */
export interface Source {
  readonly s3: S3Client;
  readonly bucket: string;
  /** What stands before year, month, day and hour. Default: `rawdata/`. */
  readonly prefix?: string;
}

export interface StoredRecord {
  /** The JSON value. */
  readonly value: unknown;
  /** The bytes that were posted, but for white space around the value. */
  readonly text: string;
  /** Ms since the epoch. */
  readonly time: number;
  /** `record`: the record tells its time. `object`: it tells none, and `time` is its object's, to the second. */
  readonly timeFrom: 'record' | 'object';
  /** The key of the object that it was read from. */
  readonly key: string;
}

export interface ReadOptions {
  /** The time that a record tells. Default: `timeFromFields()`. */
  readonly recordTime?: RecordTime;
  /**
   * What two deliveries of one record have in common; undefined for a record that is like no other.
   *
   * By default it is the bytes, for a record that tells its time: what Firehose delivers twice is equal to the last
   * byte. Where two events may really be equal, time and all, give them an event id and name it here. A record that
   * tells no time is taken for a second delivery only if an object with the same key, but for the part that Firehose
   * draws by lot, has it as often: somebody may well post the same thing twice.
   */
  readonly identity?: (record: StoredRecord) => string | undefined;
  /** How many hours a record may arrive after the time it tells. Default: 0. */
  readonly latenessHours?: number;
}

export interface Reading {
  /** In the order in which they were found. */
  readonly records: readonly StoredRecord[];
  readonly counts: ReadingCounts;
}

export interface ReadingCounts {
  readonly folders: number;
  readonly objects: number;
  /** Records that were read, of which `outside` were not of the day and `duplicates` had been read before. */
  readonly read: number;
  readonly outside: number;
  readonly duplicates: number;
  /** Records of the day that tell no time. Near its ends they may be of the neighbouring day. */
  readonly untimed: number;
}

/**
 * The records of one Korean day, each once: from 25 UTC hour folders (see `kstDayFolders`), of each object those whose
 * time is of the day. Rejects with `UnreadableObject` if an object holds what is not JSON.
 */
export async function readKstDay(source: Source & { readonly day: string }, options?: ReadOptions): Promise<Reading> {
  return readDayFrom(objectsInS3(source.s3, source.bucket), source.day, source.prefix, options);
}

/** As `readKstDay`, from wherever the objects are. */
export async function readDayFrom(
  objects: StoredObjects,
  day: string,
  prefix = 'rawdata/',
  options: ReadOptions = {},
): Promise<Reading> {
  const { recordTime = timeFromFields(), latenessHours = 0 } = options;
  const { start, end } = kstDay(day);
  const folders = kstDayFolders(day, latenessHours);
  const counts = { folders: folders.length, objects: 0, read: 0, outside: 0, duplicates: 0, untimed: 0 };
  const records: StoredRecord[] = [];
  const seen = new Set<string>();
  for await (const key of keysIn(objects, prefix, folders)) {
    counts.objects++;
    const identityOf = options.identity ?? defaultIdentity();
    for await (const record of recordsOf(objects, key, recordTime)) {
      counts.read++;
      if (record.time < start || record.time >= end) {
        counts.outside++;
        continue;
      }
      const identity = identityOf(record);
      if (identity !== undefined && seen.has(identity)) {
        counts.duplicates++;
        continue;
      }
      if (identity !== undefined) seen.add(identity);
      if (record.timeFrom === 'object') counts.untimed++;
      records.push(record);
    }
  }
  return { records, counts };
}

/**
 * What one gets who opens the folder of one UTC date and takes it for the day: the records of nine hours are missing,
 * those of nine other hours are there, and what Firehose delivered twice is there twice. It is here to be compared.
 */
export async function readUtcDate(
  source: Source & { readonly date: string },
  options: Pick<ReadOptions, 'recordTime'> = {},
): Promise<StoredRecord[]> {
  const objects = objectsInS3(source.s3, source.bucket);
  const records: StoredRecord[] = [];
  for await (const key of objects.keys((source.prefix ?? 'rawdata/') + dateFolder(source.date))) {
    for await (const record of recordsOf(objects, key, options.recordTime ?? timeFromFields())) records.push(record);
  }
  return records;
}

async function* recordsOf(objects: StoredObjects, key: string, recordTime: RecordTime): AsyncGenerator<StoredRecord> {
  for await (const { text, offset, objectTime } of textsIn(objects, key)) {
    const value = parse(text, key, offset);
    const own = recordTime(value);
    yield { value, text, time: own ?? objectTime, timeFrom: own === undefined ? 'object' : 'record', key };
  }
}

function parse(text: string, key: string, offset: number): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UnreadableObject(key, `what begins at byte ${offset} is not JSON: ${(cause as Error).message}`, cause);
  }
}

/** To be made anew for each object: it counts how often the object has each record that tells no time. */
function defaultIdentity(): (record: StoredRecord) => string {
  const timesInObject = new Map<string, number>();
  return ({ text, timeFrom, key }) => {
    const content = createHash('sha256').update(text).digest('base64');
    if (timeFrom === 'record') return content;
    const times = (timesInObject.get(content) ?? 0) + 1;
    timesInObject.set(content, times);
    return `${parseObjectKey(key)?.stem} ${times} ${content}`;
  };
}
