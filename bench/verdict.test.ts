import { expect, test } from 'vitest';
import { judge } from './verdict.ts';

test('the ratio is that of the medians, not of the extremes', () => {
  expect(judge(undefined, { ours: [1, 30, 1000], rival: [2, 3, 4] }).ratio).toBe(10);
});

test('a rate must be at least so many times the rival’s', () => {
  const target = { of: 'ratio', atLeast: 10 } as const;
  expect(judge(target, { ours: [100], rival: [10] }).met).toBe(true);
  expect(judge(target, { ours: [99], rival: [10] }).met).toBe(false);
});

test('a duration must be at most so many times the rival’s', () => {
  const target = { of: 'ratio', atMost: 1.25 } as const;
  expect(judge(target, { ours: [125], rival: [100] }).met).toBe(true);
  expect(judge(target, { ours: [126], rival: [100] }).met).toBe(false);
});

test('added latency is a difference, in the unit of both', () => {
  const target = { of: 'difference', atMost: 1 } as const;
  expect(judge(target, { ours: [6], rival: [5] }).met).toBe(true);
  expect(judge(target, { ours: [6.1], rival: [5] }).met).toBe(false);
});

test('memory stands by itself', () => {
  const target = { of: 'ours', atMost: 150 } as const;
  expect(judge(target, { ours: [150] }).met).toBe(true);
  expect(judge(target, { ours: [151] }).met).toBe(false);
});

test('without a target nothing is judged', () => {
  expect(judge(undefined, { ours: [1] })).toEqual({ ours: { median: 1, min: 1, max: 1, count: 1 } });
});

test('a target against a rival that was not measured is a mistake in the measurement', () => {
  expect(() => judge({ of: 'ratio', atLeast: 4 }, { ours: [1] })).toThrow(
    "A target for the ratio needs a rival's readings.",
  );
});
