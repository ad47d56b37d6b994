import fc from 'fast-check';
import { expect, test } from 'vitest';
import { evenRanges, type HashKeyRange, LAST_HASH_KEY } from './hash-keys.ts';
import { type Resharder, reshard } from './resharding.ts';

interface Piece {
  readonly range: HashKeyRange;
  readonly parents: readonly Piece[];
}

const PIECES: Resharder<Piece> = {
  split: (piece, start) => [
    { range: { start: piece.range.start, end: start - 1n }, parents: [piece] },
    { range: { start, end: piece.range.end }, parents: [piece] },
  ],
  merge: (left, right) => ({ range: { start: left.range.start, end: right.range.end }, parents: [left, right] }),
};

/** Shards of any widths, in order. */
const shards = fc
  .uniqueArray(fc.bigInt({ min: 1n, max: LAST_HASH_KEY }), { maxLength: 40 })
  .map((cuts) => [0n, ...cuts.sort((a, b) => (a < b ? -1 : 1)), LAST_HASH_KEY + 1n])
  .map((cuts) =>
    cuts.slice(1).map((end, at): Piece => ({ range: { start: cuts[at] as bigint, end: end - 1n }, parents: [] })),
  );

test('any shards become as many as wanted, of equal width, each with parents that it fits', () => {
  fc.assert(
    fc.property(shards, fc.integer({ min: 1, max: 80 }), (before, target) => {
      const after = reshard(before, target, PIECES);
      expect(after.map(({ range }) => range)).toEqual(evenRanges(target));
      const known = new Set(before);
      const check = ({ range, parents, ...piece }: Piece): void => {
        if (parents.length === 0) return;
        expect(piece).toEqual({});
        const start = parents[0]?.range.start ?? -1n;
        const end = parents.at(-1)?.range.end ?? -1n;
        if (parents.length === 2) expect(range).toEqual({ start, end });
        else expect(range.start >= start && range.end <= end).toBe(true);
        parents.forEach(check);
      };
      for (const piece of after) {
        if (piece.parents.length === 0) expect(known.has(piece)).toBe(true);
        check(piece);
      }
    }),
  );
});

test('shards that are right already are left alone', () => {
  const before = evenRanges(7).map((range): Piece => ({ range, parents: [] }));
  expect(reshard(before, 7, PIECES)).toEqual(before);
});
