export const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Seoul is nine hours ahead of UTC. */
export const KST_OFFSET_MS = 9 * HOUR_MS;
/** The last daylight saving time in Korea ended on 9 October 1988 (tz database, Asia/Seoul). */
const FIRST_DAY_OF_FIXED_OFFSET = '1988-10-10';

/** A Korean day as a span of time, in ms since the epoch: `start` belongs to it, `end` no more. */
export interface KstDay {
  readonly start: number;
  readonly end: number;
}

/** The span of a day written `2022-01-27`: from 15:00 UTC the day before to 15:00 UTC. */
export function kstDay(day: string): KstDay {
  const start = utcMidnight(day) - KST_OFFSET_MS;
  if (day < FIRST_DAY_OF_FIXED_OFFSET) {
    throw new RangeError(
      `Korea had daylight saving time before ${FIRST_DAY_OF_FIXED_OFFSET}; ${day} is not supported.`,
    );
  }
  return { start, end: start + DAY_MS };
}

/**
 * The hour folders, in UTC, that may hold records of a Korean day: `2022/01/26/14/` to `2022/01/27/14/` for 2022-01-27.
 * The day itself has 24. The one before belongs to it because Firehose names a folder after the oldest record of an
 * object: an object begun at 14:59:30 has records of 15:00 and later. `latenessHours` adds as many after the day, for
 * records that arrive that long after the time they tell.
 */
export function kstDayFolders(day: string, latenessHours = 0): string[] {
  const { start, end } = kstDay(day);
  return hourFolders(start - HOUR_MS, end + latenessHours * HOUR_MS);
}

/** The hour folders from the one of `from` to the last that begins before `to`; ms since the epoch. */
export function hourFolders(from: number, to: number): string[] {
  const folders: string[] = [];
  for (let hour = Math.floor(from / HOUR_MS) * HOUR_MS; hour < to; hour += HOUR_MS) folders.push(hourFolder(hour));
  return folders;
}

/** `2022/01/27/05/`: what Firehose writes after the prefix for objects that begin in that hour. */
export function hourFolder(instant: number): string {
  return `${new Date(instant).toISOString().slice(0, 13).replaceAll('-', '/').replace('T', '/')}/`;
}

/** `2022/01/27/`: a UTC date's folder. */
export function dateFolder(date: string): string {
  utcMidnight(date);
  return `${date.replaceAll('-', '/')}/`;
}

/** Whether it is written `2022-01-27` and a calendar has it: Date.parse takes 2022-02-30 for 2 March. */
export function isDate(date: string): boolean {
  const midnight = /^\d{4}-\d{2}-\d{2}$/.test(date) ? Date.parse(`${date}T00:00:00Z`) : Number.NaN;
  return !Number.isNaN(midnight) && new Date(midnight).toISOString().startsWith(date);
}

function utcMidnight(date: string): number {
  if (!isDate(date)) throw new RangeError(`"${date}" is not a date. Write it as 2022-01-27.`);
  return Date.parse(`${date}T00:00:00Z`);
}
