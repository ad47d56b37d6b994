import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { intervalFor, MAX_POINTS, readRange } from './range.ts';

const NOW = Date.UTC(2026, 0, 27, 5, 48, 25, 123);

describe('the interval of a range', () => {
  test.each([
    ['15 minutes', 900, 5_000],
    ['an hour', 3_600, 15_000],
    ['6 hours', 21_600, 120_000],
    ['a day', 86_400, 300_000],
    ['a week', 604_800, 3_600_000],
  ])('of %s is round', (_what, seconds, interval) => {
    expect(intervalFor({ from: NOW - seconds * 1000, to: NOW })).toBe(interval);
  });

  test('never makes more points than a line may have', () => {
    const ranges = fc.tuple(fc.integer({ min: 0, max: 4e12 }), fc.integer({ min: 1, max: 10 * 366 * 86_400_000 }));
    fc.assert(
      fc.property(ranges, ([from, length]) => {
        const to = from + length;
        const interval = intervalFor({ from, to });
        // The first and the last interval that OpenSearch makes; they begin at multiples of the interval.
        const points = Math.floor((to - 1) / interval) - Math.floor(from / interval) + 1;
        expect(points).toBeLessThanOrEqual(MAX_POINTS);
      }),
    );
  });
});

describe('a range', () => {
  test('until now includes this very millisecond', () => {
    expect(readRange({ last: '900' }, NOW)).toEqual({ from: NOW + 1 - 900_000, to: NOW + 1 });
    expect(readRange({}, NOW)).toEqual(readRange({ last: '3600' }, NOW));
  });

  test('between two instants is as it is written, in ISO 8601 or ms', () => {
    const range = { from: NOW, to: NOW + 60_000 };
    expect(readRange({ from: '2026-01-27T14:48:25.123+09:00', to: '2026-01-27T05:49:25.123Z' }, 0)).toEqual(range);
    expect(readRange({ from: String(NOW), to: String(NOW + 60_000) }, 0)).toEqual(range);
    expect(readRange({ from: String(NOW) }, NOW + 5).to).toBe(NOW + 6);
  });

  test.each([
    [{ last: '0' }, 'last must be a number of seconds, more than 0, not "0".'],
    [{ last: 'x' }, 'last must be a number of seconds, more than 0, not "x".'],
    [{ last: '1e12' }, 'last must be a number of seconds, more than 0, not "1e12".'],
    [{ last: '900', from: '1' }, 'Give either last, or from and to.'],
    [{ from: '2026-01-27 05:48' }, 'from must be a time such as 2026-01-27T05:48:25Z, not "2026-01-27 05:48".'],
    [{ from: '5', to: '5' }, 'from must be before to.'],
    [{ from: '0', to: '999999999999999' }, 'A range is ten years at most.'],
  ])('that is wrong is refused: %j', (query, message) => {
    expect(() => readRange(query, NOW)).toThrow(expect.objectContaining({ status: 400, message }));
  });
});
