import { parseRange, type Range, roundInterval, YEAR } from '../../../page-kit/server/range.ts';

/** The most bars that the chart gets. */
export const MAX_BARS = 120;
/** What OpenSearch Dashboards shows by default, in seconds: older events look as if they were missing. */
export const DEFAULT_LAST = 900;
const RULES = { defaultLast: DEFAULT_LAST, longestLast: (1_000 * YEAR) / 1000, example: '2020-05-18T05:48:25Z' };

/** The shortest round interval, in ms, of which the range holds at most 120, one that is cut at each end included. */
export function intervalFor(range: Range): number {
  return roundInterval(range, MAX_BARS);
}

/** Where each interval of a range begins. */
export function timesOf({ from, to }: Range, interval: number): number[] {
  const first = Math.floor(from / interval);
  return Array.from({ length: Math.ceil(to / interval) - first }, (_, at) => (first + at) * interval);
}

/** The range a request asks for, by default the last 15 minutes. Errors: `Refusal` 400. */
export function readRange(query: Readonly<Record<string, unknown>>, now: number): Range {
  return parseRange(query, now, RULES);
}
