import { describe, expect, test } from 'vitest';
import { parseInstant } from '../../../../clock/index.ts';
import { dateFields, isTimeZone, parseTimestampFormat } from './timestamp.ts';

function format(pattern: string, instant: string, timeZone?: string): string {
  return parseTimestampFormat(pattern)(dateFields(parseInstant(instant), timeZone));
}

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
        return [
          format('yyyy/MM/dd/HH', '2022-01-26T23:30:00Z'),
          format('yyyy/MM/dd/HH', '2022-01-26T23:30:00Z', 'Asia/Tokyo'),
        ];
      });
      expect(new Set(keys.map(String))).toEqual(new Set(['2022/01/26/23,2022/01/27/08']));
    } finally {
      if (before === undefined) delete process.env.TZ;
      else process.env.TZ = before;
    }
  });

  test('knows a time zone by its IANA name', () => {
    expect(isTimeZone('Asia/Seoul')).toBe(true);
    expect(isTimeZone('Asia/Naetmul')).toBe(false);
  });
});

// What Java 17's DateTimeFormatter.ofPattern(pattern).format(…) gives for 2018-08-27T10:30:05.007Z.
describe('parseTimestampFormat', () => {
  test.each([
    ['yyyy/MM/dd/HH/', '2018/08/27/10/'],
    ['yyyy', '2018'],
    ['yy', '18'],
    ['y', '2018'],
    ['yyyyy', '02018'],
    ['uuuu', '2018'],
    ['M-d-H-m-s', '8-27-10-30-5'],
    ['MM-dd-HH-mm-ss', '08-27-10-30-05'],
    ['hh', '10'],
    ['SSS', '007'],
    ['S', '0'],
    ['SSSSSS', '007000'],
    ['DDD', '239'],
    ['D', '239'],
    ["'year='yyyy'/hour='HH", 'year=2018/hour=10'],
    ["yyyy''MM", "2018'08"],
    ["'o''clock'", "o'clock"],
    ['yyyy-MM-dd_HH:mm', '2018-08-27_10:30'],
  ])('%s gives %s', (pattern, expected) => {
    expect(format(pattern, '2018-08-27T10:30:05.007Z')).toBe(expected);
  });

  test('a day of the year early in January is padded by DDD only', () => {
    expect(format('DDD', '2018-01-05T00:00:00Z')).toBe('005');
    expect(format('D', '2018-01-05T00:00:00Z')).toBe('5');
  });

  test('a clock of twelve hours has no hour 0', () => {
    expect(format('hh', '2018-01-05T00:00:00Z')).toBe('12');
    expect(format('h', '2018-01-05T13:00:00Z')).toBe('1');
    expect(format('h', '2018-01-05T12:00:00Z')).toBe('12');
  });

  test.each([
    ['YYYY', "The timestamp format 'YYYY' uses 'YYYY', which naetmul does not support."],
    ['ww', "The timestamp format 'ww' uses 'ww', which naetmul does not support."],
    ['MMM', "The timestamp format 'MMM' uses 'MMM', which naetmul does not support."],
    ['EEE', "The timestamp format 'EEE' uses 'EEE', which naetmul does not support."],
    ['DD', "The timestamp format 'DD' uses 'DD', which naetmul does not support."],
    ['HHH', "The timestamp format 'HHH' has too many pattern letters: H."],
    ['DDDD', "The timestamp format 'DDDD' has too many pattern letters: D."],
    ["'year", "The timestamp format ''year' has a quote that is not closed."],
    ["'year''", "The timestamp format ''year''' has a quote that is not closed."],
    ['[HH]', "The timestamp format '[HH]' uses '[', which naetmul does not support."],
    ['', "The timestamp format '' is empty."],
  ])('%s is refused by name', (pattern, message) => {
    expect(() => parseTimestampFormat(pattern)).toThrow(message);
  });
});
