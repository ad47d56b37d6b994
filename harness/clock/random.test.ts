import { expect, test } from 'vitest';
import { createRandom } from './random.ts';

test('the same seed gives the same values in the same order', () => {
  const [a, b] = [createRandom('brook'), createRandom('brook')];
  expect(Array.from({ length: 100 }, () => a.next())).toEqual(Array.from({ length: 100 }, () => b.next()));
});

test('another seed gives other values', () => {
  expect(createRandom(1).uuid()).not.toBe(createRandom(2).uuid());
});

test('a fork does not depend on how often its parent was used', () => {
  const [fresh, used] = [createRandom(7), createRandom(7)];
  used.bytes(100);
  expect(used.fork('faults').uuid()).toBe(fresh.fork('faults').uuid());
});

test('values lie in [0, 1) and spread evenly', () => {
  const random = createRandom('spread');
  const buckets = new Array(10).fill(0);
  for (let count = 0; count < 10_000; count++) buckets[random.integer(10)]++;
  expect(Math.min(...buckets)).toBeGreaterThan(850);
  expect(Math.max(...buckets)).toBeLessThan(1150);
});

test('a UUID is of version 4', () => {
  expect(createRandom(3).uuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
