import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readNumber } from './number.ts';

test.each([
  ['87.99', 87.99],
  ['88', 88],
  ['88.0', 88],
  ['1e3', 1000],
  [' 88 ', 88],
  ['\t88\r\n', 88],
  ['+.5', 0.5],
  ['5.', 5],
  [88, 88],
  [-0.5, -0.5],
])('%j is the number %d', (value, number) => {
  expect(readNumber(value)).toBe(number);
});

test.each([
  ['NaN', 'nan', 'inf', '-Infinity', '1e400', '', ' ', '다섯', '８８', '1_000', '0x58', '8 8', '88,0', '1e', '.', 'e3'],
  [null, undefined, true, {}, [], [88], Number.NaN, Number.POSITIVE_INFINITY, 88n],
])('%j and the like are none', (...values) => {
  for (const value of values) expect([value, readNumber(value)]).toEqual([value, undefined]);
});

test('any number is read again from its text', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
      expect(readNumber(String(number))).toBe(number + 0);
      expect(readNumber(number)).toBe(number);
    }),
  );
});
