import { Refusal } from './refusal.ts';

/** A stretch of time, in ms since the epoch; `to` is not in it. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The most bars that the chart gets. */
export const MAX_BARS = 120;
/** What OpenSearch Dashboards shows by default, in seconds: older events look as if they were missing. */
export const DEFAULT_LAST = 900;
const YEAR = 365 * DAY;
/** In seconds. */
const LONGEST_LAST = (1_000 * YEAR) / SECOND;

const INTERVALS = [
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR),
  ...[1, 2, 7, 14, 28, 91, 365].map((days) => days * DAY),
];

/** The shortest round interval, in ms, of which the range holds at most 120, one that is cut at each end included. */
export function intervalFor({ from, to }: Range): number {
  const fits = (interval: number) => Math.ceil(to / interval) - Math.floor(from / interval) <= MAX_BARS;
  // Somebody may have sent a time of another century.
  return INTERVALS.find(fits) ?? Math.ceil((to - from) / (MAX_BARS - 2) / YEAR) * YEAR;
}

/** Where each interval of a range begins. */
export function timesOf({ from, to }: Range, interval: number): number[] {
  const first = Math.floor(from / interval);
  return Array.from({ length: Math.ceil(to / interval) - first }, (_, at) => (first + at) * interval);
}

/**
 * The range a request asks for: `last=900` (seconds until now) or `from` and `to` (ISO 8601 with a time zone, or ms since
 * the epoch); by default the last 15 minutes. Errors: `Refusal` 400.
 */
export function readRange(query: Readonly<Record<string, unknown>>, now: number): Range {
  const { last, from, to } = query;
  if (from === undefined && to === undefined) {
    const seconds = last === undefined ? DEFAULT_LAST : Number(last);
    if (!(seconds > 0 && seconds <= LONGEST_LAST)) {
      throw new Refusal(400, 'bad-request', `last must be a number of seconds, more than 0, not ${shown(last)}.`);
    }
    // The event that arrived in this very millisecond is in it.
    return { from: Math.round(now + 1 - seconds * SECOND), to: now + 1 };
  }
  if (last !== undefined) throw new Refusal(400, 'bad-request', 'Give either last, or from and to.');
  const range = { from: instant('from', from), to: instant('to', to ?? now + 1) };
  if (range.from >= range.to) throw new Refusal(400, 'bad-request', 'from must be before to.');
  return range;
}

function instant(name: string, value: unknown): number {
  const text = String(value ?? '');
  const isIso = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)$/.test(text);
  const ms = isIso ? Date.parse(text) : /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(ms)) {
    const example = '2020-05-18T05:48:25Z';
    throw new Refusal(400, 'bad-request', `${name} must be a time such as ${example}, not ${shown(value)}.`);
  }
  return ms;
}

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 60);
}
