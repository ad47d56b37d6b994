/**
 * What a sequence number of version 2 says. AWS documents none of it; this is what its numbers are made of, as Kinesalite
 * found, and as the number in `sequence-number.test.ts`, which Kinesis gave in January 2022, bears out. 47 hex digits:
 * `2`, shard created (s, 9 digits), last digit of the shard's index, counter (16), `00`, put (s, 9), index (8), `2`.
 */
export interface SequenceNumber {
  /** Seconds since the epoch. */
  readonly shardCreated: number;
  readonly shardIndex: number;
  readonly counter: bigint;
  /** Seconds since the epoch. */
  readonly put: number;
}

const VERSION = 2n;
const BITS = { version: 4n, index: 32n, time: 36n, gap: 8n, counter: 64n, digit: 4n };
const INDEX_AT = BITS.version;
const PUT_AT = INDEX_AT + BITS.index;
const COUNTER_AT = PUT_AT + BITS.time + BITS.gap;
const DIGIT_AT = COUNTER_AT + BITS.counter;
const CREATED_AT = DIGIT_AT + BITS.digit;
const FIRST_DIGIT_AT = CREATED_AT + BITS.time;

/** A closed shard's range ends with it. */
export const LAST_COUNTER = 0x7fff_ffff_ffff_ffffn;
/** Years have five digits then. */
const MAX_CREATED = 16_025_175_000;

export function formatSequenceNumber({ shardCreated, shardIndex, counter, put }: SequenceNumber): string {
  return String(shardPart(shardCreated, shardIndex) + recordPart(counter, put));
}

/** Makes the numbers of one shard: what does not change is added up once. */
export function sequenceNumbersOf(shardCreated: number, shardIndex: number): (counter: bigint, put: number) => string {
  const fixed = shardPart(shardCreated, shardIndex);
  return (counter, put) => String(fixed + recordPart(counter, put));
}

/** Undefined for what is no sequence number of version 2. */
export function parseSequenceNumber(text: string): SequenceNumber | undefined {
  if (!/^\d{1,128}$/.test(text)) return undefined;
  const value = BigInt(text);
  if (value >> FIRST_DIGIT_AT !== VERSION || part(value, 0n, BITS.version) !== VERSION) return undefined;
  const counter = part(value, COUNTER_AT, BITS.counter);
  const shardCreated = Number(part(value, CREATED_AT, BITS.time));
  if (counter > LAST_COUNTER || shardCreated >= MAX_CREATED) return undefined;
  return {
    shardCreated,
    shardIndex: Number(part(value, INDEX_AT, BITS.index)),
    counter,
    put: Number(part(value, PUT_AT, BITS.time)),
  };
}

function shardPart(shardCreated: number, shardIndex: number): bigint {
  const index = BigInt(shardIndex);
  return (
    (VERSION << FIRST_DIGIT_AT) |
    (BigInt(shardCreated) << CREATED_AT) |
    ((index & 0xfn) << DIGIT_AT) |
    (index << INDEX_AT) |
    VERSION
  );
}

function recordPart(counter: bigint, put: number): bigint {
  return (counter << COUNTER_AT) | (BigInt(put) << PUT_AT);
}

function part(value: bigint, at: bigint, bits: bigint): bigint {
  return (value >> at) & ((1n << bits) - 1n);
}
