import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatSequenceNumber, parseSequenceNumber, sequenceNumbersOf } from './sequence-number.ts';

/** Given by Kinesis on 27 January 2022 at 14:48:25 KST, to the author of a workshop's text. */
const REAL = '49626135972400940184133817869815238878718600013148061698';
const DECODED = {
  shardCreated: Date.UTC(2022, 0, 25, 9, 26, 25) / 1000,
  shardIndex: 0,
  counter: 0x151f1b23n,
  put: Date.UTC(2022, 0, 27, 5, 48, 25) / 1000,
};

test('a number that Kinesis gave says when its shard and its record came to be', () => {
  expect(parseSequenceNumber(REAL)).toEqual(DECODED);
});

test('and is what is made of that', () => {
  expect(formatSequenceNumber(DECODED)).toBe(REAL);
  expect(sequenceNumbersOf(DECODED.shardCreated, 0)(DECODED.counter, DECODED.put)).toBe(REAL);
});

const numbers = fc.record({
  shardCreated: fc.integer({ min: 1_300_000_000, max: 4_000_000_000 }),
  shardIndex: fc.integer({ min: 0, max: 0x7fff_ffff }),
  counter: fc.bigInt({ min: 0n, max: 0x7fff_ffff_ffff_ffffn }),
  put: fc.integer({ min: 1_300_000_000, max: 4_000_000_000 }),
});

test('any number of this century has 56 digits and is read as it was made', () => {
  fc.assert(
    fc.property(numbers, (number) => {
      const text = formatSequenceNumber(number);
      expect(text).toHaveLength(56);
      expect(parseSequenceNumber(text)).toEqual(number);
    }),
  );
});

test('within a shard a larger counter is a larger number, whatever the times', () => {
  fc.assert(
    fc.property(numbers, fc.integer({ min: 0, max: 4_000_000_000 }), (number, put) => {
      fc.pre(number.counter > 0n);
      const before = formatSequenceNumber({ ...number, counter: number.counter - 1n, put });
      expect(BigInt(formatSequenceNumber(number))).toBeGreaterThan(BigInt(before));
    }),
  );
});

test('what is no number of this kind is none', () => {
  expect(parseSequenceNumber('')).toBeUndefined();
  expect(parseSequenceNumber('0')).toBeUndefined();
  expect(parseSequenceNumber('12x')).toBeUndefined();
  expect(parseSequenceNumber(`${REAL}0`)).toBeUndefined();
  expect(parseSequenceNumber(String(BigInt(REAL) + 1n))).toBeUndefined();
  expect(parseSequenceNumber('9'.repeat(128))).toBeUndefined();
});
