import { createHash } from 'node:crypto';

/**
 * Begins every record into which the Kinesis Producer Library has put several
 * (https://github.com/awslabs/amazon-kinesis-producer/blob/master/aggregation-format.md).
 */
const MAGIC = Buffer.from([0xf3, 0x89, 0x9a, 0xc2]);
const DIGEST_BYTES = 16;

/** The fields of the format's protobuf messages. */
const AGGREGATE = { partitionKeys: 1, explicitHashKeys: 2, records: 3 } as const;
const RECORD = { partitionKeyIndex: 1, explicitHashKeyIndex: 2, data: 3 } as const;

/** One of the records that a producer has put into one. */
export interface UserRecord {
  readonly partitionKey: string;
  readonly explicitHashKey: string | undefined;
  readonly data: Uint8Array;
}

/**
 * The records inside a record of a Kinesis stream, in their order; undefined for a record that is not of the library's
 * format, or only looks as if it were: that is a record like any other.
 */
export function splitAggregate(data: Uint8Array): readonly UserRecord[] | undefined {
  if (data.length < MAGIC.length + DIGEST_BYTES) return undefined;
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) return undefined;
  const message = bytes.subarray(MAGIC.length, -DIGEST_BYTES);
  const digest = createHash('md5').update(message).digest();
  if (!digest.equals(bytes.subarray(-DIGEST_BYTES))) return undefined;
  try {
    return readAggregate(message);
  } catch (error) {
    if (error instanceof Malformed) return undefined;
    throw error;
  }
}

function readAggregate(message: Buffer): UserRecord[] {
  const partitionKeys: string[] = [];
  const explicitHashKeys: string[] = [];
  const records: Buffer[] = [];
  for (const { field, value } of fieldsOf(message)) {
    if (field === AGGREGATE.partitionKeys) partitionKeys.push(bytesOf(value).toString());
    else if (field === AGGREGATE.explicitHashKeys) explicitHashKeys.push(bytesOf(value).toString());
    else if (field === AGGREGATE.records) records.push(bytesOf(value));
  }
  return records.map((record) => readRecord(record, partitionKeys, explicitHashKeys));
}

function readRecord(message: Buffer, partitionKeys: string[], explicitHashKeys: string[]): UserRecord {
  let partitionKey: string | undefined;
  let explicitHashKey: string | undefined;
  let data: Buffer | undefined;
  for (const { field, value } of fieldsOf(message)) {
    if (field === RECORD.partitionKeyIndex) partitionKey = partitionKeys[Number(value)];
    else if (field === RECORD.explicitHashKeyIndex) explicitHashKey = explicitHashKeys[Number(value)];
    else if (field === RECORD.data) data = bytesOf(value);
  }
  if (partitionKey === undefined || data === undefined) throw new Malformed();
  return { partitionKey, explicitHashKey, data };
}

/** A message that is no protobuf, or not of the format. */
class Malformed extends Error {}

interface Field {
  readonly field: number;
  /** Of a varint its number, of everything else its bytes. */
  readonly value: bigint | Buffer;
}

/** The fields of a protobuf message (https://protobuf.dev/programming-guides/encoding/). */
function* fieldsOf(message: Buffer): Generator<Field> {
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 64n; shift += 7n) {
      const byte = message[at++];
      if (byte === undefined) throw new Malformed();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new Malformed();
  };
  const take = (length: number): Buffer => {
    if (at + length > message.length) throw new Malformed();
    at += length;
    return message.subarray(at - length, at);
  };
  while (at < message.length) {
    const tag = varint();
    const field = Number(tag >> 3n);
    switch (tag & 7n) {
      case 0n:
        yield { field, value: varint() };
        break;
      case 1n:
        yield { field, value: take(8) };
        break;
      case 2n:
        yield { field, value: take(Number(varint())) };
        break;
      case 5n:
        yield { field, value: take(4) };
        break;
      default:
        throw new Malformed();
    }
  }
}

function bytesOf(value: bigint | Buffer): Buffer {
  if (typeof value === 'bigint') throw new Malformed();
  return value;
}
