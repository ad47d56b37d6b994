import fc from 'fast-check';
import { expect, test } from 'vitest';
import { median, quantile, summarize } from './statistics.ts';

const readings = fc.array(fc.double({ min: 0, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 50 });

test('the median of an odd number of readings is the middle one, in whatever order they came', () => {
  expect(median([9, 1, 5])).toBe(5);
});

test('the median of an even number of readings lies between the two in the middle', () => {
  expect(median([4, 1, 2, 3])).toBe(2.5);
});

test('a quantile between two readings is interpolated', () => {
  expect(quantile([10, 20], 0.99)).toBeCloseTo(19.9);
});

test('one reading is its own median and spread', () => {
  expect(summarize([7])).toEqual({ median: 7, min: 7, max: 7, count: 1 });
});

test('readings are left as they were', () => {
  const given = [3, 1, 2];
  summarize(given);
  expect(given).toEqual([3, 1, 2]);
});

test('nothing has no quantile', () => {
  expect(() => quantile([], 0.5)).toThrow('There is no quantile of no readings.');
});

test('half of the readings are at or below the median, and half at or above it', () => {
  fc.assert(
    fc.property(readings, (values) => {
      const middle = median(values);
      expect(values.filter((value) => value <= middle).length * 2).toBeGreaterThanOrEqual(values.length);
      expect(values.filter((value) => value >= middle).length * 2).toBeGreaterThanOrEqual(values.length);
    }),
  );
});

test('a greater fraction never has a smaller quantile', () => {
  const fraction = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(readings, fraction, fraction, (values, a, b) => {
      const [low, high] = [quantile(values, Math.min(a, b)), quantile(values, Math.max(a, b))];
      expect(low).toBeLessThanOrEqual(high + Math.abs(high) * 1e-9);
    }),
  );
});
