import { DAY, parseRange, type Range, roundInterval } from '../../../page-kit/server/range.ts';
import { Refusal } from './refusal.ts';

/** The most points that one line of a chart gets. */
export const MAX_POINTS = 300;
const LONGEST_RANGE = 10 * 366 * DAY;
const RULES = { defaultLast: 3600, longestLast: LONGEST_RANGE / 1000, example: '2026-01-27T05:48:25Z' };

/** The shortest round interval, in ms, of which the range holds at most 300, one that is cut at each end included. */
export function intervalFor(range: Range): number {
  return roundInterval(range, MAX_POINTS);
}

/** The range a request asks for, by default the last hour; ten years at most. Errors: `Refusal` 400. */
export function readRange(query: Readonly<Record<string, unknown>>, now: number): Range {
  const range = parseRange(query, now, RULES);
  if (range.to - range.from > LONGEST_RANGE) throw new Refusal(400, 'bad-request', 'A range is ten years at most.');
  return range;
}
