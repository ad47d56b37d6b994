import { isDate } from './kst-day.ts';

/** The instant that a record tells of itself, in ms since the epoch; undefined if it tells none. */
export type RecordTime = (value: unknown) => number | undefined;

/** Where senders of ours put the time: Pinpoint, apps, the collector, the gas detector. */
export const TIME_FIELDS: readonly string[] = ['event_timestamp', 'timestamp', 'event_datetime', 'createdtime'];

/**
 * Reads the time from the first of `fields` that a record has. It may be a number or its digits (ms since the epoch;
 * seconds if below 100,000,000,000, which as ms would be 1973; of 14 digits and more it is no time), or text like
 * `2022-01-27T05:48:25.123Z`, `2022-01-27 14:48:25+0900` or `2022-01-27 14:48:25`. The last is taken for the time in
 * `offset`, never for that of the machine this runs on. A date that no calendar has is no time.
 */
export function timeFromFields(fields: readonly string[] = TIME_FIELDS, offset = '+09:00'): RecordTime {
  return (value) => {
    if (typeof value !== 'object' || value === null) return undefined;
    for (const field of fields) {
      if (!Object.hasOwn(value, field)) continue;
      const time = parseTime((value as Record<string, unknown>)[field], offset);
      if (time !== undefined) return time;
    }
    return undefined;
  };
}

const LEAST_MILLISECONDS = 100_000_000_000;
/** The year 2286. From here on, numbers are rather written dates (20220127144825) or microseconds. */
const TOO_MANY = 10_000_000_000_000;
const DATE_TIME = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2})?)(\.\d+)?(Z|[+-]\d{2}:?\d{2})?$/;

function parseTime(value: unknown, offset: string): number | undefined {
  if (typeof value === 'number' || (typeof value === 'string' && /^\d{9,16}(?:\.\d+)?$/.test(value))) {
    const number = Number(value);
    if (!(Math.abs(number) < TOO_MANY)) return undefined;
    return Math.floor(number < LEAST_MILLISECONDS ? number * 1000 : number);
  }
  const [, date, time, fraction = '', zone = offset] = (typeof value === 'string' && DATE_TIME.exec(value)) || [];
  if (date === undefined || !isDate(date)) return undefined;
  const colon = zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone;
  // ECMAScript promises to read three digits of a second's fraction.
  const instant = Date.parse(`${date}T${time}${fraction.slice(0, 4)}${colon}`);
  return Number.isNaN(instant) ? undefined : instant;
}
