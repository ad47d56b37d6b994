import { describe, expect, test } from 'vitest';
import { timeFromFields } from './record-time.ts';

const time = (value: unknown, ...options: Parameters<typeof timeFromFields>) => {
  const instant = timeFromFields(...options)(value);
  return instant === undefined ? undefined : new Date(instant).toISOString();
};

describe('timeFromFields', () => {
  test.each<[unknown, string]>([
    [{ timestamp: 1643262505123 }, '2022-01-27T05:48:25.123Z'],
    [{ timestamp: '1643262505123' }, '2022-01-27T05:48:25.123Z'],
    [{ timestamp: 1643262505.5 }, '2022-01-27T05:48:25.500Z'],
    [{ event_datetime: '2022-01-27T05:48:25.123456Z' }, '2022-01-27T05:48:25.123Z'],
    [{ createdtime: '2022-01-27 14:48:25' }, '2022-01-27T05:48:25.000Z'],
    [{ createdtime: '2022-01-27 14:48' }, '2022-01-27T05:48:00.000Z'],
    [{ createdtime: '2022-01-27 14:48:25.5+0900' }, '2022-01-27T05:48:25.500Z'],
    [{ createdtime: '2022-01-27T00:48:25-05:00' }, '2022-01-27T05:48:25.000Z'],
    [{ createdtime: '2022-01-27 14:48:25', event_timestamp: 0 }, '1970-01-01T00:00:00.000Z'],
    [{ timestamp: 9_999_999_999_999 }, '2286-11-20T17:46:39.999Z'],
    [{ createdtime: '2024-02-29 00:00:00' }, '2024-02-28T15:00:00.000Z'],
    [{ timestamp: '20220127144825', createdtime: '2022-01-27 14:48:25' }, '2022-01-27T05:48:25.000Z'],
    [{ timestamp: 'soon', createdtime: '2022-01-27 14:48:25' }, '2022-01-27T05:48:25.000Z'],
  ])('%j is at %s', (value, expected) => {
    expect(time(value)).toBe(expected);
  });

  test.each([
    { value: '30' },
    { timestamp: '' },
    { createdtime: '27/01/2022' },
    { createdtime: '2022-13-01 00:00:00' },
    { createdtime: '2022-02-30 10:00:00' },
    { createdtime: '2022-02-29T10:00:00Z' },
    { createdtime: '2022-04-31 10:00:00+09:00' },
    { timestamp: '20220127144825' },
    { timestamp: 20220127144825 },
    { timestamp: '1643262505123456' },
    { timestamp: 10_000_000_000_000 },
    { timestamp: Number.NaN },
    { timestamp: Number.POSITIVE_INFINITY },
    { timestamp: -1e300 },
    [],
    'x',
    5,
    null,
  ])('%j tells no time', (value) => {
    expect(time(value)).toBeUndefined();
  });

  test('a time without a zone is that of the offset given', () => {
    expect(time({ event_time: '2019-09-17 00:09:00.123' }, ['event_time'], 'Z')).toBe('2019-09-17T00:09:00.123Z');
  });

  test('a field that an object inherits is none of its own', () => {
    expect(time(Object.create({ timestamp: 1643262505123 }))).toBeUndefined();
  });
});
