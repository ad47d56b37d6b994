import { evenRanges, type HashKeyRange } from './hash-keys.ts';

/** Splits a shard before a hash key, or merges two neighbours. `T` is a shard, or what stands for one. */
export interface Resharder<T extends { readonly range: HashKeyRange }> {
  split(shard: T, newStart: bigint): readonly [T, T];
  merge(left: T, right: T): T;
}

/**
 * Turns shards that cover all hash keys, in their order, into `target` shards of equal width by splits and merges, so that
 * every shard has its parents. Some shards live for a moment only, as AWS says of its own (API reference,
 * UpdateShardCount). Returns the shards that are open in the end.
 */
export function reshard<T extends { readonly range: HashKeyRange }>(
  shards: readonly T[],
  target: number,
  { split, merge }: Resharder<T>,
): T[] {
  const wanted = evenRanges(target);
  const pieces: T[] = [];
  for (const shard of shards) {
    let rest = shard;
    for (const { start } of wanted) {
      if (start <= rest.range.start || start > rest.range.end) continue;
      const [left, right] = split(rest, start);
      pieces.push(left);
      rest = right;
    }
    pieces.push(rest);
  }
  return wanted.map(({ start, end }) => {
    const [first, ...others] = pieces.filter(({ range }) => range.start >= start && range.end <= end) as [T, ...T[]];
    return others.reduce(merge, first);
  });
}
