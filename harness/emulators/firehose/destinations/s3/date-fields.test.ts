import { describe, expect, test } from 'vitest';
import { parseInstant } from '../../../../clock/index.ts';
import { dateFields } from './date-fields.ts';
import { isTimeZone, timeZones } from './time-zones.ts';

describe('dateFields', () => {
  test.each([
    ['2022-01-27T14:59:59.999Z', 'UTC', '2022-1-27 14:59:59.999'],
    ['2022-01-27T15:00:00.000Z', 'Asia/Seoul', '2022-1-28 0:0:0.0'],
    ['2021-12-31T15:00:00Z', 'Asia/Seoul', '2022-1-1 0:0:0.0'],
    ['2024-02-29T00:00:00Z', 'UTC', '2024-2-29 0:0:0.0'],
    ['2024-02-28T23:59:59.5Z', 'Asia/Seoul', '2024-2-29 8:59:59.500'],
    ['2022-03-13T06:59:59Z', 'America/New_York', '2022-3-13 1:59:59.0'],
    ['2022-03-13T07:00:00Z', 'America/New_York', '2022-3-13 3:0:0.0'],
    ['2022-01-27T00:00:00Z', 'Asia/Kathmandu', '2022-1-27 5:45:0.0'],
  ])('%s in %s is %s', (instant, timeZone, expected) => {
    const { year, month, day, hour, minute, second, millisecond } = dateFields(parseInstant(instant), timeZone);
    expect(`${year}-${month}-${day} ${hour}:${minute}:${second}.${millisecond}`).toBe(expected);
  });

  test('the machine’s own time zone has no say', () => {
    const before = process.env.TZ;
    try {
      const keys = ['Asia/Seoul', 'UTC', 'America/New_York'].map((zone) => {
        process.env.TZ = zone;
        return [hourOf('2022-01-26T23:30:00Z', 'UTC'), hourOf('2022-01-26T23:30:00Z', 'Asia/Tokyo')];
      });
      expect(new Set(keys.map(String))).toEqual(new Set(['26 23,27 8']));
    } finally {
      if (before === undefined) delete process.env.TZ;
      else process.env.TZ = before;
    }
  });

  test('an offset is that of its instant', () => {
    const offsetAt = (instant: string, zone: string) => dateFields(parseInstant(instant), zone).offsetSeconds;
    expect(offsetAt('2022-01-27T00:00:00.5Z', 'Asia/Seoul')).toBe(9 * 3600);
    expect(offsetAt('2022-01-27T00:00:00Z', 'America/New_York')).toBe(-5 * 3600);
    expect(offsetAt('2022-07-27T00:00:00Z', 'America/New_York')).toBe(-4 * 3600);
    expect(offsetAt('2022-01-27T00:00:00Z', 'America/St_Johns')).toBe(-12_600);
  });
});

describe('isTimeZone', () => {
  test.each(['UTC', 'Asia/Seoul', 'Asia/Calcutta', 'Europe/Kiev', 'America/Port-au-Prince'])('%s is one', (zone) => {
    expect(isTimeZone(zone)).toBe(true);
  });

  test.each([
    '',
    '/',
    'KST',
    'GMT',
    'Asia',
    'Asia/',
    'Asia/Naetmul',
    'Asia/Kolkata',
    'Europe/Kyiv',
    'toString/call',
  ])('"%s" is none to Firehose', (zone) => {
    expect(isTimeZone(zone)).toBe(false);
  });

  test('each of them has a time', () => {
    const zones = timeZones();
    expect(new Set(zones).size).toBe(295);
    for (const zone of zones) {
      expect(isTimeZone(zone)).toBe(true);
      expect(Math.abs(dateFields(parseInstant('2022-01-27T00:00:00Z'), zone).offsetSeconds)).toBeLessThan(15 * 3600);
    }
  });
});

function hourOf(instant: string, zone: string): string {
  const { day, hour } = dateFields(parseInstant(instant), zone);
  return `${day} ${hour}`;
}
