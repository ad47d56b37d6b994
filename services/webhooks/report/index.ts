import type { S3Client } from '@aws-sdk/client-s3';
import { HOUR_MS, kstDay } from '../../ingest/kst-day.ts';
import { objectsInS3, type StoredObjects } from '../../ingest/stored-objects.ts';
import { DEFAULT_WINDOW_MS, dedupe } from '../dedupe.ts';
import { eventIdentity } from '../dedupe-identity.ts';
import type { WebhookRecord } from '../record.ts';
import { type EventTime, eventTime } from './event-time.ts';
import type { Counts, DayReport, ReportTime } from './model.ts';
import { type ReadingTally, readReceipts } from './receipts.ts';

export { type EventTime, eventTime } from './event-time.ts';
export type { Counts, DayReport, HourCounts, ReportTime, SenderCounts, Unreadable } from './model.ts';
export { describeReport } from './table.ts';

/**
 * How much later than its time a record may reach the stream. After its receipt by the API: Lambda keeps what it was
 * to run asynchronously for six hours (lambda.md). After the event itself: as late as senders try again.
 */
const DEFAULT_LATENESS_HOURS = { received: 6, event: 24 } as const;

export interface ReportOptions {
  /** A Korean day, such as `2022-01-27`. */
  readonly day: string;
  /** What stands before year, month, day and hour. Default: `rawdata/`. */
  readonly prefix?: string;
  /** By which time a record is of the day and of an hour. Default: `received`. */
  readonly time?: ReportTime;
  /** See `CopyFilter`. Default: 24. */
  readonly windowHours?: number;
  /** How much later than that time a record may reach the stream. Default: 6 for `received`, 24 for `event`. */
  readonly latenessHours?: number;
  /** Default: `eventIdentity`. */
  readonly identity?: (record: WebhookRecord) => string;
  /** Default: `eventTime`. A record that it knows no time of is counted by that of its receipt. */
  readonly eventTime?: EventTime;
  /** Told once, before anything is read: how far reading has come can be seen there at any time. */
  readonly onStart?: (read: Readonly<ReadingTally>) => void;
}

/**
 * The webhooks of one Korean day by sender and hour: how many lie in S3, how many of them are copies, and how many
 * events that makes.
 *
 * Each event is counted once, in the hour of its first receipt, also if that was on the day before and its copies came
 * on this one: so the events of consecutive days add up. To see that first receipt, it reads more folders than those of
 * the day: from one window before the day (and the hour before that, since Firehose names a folder after the oldest
 * record of an object) to the last hour in which a late record of the day may have come. With the window of 24 hours
 * and by the time of receipt these are 24 + 1 + 24 + 6. One window is enough: whether a receipt is a copy depends on
 * those of one window before it, and on no others.
 *
 * Holds some 150 bytes for each record in those folders. What cannot be read is counted and named, and takes nothing
 * else with it. Rejects with what S3 says, and with `RangeError` for what is no day.
 */
export function reportDay(source: { s3: S3Client; bucket: string } & ReportOptions): Promise<DayReport> {
  return reportDayFrom(objectsInS3(source.s3, source.bucket), source);
}

/** As `reportDay`, from wherever the objects are. */
export async function reportDayFrom(objects: StoredObjects, options: ReportOptions): Promise<DayReport> {
  const { day, prefix = 'rawdata/', time = 'received' } = options;
  const { windowHours = DEFAULT_WINDOW_MS / HOUR_MS, latenessHours = DEFAULT_LATENESS_HOURS[time] } = options;
  const { start, end } = kstDay(day);
  const identity = options.identity ?? eventIdentity;
  const toldTime = time === 'event' ? (options.eventTime ?? eventTime) : () => undefined;
  const tally: ReadingTally = { folders: 0, listed: 0, objects: 0, records: 0, unreadable: { count: 0, examples: [] } };
  const senders = new Map<string, Map<number, Tally>>();
  let untimed = 0;
  let ofDay = 0;
  options.onStart?.(tally);

  const keep = (record: WebhookRecord): Receipt | undefined => {
    const told = toldTime(record);
    const instant = told ?? record.received_at;
    const isOfDay = instant >= start && instant < end;
    if (isOfDay) {
      ofDay++;
      if (time === 'event' && told === undefined) untimed++;
    } else if (time === 'received' && record.received_at >= end) return undefined;
    const hour = isOfDay ? Math.floor((instant - start) / HOUR_MS) : undefined;
    return { received_at: record.received_at, identity: identity(record), sender: record.sender, hour };
  };
  const count = ({ sender, hour }: Receipt, as: 'copies' | 'unique') => {
    if (hour === undefined) return;
    const hours = senders.get(sender) ?? new Map<number, Tally>();
    const tallied = hours.get(hour) ?? { copies: 0, unique: 0 };
    tallied[as]++;
    senders.set(sender, hours.set(hour, tallied));
  };
  const hours = { prefix, from: start - (windowHours + 1) * HOUR_MS, to: end + latenessHours * HOUR_MS };
  const firsts = dedupe(readReceipts(objects, hours, keep, tally), {
    identity: (receipt) => receipt.identity,
    windowMs: windowHours * HOUR_MS,
    onCopy: (receipt) => count(receipt, 'copies'),
  });
  for await (const receipt of firsts) count(receipt, 'unique');

  const { unreadable, ...read } = tally;
  return {
    day,
    time,
    windowHours,
    latenessHours,
    senders: [...senders].sort(byFirst).map(([sender, hours]) => ({
      sender,
      hours: [...hours].sort(byFirst).map(([hour, counts]) => ({ hour, ...sum([counts]) })),
      total: sum([...hours.values()]),
    })),
    total: sum([...senders.values()].flatMap((hours) => [...hours.values()])),
    untimed,
    read: { folders: read.folders, objects: read.objects, records: read.records, outside: read.records - ofDay },
    unreadable,
  };
}

/** What is held of a record until its turn comes. */
interface Receipt {
  readonly received_at: number;
  readonly identity: string;
  readonly sender: string;
  /** Of the day; undefined for a record of another one, which may be what others are copies of. */
  readonly hour: number | undefined;
}

interface Tally {
  copies: number;
  unique: number;
}

function sum(tallies: readonly Tally[]): Counts {
  const copies = tallies.reduce((total, tally) => total + tally.copies, 0);
  const unique = tallies.reduce((total, tally) => total + tally.unique, 0);
  return { raw: copies + unique, copies, unique };
}

function byFirst<T extends string | number>([a]: readonly [T, unknown], [b]: readonly [T, unknown]): number {
  return a < b ? -1 : Number(a > b);
}
