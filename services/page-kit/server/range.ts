import { Refusal } from './refusal.ts';

/** A stretch of time, in ms since the epoch; `to` is not in it. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

export interface RangeRules {
  /** Without a range: so many seconds until now. */
  readonly defaultLast: number;
  /** In seconds. */
  readonly longestLast: number;
  /** A time that a refusal shows. */
  readonly example: string;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const YEAR = 365 * DAY;

const INTERVALS = [
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR),
  ...[1, 2, 7, 14, 28, 91, 365].map((days) => days * DAY),
];

/** The shortest round interval, in ms, of which the range holds at most so many, one that is cut at each end included. */
export function roundInterval({ from, to }: Range, most: number): number {
  const fits = (interval: number) => Math.ceil(to / interval) - Math.floor(from / interval) <= most;
  // Somebody may ask for a time of another century.
  return INTERVALS.find(fits) ?? Math.ceil((to - from) / (most - 2) / YEAR) * YEAR;
}

/**
 * The range a request asks for: `last=900` (seconds until now) or `from` and `to` (ISO 8601 with a time zone, or ms since
 * the epoch). Errors: `Refusal` 400.
 */
export function parseRange(query: Readonly<Record<string, unknown>>, now: number, rules: RangeRules): Range {
  const { last, from, to } = query;
  if (from === undefined && to === undefined) {
    const seconds = last === undefined ? rules.defaultLast : Number(last);
    if (!(seconds > 0 && seconds <= rules.longestLast)) {
      throw new Refusal(400, 'bad-request', `last must be a number of seconds, more than 0, not ${shown(last)}.`);
    }
    // What came in this very millisecond is in it.
    return { from: Math.round(now + 1 - seconds * SECOND), to: now + 1 };
  }
  if (last !== undefined) throw new Refusal(400, 'bad-request', 'Give either last, or from and to.');
  const range = { from: instant('from', from, rules.example), to: instant('to', to ?? now + 1, rules.example) };
  if (range.from >= range.to) throw new Refusal(400, 'bad-request', 'from must be before to.');
  return range;
}

function instant(name: string, value: unknown, example: string): number {
  const text = String(value ?? '');
  const isIso = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)$/.test(text);
  const ms = isIso ? Date.parse(text) : /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(ms)) {
    throw new Refusal(400, 'bad-request', `${name} must be a time such as ${example}, not ${shown(value)}.`);
  }
  return ms;
}

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 60);
}
