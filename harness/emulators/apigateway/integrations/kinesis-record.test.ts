import { expect, test } from 'vitest';
import { readGatherable, streamOf } from './kinesis-record.ts';

const GOOD = { StreamName: 'ingest', Data: 'eyJhIjoxfQ==', PartitionKey: 'k' };
const read = (change: object) => readGatherable(JSON.stringify({ ...GOOD, ...change }));

test('a plain PutRecord may go with others', () => {
  expect(read({})).toEqual({ stream: 'ingest', entry: { Data: Buffer.from('{"a":1}'), PartitionKey: 'k' }, bytes: 8 });
  expect(read({ ExplicitHashKey: '0' })?.entry).toEqual({
    Data: Buffer.from('{"a":1}'),
    PartitionKey: 'k',
    ExplicitHashKey: '0',
  });
  expect(read({ PartitionKey: '키'.repeat(256) })?.bytes).toBe(7 + 256 * 3);
});

test.each([
  ['a sequence number for ordering', { SequenceNumberForOrdering: '1' }],
  ['a stream by ARN', { StreamARN: 'arn:aws:kinesis:ap-northeast-2:0:stream/ingest' }],
  ['an unknown member', { Extra: 1 }],
  ['data that is not base64', { Data: '{"a":1}' }],
  ['base64 without its padding', { Data: 'eyJhIjoxfQ' }],
  ['no data', { Data: undefined }],
  ['an empty partition key', { PartitionKey: '' }],
  ['a partition key of 257 characters', { PartitionKey: 'k'.repeat(257) }],
  ['a partition key of 258 characters as UTF-16 counts them', { PartitionKey: '🌊'.repeat(129) }],
  ['a partition key that is a number', { PartitionKey: 1 }],
  ['a stream name that cannot be', { StreamName: 'a b' }],
  ['a hash key of 2^128', { ExplicitHashKey: '340282366920938463463374607431768211456' }],
  ['a hash key with a leading zero', { ExplicitHashKey: '01' }],
  ['more than 1 MiB', { Data: Buffer.alloc(1024 * 1024).toString('base64') }],
])('a PutRecord with %s goes alone', (_what, change) => {
  expect(read(change)).toBeUndefined();
});

test.each(['', 'null', '[]', '{"StreamName":', 'text'])('the body %j goes alone', (body) => {
  expect(readGatherable(body)).toBeUndefined();
});

test.each([4092, 4096, 4100, 8192, 8196, 100_000])('base64 of %i characters is read to its end', (length) => {
  const data = 'A'.repeat(length);
  expect(read({ Data: data })).toBeDefined();
  expect(read({ Data: `${data}!` })).toBeUndefined();
  expect(read({ Data: `${data.slice(0, 50)}!${data.slice(51)}` })).toBeUndefined();
});

test('a stream is known by its name or its ARN', () => {
  expect(streamOf('{"StreamName":"a"}')).toBe('a');
  expect(streamOf('{"StreamARN":"arn:aws:kinesis:r:1:stream/b"}')).toBe('b');
  expect(streamOf('nonsense')).toBe('');
});
