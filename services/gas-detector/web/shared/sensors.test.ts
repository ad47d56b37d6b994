import { expect, test } from 'vitest';
import { numberOf } from './sensors.ts';

test.each([
  ['88', 88],
  [' 88.0 ', 88],
  ['1e3', 1000],
  ['-.5', -0.5],
  [88, 88],
])('%j is a number', (value, number) => {
  expect(numberOf(value)).toBe(number);
});

test.each([
  '',
  ' ',
  'NaN',
  'inf',
  '1e999',
  '0x58',
  '88,5',
  '다섯',
  null,
  undefined,
  {},
  Number.NaN,
])('%j is none', (value) => {
  expect(numberOf(value)).toBeUndefined();
});
