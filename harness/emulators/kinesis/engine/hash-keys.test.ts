import fc from 'fast-check';
import { expect, test } from 'vitest';
import { evenRanges, type HashKeyRange, hashKeyOf, holderOf, LAST_HASH_KEY } from './hash-keys.ts';

test.each([
  ['test', '12707736894140473154801792860916528374'],
  ['user-1', '285573413173782752570879317399258818820'],
  ['pk-1', '273922656776327812788301823748127981641'],
])('the hash key of "%s" is its MD5 as a number', (partitionKey, expected) => {
  expect(String(hashKeyOf(partitionKey))).toBe(expected);
});

test('a partition key is hashed as UTF-8', () => {
  expect(hashKeyOf('일')).toBe(0x95e4313c7bc7ca3b4453870879870109n);
});

test('two shards share the hash keys as on AWS', () => {
  expect(evenRanges(2)).toEqual([
    { start: 0n, end: 170141183460469231731687303715884105727n },
    { start: 170141183460469231731687303715884105728n, end: 340282366920938463463374607431768211455n },
  ]);
});

const counts = fc.integer({ min: 1, max: 300 });
const keys = fc.bigInt({ min: 0n, max: LAST_HASH_KEY });

/** Every key is in the range of its holder, and ranges leave no gap. */
function covers(rangesOf: (count: number) => readonly HashKeyRange[]): void {
  fc.assert(
    fc.property(counts, keys, (count, key) => {
      const ranges = rangesOf(count).map((range) => ({ range }));
      expect(ranges).toHaveLength(count);
      expect(ranges[0]?.range.start).toBe(0n);
      expect(ranges.at(-1)?.range.end).toBe(LAST_HASH_KEY);
      for (const [at, { range }] of ranges.entries()) {
        if (at > 0) expect(range.start).toBe((ranges[at - 1]?.range.end ?? 0n) + 1n);
      }
      const { start, end } = holderOf(ranges, key).range;
      expect(start <= key && key <= end).toBe(true);
    }),
  );
}

test('every hash key belongs to one shard', () => {
  covers(evenRanges);
});

test('ranges whose last one is as wide as the others leave keys to nobody, and are found out', () => {
  const narrow = (count: number) => {
    const width = (LAST_HASH_KEY + 1n) / BigInt(count);
    return Array.from({ length: count }, (_, at) => ({ start: width * BigInt(at), end: width * BigInt(at + 1) - 1n }));
  };
  expect(() => covers(narrow)).toThrow('Property failed');
});
