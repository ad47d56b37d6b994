import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { JsonSplitError, splitJson } from './split-json.ts';

const FIXTURES = ['workshop', 'everyday', 'large'].flatMap((name) =>
  readFileSync(new URL(`../../fixtures/ingest/${name}.jsonl`, import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== ''),
);

type Split = (chunks: Uint8Array[]) => Promise<string[]>;

const split: Split = async (chunks) => {
  const texts: string[] = [];
  for await (const { bytes } of splitJson(chunks)) texts.push(Buffer.from(bytes).toString('utf8'));
  return texts;
};

/** The bytes of `text`, cut at `cuts`. */
function cutAt(text: string, cuts: readonly number[]): Uint8Array[] {
  const bytes = Buffer.from(text, 'utf8');
  const ends = [...new Set([...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])].sort((a, b) => a - b);
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}

/** JSON objects and arrays as somebody may write them, one after the other with at most white space between. */
const sequences = fc.record({
  values: fc.array(
    fc.record({
      value: fc.oneof(fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue()), fc.array(fc.jsonValue())),
      indent: fc.nat(2),
      after: fc.constantFrom('', '', '\n', ' \t\r\n'),
    }),
    { maxLength: 12 },
  ),
  cuts: fc.array(fc.nat(5000), { maxLength: 20 }),
});

/** Checks that a splitter gives back every text, whatever the chunks. */
function checkAnyChunking(splitter: Split): Promise<void> {
  return fc.assert(
    fc.asyncProperty(sequences, async ({ values, cuts }) => {
      const texts = values.map(({ value, indent }) => JSON.stringify(value, null, indent));
      const whole = texts.map((text, index) => text + (values[index]?.after ?? '')).join('');
      expect(await splitter(cutAt(whole, cuts))).toEqual(texts);
    }),
    { seed: 20220127, numRuns: 500 },
  );
}

describe('splitJson', () => {
  test('gives every value back byte by byte, wherever the chunks are cut', async () => {
    await checkAnyChunking(split);
  });

  test('two splitters that are wrong are caught by the same check', async () => {
    const atBraces: Split = async (chunks) => {
      const text = Buffer.concat(chunks).toString('utf8');
      return text === '' ? [] : text.replaceAll('}{', '}\u0000{').split('\u0000');
    };
    const chunkByChunk: Split = (chunks) =>
      split(chunks.map((chunk) => Buffer.from(Buffer.from(chunk).toString('utf8'))));
    await expect(checkAnyChunking(atBraces)).rejects.toThrow('Property failed');
    await expect(checkAnyChunking(chunkByChunk)).rejects.toThrow('Property failed');
  });

  test('splits what senders send when it stands in one object without anything between, cut at every byte', async () => {
    const small = FIXTURES.filter((text) => text.length < 1000);
    const bytes = Buffer.from(small.join(''));
    expect(await split([...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(small);
    expect(await split([Buffer.from(FIXTURES.join(''))])).toEqual(FIXTURES);
  });

  test('tells bare values apart where white space or another value allows it', async () => {
    expect(await split(cutAt('1 -2.5e3\ntrue"a"null{"b":1}"c"[2]false', [2, 9, 13]))).toEqual([
      ...['1', '-2.5e3', 'true', '"a"', 'null', '{"b":1}', '"c"', '[2]', 'false'],
    ]);
  });

  test('says where each value begins', async () => {
    const offsets: number[] = [];
    for await (const { offset } of splitJson(cutAt(' {"가":1}\n[2] ', [4, 11]))) offsets.push(offset);
    expect(offsets).toEqual([1, 11]);
  });

  test('gives nothing for nothing', async () => {
    expect(await split([])).toEqual([]);
    expect(await split([Buffer.from(' \n')])).toEqual([]);
  });

  test.each([
    ['{"a":1}{"b":', 7, 'The JSON value that begins at byte 7 has no end.'],
    ['{"a":1}"b', 7, 'The JSON value that begins at byte 7 has no end.'],
    ['{"a":1},{"b":2}', 7, 'There is no JSON value at byte 7.'],
    ['}', 0, 'There is no JSON value at byte 0.'],
    ['\u{FEFF}{}', 0, 'There is no JSON value at byte 0.'],
  ])('refuses %j', async (text, offset, message) => {
    const error = await split([Buffer.from(text)]).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(JsonSplitError);
    expect(error).toMatchObject({ offset, message });
  });
});
