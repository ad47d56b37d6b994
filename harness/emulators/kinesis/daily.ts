import { HOUR_MS } from './limits.ts';

const DAY_MS = 24 * HOUR_MS;

/** How many of these instants lie in the 24 hours up to now, all in ms since the epoch. */
export function inTheLastDay(instants: readonly number[], now: number): number {
  return instants.filter((at) => at > now - DAY_MS && at <= now).length;
}
