import { hash } from 'node:crypto';

export const HASH_KEYS = 2n ** 128n;
export const LAST_HASH_KEY = HASH_KEYS - 1n;

/** Both ends belong to it. */
export interface HashKeyRange {
  readonly start: bigint;
  readonly end: bigint;
}

/** MD5 of the partition key in UTF-8, read as a number (developer guide, key-concepts). */
export function hashKeyOf(partitionKey: string): bigint {
  return BigInt(`0x${hash('md5', partitionKey)}`);
}

/** Ranges of equal width; the last has what is left over. */
export function evenRanges(count: number): HashKeyRange[] {
  const width = HASH_KEYS / BigInt(count);
  return Array.from({ length: count }, (_, index) => ({
    start: width * BigInt(index),
    end: index === count - 1 ? LAST_HASH_KEY : width * BigInt(index + 1) - 1n,
  }));
}

/** Which of some shards has `key`. They are in the order of their ranges, which leave no gap. */
export function holderOf<T extends { readonly range: HashKeyRange }>(shards: readonly T[], key: bigint): T {
  let [low, high] = [0, shards.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((shards[middle] as T).range.start <= key) low = middle;
    else high = middle - 1;
  }
  return shards[low] as T;
}
