import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NumberRanges } from './number-ranges.ts';

test('has what was added, in any order and however often, and nothing else', () => {
  const range = fc.tuple(fc.nat(40), fc.nat(10)).map(([from, length]) => ({ from, to: from + length }));
  fc.assert(
    fc.property(fc.array(range), fc.nat(50), (added, forgotten) => {
      const ranges = new NumberRanges();
      for (const { from, to } of added) ranges.add(from, to);
      ranges.forgetBefore(forgotten);
      for (let number = forgotten; number < 60; number++) {
        expect(ranges.has(number)).toBe(added.some(({ from, to }) => number >= from && number < to));
      }
    }),
  );
});
