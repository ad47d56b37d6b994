import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseInstant } from '../../../../clock/index.ts';
import { COMPRESSION_FORMATS, compress, OBJECT_FORMS } from './compression.ts';
import { decompress, unzip } from './testing.ts';

const ENTRY = { name: '5abf82da-aa53-4e6b-8f0c-1f4f6f0f9f3a', time: parseInstant('2022-01-27T05:48:25Z') };

/** Text that compresses, and bytes that do not, beyond one block of Snappy. */
const contents = fc.oneof(
  fc.uint8Array({ maxLength: 2000 }).map((bytes) => Buffer.from(bytes)),
  fc
    .tuple(fc.uint8Array({ minLength: 1, maxLength: 99 }), fc.integer({ min: 1, max: 2000 }))
    .map(([bytes, times]) => Buffer.concat(Array.from({ length: times }, () => bytes))),
);

describe('compress', () => {
  test.each(COMPRESSION_FORMATS)('whatever is compressed as %s comes out again', async (format) => {
    await fc.assert(
      fc.asyncProperty(contents, async (content) => {
        const body = await compress(content, format, ENTRY);
        expect(decompress(body, format).equals(content)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  test('what is not compressed is not copied', async () => {
    const content = Buffer.from('{"n":1}');
    expect(await compress(content, 'UNCOMPRESSED', ENTRY)).toBe(content);
  });

  test('Snappy is the stream format of snappy-java, block by block of 32 KiB', async () => {
    const body = await compress(Buffer.alloc(70_000, 'abc'), 'Snappy', ENTRY);
    expect(body.toString('hex', 0, 16)).toBe('82534e41505059000000000100000001');
    expect(blockLengths(body, 16, 4)).toHaveLength(3);
  });

  test('Hadoop’s Snappy says before each block how long it was and how long it is', async () => {
    const body = await compress(Buffer.alloc(70_000, 'abc'), 'HADOOP_SNAPPY', ENTRY);
    expect(blockLengths(body, 0, 8)).toEqual([32_768, 32_768, 4464]);
  });

  test('a ZIP archive has one file, and is the same each time that an object is written', async () => {
    const content = Buffer.from('{"n":1}{"n":2}');
    const body = await compress(content, 'ZIP', ENTRY);
    expect(unzip(body)).toEqual({ name: ENTRY.name, content });
    expect((await compress(content, 'ZIP', ENTRY)).equals(body)).toBe(true);
  });

  test('each format has its extension and its encoding', () => {
    const told = COMPRESSION_FORMATS.map((format) => {
      const { extension, contentEncoding } = OBJECT_FORMS[format];
      return `${format} ${extension} ${contentEncoding}`;
    });
    expect(told).toEqual([
      'UNCOMPRESSED  undefined',
      'GZIP .gz gzip',
      'ZIP .zip zip',
      'Snappy .snappy snappy-java',
      'HADOOP_SNAPPY .snappy hadoop-snappy',
    ]);
  });
});

/** The first number of each block's heading, whose last is the length of what follows. */
function blockLengths(body: Buffer, from: number, headingBytes: number): number[] {
  const lengths: number[] = [];
  for (let at = from; at < body.length; at += headingBytes + body.readUInt32BE(at + headingBytes - 4)) {
    lengths.push(body.readUInt32BE(at));
  }
  return lengths;
}
