import { expect, test } from 'vitest';
import { createFormats } from './format.ts';
import { TEXTS } from './texts.ts';

test('values have as many decimals as fit', () => {
  const { value } = createFormats('en');
  expect([26.2, 99.999, 425.69, 1e3].map(value)).toEqual(['26.20', '100.00', '425.7', '1,000']);
});

test('how long ago is said in the language', () => {
  expect([12_000, 180_000, 7_200_000, 2 * 86_400_000].map(createFormats('ko').ago)).toEqual([
    '12초 전',
    '3분 전',
    '2시간 전',
    '그저께',
  ]);
  expect(createFormats('en').ago(12_000)).toMatch(/^12 sec/);
});

test('both languages say the same things', () => {
  const shape = (value: unknown): unknown =>
    typeof value === 'object'
      ? Object.fromEntries(Object.entries(Object(value)).map(([key, inner]) => [key, shape(inner)]))
      : typeof value;
  expect(shape(TEXTS.en)).toEqual(shape(TEXTS.ko));
});
