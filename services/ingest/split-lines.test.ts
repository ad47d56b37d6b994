import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitLines } from './split-lines.ts';

async function split(chunks: Iterable<Uint8Array>): Promise<[offset: number, text: string][]> {
  const lines: [number, string][] = [];
  for await (const { bytes, offset } of splitLines(chunks)) lines.push([offset, Buffer.from(bytes).toString('utf8')]);
  return lines;
}

test('gives every line back and says where it begins, wherever the chunks are cut', async () => {
  const texts = fc.array(
    fc.tuple(
      fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !/[\r\n]/.test(text)),
      fc.constantFrom('\n', '\r\n', '\n\n'),
    ),
    { maxLength: 8 },
  );
  await fc.assert(
    fc.asyncProperty(texts, fc.array(fc.nat(200), { maxLength: 12 }), async (lines, cuts) => {
      const expected: [number, string][] = [];
      let whole = '';
      for (const [text, end] of lines) {
        expected.push([Buffer.byteLength(whole), text]);
        whole += text + end;
      }
      const bytes = Buffer.from(whole);
      const ends = [...new Set([...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])].sort((a, b) => a - b);
      const chunks = ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
      expect(await split(chunks)).toEqual(expected);
    }),
    { seed: 20220127, numRuns: 500 },
  );
});

test('the last line needs no end, and nothing has no lines', async () => {
  expect(await split([Buffer.from('{"a":1}\n{"b"'), Buffer.from(':2}')])).toEqual([
    [0, '{"a":1}'],
    [8, '{"b":2}'],
  ]);
  expect(await split([])).toEqual([]);
  expect(await split([Buffer.from('\n\r\n')])).toEqual([]);
});
