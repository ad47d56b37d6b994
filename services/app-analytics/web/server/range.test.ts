import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { intervalFor, MAX_BARS, readRange, timesOf } from './range.ts';

const NOW = Date.parse('2020-05-18T05:48:25.123Z');
const MINUTE = 60_000;

describe('the range', () => {
  test('is the last 15 minutes, with this very millisecond, unless told otherwise', () => {
    expect(readRange({}, NOW)).toEqual({ from: NOW + 1 - 15 * MINUTE, to: NOW + 1 });
  });

  test('can be told in seconds, and between two instants', () => {
    expect(readRange({ last: '3600' }, NOW)).toEqual({ from: NOW + 1 - 60 * MINUTE, to: NOW + 1 });
    expect(readRange({ from: '2020-05-18T14:00:00+09:00', to: '1589781600000' }, NOW)).toEqual({
      from: Date.parse('2020-05-18T05:00:00Z'),
      to: 1_589_781_600_000,
    });
    expect(readRange({ from: '0' }, NOW)).toEqual({ from: 0, to: NOW + 1 });
  });

  test.each([
    [{ last: 'soon' }, 'last must be a number of seconds, more than 0, not "soon".'],
    [{ last: '0' }, 'last must be a number of seconds, more than 0, not "0".'],
    [{ last: ['1', '2'] }, 'last must be a number of seconds, more than 0, not ["1","2"].'],
    [{ last: '60', from: '0' }, 'Give either last, or from and to.'],
    [{ from: '2020-05-18' }, 'from must be a time such as 2020-05-18T05:48:25Z, not "2020-05-18".'],
    [{ to: '5' }, 'from must be a time such as 2020-05-18T05:48:25Z, not nothing.'],
    [{ from: '5', to: '5' }, 'from must be before to.'],
    [{ last: '1e12' }, 'last must be a number of seconds, more than 0, not "1e12".'],
  ])('%o is refused: %s', (query, message) => {
    expect(() => readRange(query, NOW)).toThrow(message);
  });
});

test('intervals cover every range, in at most 120 bars', () => {
  const instant = fc.integer({ min: 0, max: 4e12 });
  const length = fc.oneof(fc.integer({ min: 1, max: 9e14 }), fc.integer({ min: 1, max: 1e9 }));
  fc.assert(
    fc.property(instant, length, (from, length) => {
      const range = { from, to: from + length };
      const interval = intervalFor(range);
      const times = timesOf(range, interval);
      expect(times.length).toBeLessThanOrEqual(MAX_BARS);
      expect(times[0]).toBeLessThanOrEqual(range.from);
      expect((times.at(-1) ?? 0) + interval).toBeGreaterThanOrEqual(range.to);
    }),
  );
});
