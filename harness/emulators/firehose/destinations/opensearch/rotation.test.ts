import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseInstant } from '../../../../clock/index.ts';
import { ROTATION_PERIODS, rotatedIndex, type WeekOptions } from './rotation.ts';

const STATED: WeekOptions = { weeks: 'saturday', weekYear: 'week' };
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const week = (instant: string | number, options: Partial<WeekOptions> = {}) => {
  const arrival = typeof instant === 'string' ? parseInstant(instant) : instant;
  return rotatedIndex('i', 'OneWeek', arrival, { ...STATED, ...options });
};

/** Arrivals of half a century, many of them near the turn of a year. */
const arrivals = fc.oneof(
  fc.integer({ min: Date.UTC(2000), max: Date.UTC(2050) }),
  fc
    .tuple(fc.integer({ min: 2000, max: 2050 }), fc.integer({ min: -8 * DAY, max: 8 * DAY }))
    .map(([year, offset]) => Date.UTC(year, 0, 1) + offset),
);
/** The number of a week that begins on Sunday, since the epoch, which was a Thursday. */
const sundayWeek = (arrival: number) => Math.floor((arrival / DAY + 4) / 7);
const mondayWeek = (arrival: number) => Math.floor((arrival / DAY + 3) / 7);

describe('an index is named after the arrival', () => {
  test.each([
    ['NoRotation', 'myindex'],
    ['OneHour', 'myindex-2016-02-25-13'],
    ['OneDay', 'myindex-2016-02-25'],
    ['OneMonth', 'myindex-2016-02'],
  ] as const)('%s: as in the example of AWS', (period, name) => {
    expect(rotatedIndex('myindex', period, parseInstant('2016-02-25T13:00:00Z'), STATED)).toBe(name);
  });

  test('in UTC: a day in Korea lies in two indices, and turns at nine', () => {
    const index = (instant: string) => rotatedIndex('pinpoint', 'OneDay', parseInstant(instant), STATED);
    expect(index('2022-01-28T00:00:00+09:00')).toBe('pinpoint-2022-01-27');
    expect(index('2022-01-28T08:59:59+09:00')).toBe('pinpoint-2022-01-27');
    expect(index('2022-01-28T09:00:00+09:00')).toBe('pinpoint-2022-01-28');
  });

  test('and is another one exactly when the hour, the day or the month is', () => {
    const months = (arrival: number) => new Date(arrival).getUTCFullYear() * 12 + new Date(arrival).getUTCMonth();
    const numbers = {
      NoRotation: () => 0,
      OneHour: (arrival: number) => Math.floor(arrival / HOUR),
      OneDay: (arrival: number) => Math.floor(arrival / DAY),
      OneMonth: months,
      OneWeek: sundayWeek,
    } as const;
    const nearby = fc.tuple(arrivals, fc.integer({ min: -2 * HOUR, max: 2 * HOUR }));
    fc.assert(
      fc.property(nearby, fc.constantFrom(...ROTATION_PERIODS), ([one, distance], period) => {
        const other = one + distance;
        const isSame = rotatedIndex('i', period, one, STATED) === rotatedIndex('i', period, other, STATED);
        expect(isSame).toBe(numbers[period](one) === numbers[period](other));
      }),
      { numRuns: 500 },
    );
  });
});

describe('a week', () => {
  test('by the rule that AWS states is the ninth, and by ISO the eighth as in its example', () => {
    expect(week('2016-02-25T13:00:00Z')).toBe('i-2016-w09');
    expect(week('2016-02-25T13:00:00Z', { weeks: 'iso' })).toBe('i-2016-w08');
  });

  test('of the other example is the same by both', () => {
    expect(week('2020-08-12T00:00:00Z')).toBe('i-2020-w33');
    expect(week('2020-08-12T00:00:00Z', { weeks: 'iso' })).toBe('i-2020-w33');
  });

  test('begins on Sunday at midnight UTC, by ISO on Monday', () => {
    expect(week('2022-01-29T23:59:59.999Z')).toBe('i-2022-w05');
    expect(week('2022-01-30T00:00:00Z')).toBe('i-2022-w06');
    expect(week('2022-01-30T23:59:59.999Z', { weeks: 'iso' })).toBe('i-2022-w04');
    expect(week('2022-01-31T00:00:00Z', { weeks: 'iso' })).toBe('i-2022-w05');
  });

  test('at the turn of a year is of the year that holds its Saturday', () => {
    expect(week('2023-12-30T23:59:59Z')).toBe('i-2023-w52');
    expect(week('2023-12-31T00:00:00Z')).toBe('i-2024-w01');
    expect(week('2024-01-06T23:59:59Z')).toBe('i-2024-w01');
    expect(week('2022-12-31T12:00:00Z')).toBe('i-2022-w53');
    expect(week('2021-01-03T12:00:00Z', { weeks: 'iso' })).toBe('i-2020-w53');
  });

  test('may have the year of the calendar instead', () => {
    expect(week('2023-12-31T00:00:00Z', { weekYear: 'calendar' })).toBe('i-2023-w01');
    expect(week('2024-01-01T00:00:00Z', { weekYear: 'calendar' })).toBe('i-2024-w01');
  });

  test('has the number 1 when it holds the first Saturday of its year, which is the one with the first of January', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1970, max: 9998 }), (year) => {
        expect(week(Date.UTC(year, 0, 1))).toBe(`i-${String(year).padStart(4, '0')}-w01`);
      }),
    );
  });

  test('is followed by the next number or by the first of the next year', () => {
    fc.assert(
      fc.property(arrivals, fc.constantFrom('saturday', 'iso'), (arrival, weeks) => {
        const [, year, number] = week(arrival, { weeks }).match(/^i-(\d{4})-w(\d\d)$/) ?? [];
        const following = `i-${year}-w${String(Number(number) + 1).padStart(2, '0')}`;
        expect([following, `i-${Number(year) + 1}-w01`]).toContain(week(arrival + 7 * DAY, { weeks }));
      }),
    );
  });

  const clashes = (options: WeekOptions, numberOf: (arrival: number) => number) =>
    fc.check(
      fc.property(arrivals, fc.integer({ min: -54, max: 54 }), (one, distance) => {
        const other = one + distance * 7 * DAY + 3 * DAY;
        return (week(one, options) === week(other, options)) === (numberOf(one) === numberOf(other));
      }),
      { numRuns: 2000, seed: 6 },
    ).failed;

  test('has a name of its own by both rules, and none with the year of the calendar', () => {
    expect(clashes({ weeks: 'saturday', weekYear: 'week' }, sundayWeek)).toBe(false);
    expect(clashes({ weeks: 'iso', weekYear: 'week' }, mondayWeek)).toBe(false);
    expect(clashes({ weeks: 'saturday', weekYear: 'calendar' }, sundayWeek)).toBe(true);
  });
});
