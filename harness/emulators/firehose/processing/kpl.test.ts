import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitAggregate } from './kpl.ts';
import { aggregate } from './testing.ts';

/** Two records, of the keys `a` and `b`, written byte by byte; the digest is that of `md5sum`. */
const TWO = Buffer.from(
  'f3899ac20a01610a01621a0608001a0268691a0708011a03796f75a3bdf3e371b4a8abfd03626b14c76f95',
  'hex',
);

test('a record of the Kinesis Producer Library is taken apart', () => {
  expect(splitAggregate(TWO)).toEqual([
    { partitionKey: 'a', explicitHashKey: undefined, data: Buffer.from('hi') },
    { partitionKey: 'b', explicitHashKey: undefined, data: Buffer.from('you') },
  ]);
});

test('whatever a producer puts into one record comes out of it, in order', () => {
  const record = fc.record({
    partitionKey: fc.string({ unit: 'binary', maxLength: 40 }),
    data: fc.uint8Array({ maxLength: 300 }),
  });
  fc.assert(
    fc.property(fc.array(record, { maxLength: 200 }), (records) => {
      const found = splitAggregate(aggregate(records))?.map(({ partitionKey, data }) => ({
        partitionKey,
        data: new Uint8Array(data),
      }));
      expect(found).toEqual(
        records.map(({ partitionKey, data }) => ({ partitionKey: Buffer.from(partitionKey).toString(), data })),
      );
    }),
  );
});

test('a record with a byte changed or cut off is one record, whatever it begins with', () => {
  fc.assert(
    fc.property(fc.nat(TWO.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const changed = Buffer.from(TWO);
      changed[at] = (changed[at] as number) ^ change;
      expect(splitAggregate(changed)).toBeUndefined();
      expect(splitAggregate(TWO.subarray(0, at))).toBeUndefined();
    }),
  );
  expect(splitAggregate(Buffer.from('{"a":1}'))).toBeUndefined();
  expect(splitAggregate(Buffer.alloc(0))).toBeUndefined();
});

test('a message that keeps its digest but is not of the format is one record', () => {
  const sealed = (hex: string) => {
    const message = Buffer.from(hex, 'hex');
    return Buffer.concat([Buffer.from('f3899ac2', 'hex'), message, createHash('md5').update(message).digest()]);
  };
  // A record whose partition key is not in the table, one without data, a length beyond the end, a group, a bare varint.
  for (const hex of ['1a0608001a026869', '0a01611a020800', '1a7f00', '0b', 'ff', '1801']) {
    expect(splitAggregate(sealed(hex)), hex).toBeUndefined();
  }
  // Fields that the format does not have (yet) are passed over.
  expect(splitAggregate(sealed('0a0161200129010203040506070835010203041a0608001a026869'))).toMatchObject([
    { partitionKey: 'a' },
  ]);
});
