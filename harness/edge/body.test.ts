import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bufferBody, ClientGone, readAll, streamBody } from './body.ts';
import { BodyTooLarge } from './http.ts';

const source = (...chunks: string[]) =>
  Readable.from(
    chunks.map((chunk) => Buffer.from(chunk)),
    { objectMode: false },
  );

describe('a body that comes over a connection', () => {
  test('can be read whole as often as wanted, and as a stream after that', async () => {
    let reads = 0;
    const body = streamBody(source('ab', 'c'), {}, () => void reads++);
    expect(reads).toBe(0);
    expect((await body.bytes()).toString()).toBe('abc');
    expect((await body.bytes(3)).toString()).toBe('abc');
    expect((await readAll(body.stream())).toString()).toBe('abc');
    expect(reads).toBe(1);
  });

  test('that is too large by its own account is not even read', async () => {
    let reads = 0;
    const body = streamBody(source('abcd'), { 'content-length': '4' }, () => void reads++);
    await expect(body.bytes(3)).rejects.toEqual(new BodyTooLarge(3));
    expect(reads).toBe(0);
  });

  test('that turns out too large is given up', async () => {
    await expect(streamBody(source('ab', 'cd'), {}).bytes(3)).rejects.toBeInstanceOf(BodyTooLarge);
  });

  test('that ends too early says who went away', async () => {
    const broken = new Readable({ read() {} });
    broken.push('half');
    const reading = streamBody(broken, {}).bytes();
    broken.destroy();
    await expect(reading).rejects.toBeInstanceOf(ClientGone);
  });

  test('cut into aws-chunks is put together, whatever the cuts', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 })), async (parts) => {
        const chunk = (part: Uint8Array) => [
          Buffer.from(`${part.length.toString(16)};chunk-signature=${'0'.repeat(64)}\r\n`),
          part,
          Buffer.from('\r\n'),
        ];
        const coded = Buffer.concat([
          ...parts.flatMap(chunk),
          Buffer.from('0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n'),
        ]);
        const plain = Buffer.concat(parts);
        const headers = { 'content-encoding': 'aws-chunked', 'x-amz-decoded-content-length': String(plain.length) };
        const body = streamBody(Readable.from([coded], { objectMode: false }), headers);
        expect(await body.bytes(plain.length)).toEqual(plain);
        expect(await readAll(body.stream())).toEqual(coded);
      }),
      { numRuns: 50 },
    );
  });

  test('whose last aws-chunk is missing is incomplete', async () => {
    const body = streamBody(source('5\r\nhello\r\n'), { 'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' });
    await expect(body.bytes()).rejects.toMatchObject({ code: 'IncompleteBody' });
  });
});

test('a body in memory keeps to the limit, too', async () => {
  await expect(bufferBody(Buffer.from('abcd')).bytes(3)).rejects.toEqual(new BodyTooLarge(3));
  expect((await readAll(bufferBody(Buffer.alloc(0)).stream())).length).toBe(0);
});

test('large bodies that come at once are handed over in turns of their own, with room for others between', async () => {
  const size = 300 * 1024;
  const seen: string[] = [];
  let over = false;
  // What others have to do: something in every turn of the event loop.
  const others = (async () => {
    while (!over) {
      seen.push('others');
      await new Promise((resolve) => setImmediate(resolve));
    }
  })();
  const large = Array.from({ length: 4 }, async () => {
    const bytes = await readAll(Readable.from([Buffer.alloc(size)], { objectMode: false }));
    seen.push(`a body of ${bytes.length}`);
  });
  await Promise.all(large);
  over = true;
  await others;
  const bodies = seen.flatMap((what, at) => (what === `a body of ${size}` ? [at] : []));
  expect(bodies).toHaveLength(4);
  for (const [n, at] of bodies.slice(1).entries()) expect(seen.slice(bodies[n], at)).toContain('others');
});
