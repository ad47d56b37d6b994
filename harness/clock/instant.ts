import { NaetmulError } from '../errors.ts';

const UNIT_MS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const DURATION = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})$/;
/** The last instant that a JavaScript Date can hold, in ms since the epoch (ECMA-262, time values). */
const MAX_INSTANT_MS = 8.64e15;

/** Reads `90s`, `1h30m`, `2d`, `250ms`. Returns milliseconds. */
export function parseDuration(text: string): number {
  if (!DURATION.test(text)) {
    throw new NaetmulError('INVALID_DURATION', `"${text}" is not a duration.`, {
      remedy: 'Write a number with a unit, such as 90s, 5m, 1h30m or 2d.',
    });
  }
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)) {
    total += Number(amount) * (UNIT_MS[unit ?? ''] ?? Number.NaN);
  }
  if (total > MAX_INSTANT_MS) {
    throw new NaetmulError('INVALID_DURATION', `"${text}" is longer than time is.`, {
      remedy: 'The longest is 100000000d.',
    });
  }
  return Math.round(total);
}

/** Reads an ISO 8601 instant with its offset, such as `2022-01-27T14:48:25+09:00`. Returns ms since the epoch. */
export function parseInstant(text: string): number {
  const ms = INSTANT.test(text) && isDay(text.slice(0, 10)) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms) || Math.abs(ms) > MAX_INSTANT_MS) {
    throw new NaetmulError('INVALID_INSTANT', `"${text}" is not an instant.`, {
      remedy: 'Write ISO 8601 with an offset, such as 2022-01-27T05:48:25Z or 2022-01-27T14:48:25+09:00.',
    });
  }
  return ms;
}

/** `Date.parse` takes 30 February for 2 March. */
function isDay(date: string): boolean {
  const midnight = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(midnight) && formatInstant(midnight).startsWith(date);
}

/** `2022-01-27T05:48:25.123Z`. */
export function formatInstant(ms: number): string {
  return new Date(ms).toISOString();
}

/** `1 h 30 min`, `4.2 s`, `12 ms`: for people. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  return minutes % 60 === 0 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
