import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { localstackTool } from '../../../harness/engines/index.ts';
import { readNumber } from './number.ts';

/** Texts that look like numbers, and nearly. */
const nearlyNumbers = fc.oneof(
  fc.stringMatching(/^[ \t\n]{0,2}[+-]?\d{0,4}\.?\d{0,4}([eE][+-]?\d{0,3})?[ \t\n]{0,2}$/),
  fc.stringMatching(/^[-+.eE0-9_ naif]{0,8}$/),
  fc.string({ unit: 'grapheme' }),
);

/** Reads a list of texts as JSON, and writes what float() makes of each, null for what it refuses. */
const PROGRAM = `
import json, sys
def read(text):
    try:
        return repr(float(text))
    except ValueError:
        return None
print(json.dumps([read(text) for text in json.load(sys.stdin)]))`;

/** What float() takes and we do not, as number.ts says it: nan, inf, underscores, other digits and other white space. */
const refusedOnPurpose = (text: string, float: string) =>
  /nan|inf/.test(float) || text.includes('_') || [...text].some((character) => /[^ \t\n\v\f\r!-~]/.test(character));

test('what it takes of a text, Python’s float() takes too, as the same number; it refuses more only on purpose', () => {
  const texts = fc.sample(nearlyNumbers, { numRuns: 3000, seed: 88 });
  const input = JSON.stringify(texts);
  const floats = JSON.parse(execFileSync(localstackTool('python'), ['-c', PROGRAM], { input, encoding: 'utf8' }));
  const differing = texts.flatMap((text, at) => {
    const float = floats[at] as string | null;
    const ours = readNumber(text);
    const agree =
      ours === undefined
        ? float === null || refusedOnPurpose(text, float)
        : float !== null && Object.is(Number(float), ours);
    return agree ? [] : [{ text, float, ours }];
  });
  expect(differing).toEqual([]);
  expect(texts.filter((text) => readNumber(text) !== undefined).length).toBeGreaterThan(500);
});
