import { describe, expect, test } from 'vitest';
import { parseInstant } from '../../../../clock/index.ts';
import { dateFields } from './date-fields.ts';
import { parseTimestampFormat } from './timestamp.ts';

function format(pattern: string, instant: string, timeZone?: string): string {
  return parseTimestampFormat(pattern, 'Prefix', 'S3')(dateFields(parseInstant(instant), timeZone));
}

// What Java 17's DateTimeFormatter.ofPattern(pattern, Locale.US).format(…) gives.
describe('parseTimestampFormat', () => {
  test.each([
    ['yyyy/MM/dd/HH/', '2018/08/27/10/'],
    ['yy y yyyyy uuuu', '18 2018 02018 2018'],
    ['G GGGG GGGGG', 'AD Anno Domini A'],
    ['M-d-H-m-s', '8-27-10-30-5'],
    ['MM-dd-HH-mm-ss', '08-27-10-30-05'],
    ['MMM MMMM MMMMM LLL', 'Aug August A Aug'],
    ['Q QQ QQQ QQQQ QQQQQ q', '3 03 Q3 3rd quarter 3 3'],
    ['E EEEE EEEEE e ee eee c cccc', 'Mon Monday M 2 02 Mon 2 Monday'],
    ['h hh K k a', '10 10 10 10 AM'],
    ['SSS S SSSSSS n A N', '007 0 007000 7000000 37805007 37805007000000'],
    ['D DD DDD g', '239 239 239 58357'],
    ['VV O OOOO X XXX x xxx Z ZZZZ ZZZZZ', 'UTC GMT GMT Z Z +00 +00:00 +0000 GMT Z'],
    ["'year='yyyy'/hour='HH", 'year=2018/hour=10'],
    ["yyyy''MM", "2018'08"],
    ["'o''clock'", "o'clock"],
    ['yyyy-MM-dd_HH:mm', '2018-08-27_10:30'],
    ['yyyy[/MM[/dd]]', '2018/08/27'],
    ['[HH', '10'],
    ['pppd|ppH', ' 27|10'],
  ])('%s gives %s', (pattern, expected) => {
    expect(format(pattern, '2018-08-27T10:30:05.007Z')).toBe(expected);
  });

  test.each([
    ['2021-12-31T23:59:59Z', 'YYYY w W', '2022 1 5'],
    ['2022-01-01T00:00:00Z', 'YYYY w W', '2022 1 1'],
    ['2022-01-02T00:00:00Z', 'YYYY ww W', '2022 02 2'],
    ['2023-12-31T00:00:00Z', 'YY w', '24 1'],
    ['2014-12-31T00:00:00Z', 'YYYY w', '2015 1'],
  ])('at %s the week of %s is %s: weeks begin on Sunday, and the first holds 1 January', (instant, pattern, expected) => {
    expect(format(pattern, instant)).toBe(expected);
  });

  test.each([
    [
      'Asia/Seoul',
      'O OOOO X XX XXX Z ZZZZ ZZZZZ VV',
      'GMT+9 GMT+09:00 +09 +0900 +09:00 +0900 GMT+09:00 +09:00 Asia/Seoul',
    ],
    ['America/St_Johns', 'O X XXX x', 'GMT-3:30 -0330 -03:30 -0330'],
  ])('%s is told by its offset: %s gives %s', (zone, pattern, expected) => {
    expect(format(pattern, '2022-01-27T05:48:25Z', zone)).toBe(expected);
  });

  test('a day of the year early in January is padded', () => {
    expect(format('D DD DDD', '2018-01-05T00:00:00Z')).toBe('5 05 005');
  });

  test('a clock of twelve hours has no hour 0, and one of 24 from 1 has no hour 0 either', () => {
    expect(format('hh a k K', '2018-01-05T00:00:00Z')).toBe('12 AM 24 0');
    expect(format('h a k K', '2018-01-05T13:00:00Z')).toBe('1 PM 13 1');
    expect(format('h a k K', '2018-01-05T12:00:00Z')).toBe('12 PM 12 0');
  });

  const ascii = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'];
  test.each([...'CIJPRTUVbfijloprt'])('AWS takes no letter %s alone', (letter) => {
    expect(() => parseTimestampFormat(letter, 'Prefix', 'S3')).toThrow(
      'Invalid conversion character used in the value of the expression in Prefix',
    );
  });

  test.each(
    ascii.filter((letter) => !'CIJPRTUVbfijloprtBFvz'.includes(letter)),
  )('AWS takes the letter %s', (letter) => {
    expect(format(letter, '2018-08-27T10:30:05.007Z')).not.toBe('');
  });

  test.each([...'BFvz'])('the letter %s, which AWS takes, is refused by name', (letter) => {
    expect(() => parseTimestampFormat(`yyyy${letter}`, 'ErrorOutputPrefix', 'S3DestinationConfiguration')).toThrow(
      `The letter ${letter} in a timestamp expression of S3DestinationConfiguration.ErrorOutputPrefix is not supported by naetmul.`,
    );
  });

  test.each([
    'HHH',
    'DDDD',
    'MMMMMM',
    'aa',
    'cc',
    'OO',
    'XXXXXX',
    'ZZZZZZ',
    'WW',
    "'year",
    "'year''",
    ']',
    'yyyy#',
    'pp',
    "p'x'",
    'ppp d',
    '',
  ])('%s, which Java refuses, is refused', (pattern) => {
    expect(() => parseTimestampFormat(pattern, 'Prefix', 'S3')).toThrow(
      'Invalid conversion character used in the value of the expression in Prefix',
    );
  });
});
