import { createHash } from 'node:crypto';

/**
 * The only source of chance. Two generators made from the same seed give the same values in the same order, which is
 * what makes a fault or a burst repeatable.
 */
export interface Random {
  /** A number in [0, 1). */
  next(): number;
  /** An integer in [0, below). */
  integer(below: number): number;
  /** `length` bytes. */
  bytes(length: number): Buffer;
  /** A version 4 UUID in lower case. */
  uuid(): string;
  /** A generator of its own, independent of how often this one is used afterwards. */
  fork(name: string): Random;
}

/** A generator by xoshiro128** (Blackman and Vigna, 2018), seeded with the SHA-256 of `seed`. */
export function createRandom(seed: string | number): Random {
  const digest = createHash('sha256').update(String(seed)).digest();
  let [a, b, c, d] = [0, 4, 8, 12].map((at) => digest.readUInt32LE(at)) as [number, number, number, number];

  function next32(): number {
    const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotateLeft(d, 11);
    return result;
  }

  const random: Random = {
    next: () => next32() / 2 ** 32,
    integer: (below) => Math.floor((next32() / 2 ** 32) * below),
    bytes(length) {
      const bytes = Buffer.alloc(Math.ceil(length / 4) * 4);
      for (let at = 0; at < bytes.length; at += 4) bytes.writeUInt32LE(next32(), at);
      return bytes.subarray(0, length);
    },
    uuid() {
      const bytes = random.bytes(16);
      bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
      bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
      const hex = bytes.toString('hex');
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
    },
    fork: (name) => createRandom(`${seed}/${name}`),
  };
  return random;
}

function rotateLeft(value: number, by: number): number {
  return ((value << by) | (value >>> (32 - by))) >>> 0;
}
