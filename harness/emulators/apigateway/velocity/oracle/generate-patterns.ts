import * as fc from 'fast-check';

const ATOMS = fc.constantFrom(
  ...'a b c A 1 _ - . ^ $ \\b \\B \\A \\z \\Z \\G \\d \\D \\w \\W \\s \\S \\R \\h \\v \\n \\t \\x61 \\u0061 \\0141 \\e 냇 😀'.split(
    ' ',
  ),
  ...'\\p{L} \\P{L} \\p{Lu} \\p{Alpha} \\p{Punct} \\p{IsAlphabetic} \\p{IsHangul} \\pL \\Qa.b\\E \\. \\\\ \\1 \\2 [abc] [^abc] [a-c]'.split(
    ' ',
  ),
  ...'[a-c&&[^b]] [a[bc]] [^a[b]] [\\d_] [\\w&&[^a]] [a-] [-a] []a] [&] [a&&b] [\\]] [^\\d\\s] [\\p{L}1] [a-c&&b-d] {'.split(
    ' ',
  ),
  ' ',
  '\r',
);
const QUANTIFIERS = fc.constantFrom(...'* + ? {2} {1,2} {0,} {0} *? +? ?? {1,2}? *+ ++ ?+ {1,2}+'.split(' '));

/** Patterns of java.util.regex, most of them valid. */
export function patterns(): fc.Arbitrary<string> {
  const { alternatives } = fc.letrec<Record<'alternatives' | 'sequence' | 'item', string>>((tie) => ({
    item: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      { weight: 4, arbitrary: ATOMS },
      fc.tuple(ATOMS, QUANTIFIERS).map(([atom, quantifier]) => atom + quantifier),
      tie('alternatives').map((inner) => `(${inner})`),
      fc.tuple(tie('alternatives'), QUANTIFIERS).map(([inner, quantifier]) => `(${inner})${quantifier}`),
      fc.tuple(tie('alternatives'), QUANTIFIERS).map(([inner, quantifier]) => `(?:${inner})${quantifier}`),
      fc
        .tuple(
          fc.constantFrom('?=', '?!', '?>', '?i:', '?s:', '?m:', '?<n>', '?-i:', '?x:', '?u:'),
          tie('alternatives'),
        )
        .map(([kind, inner]) => `(${kind}${inner})`),
      // What repeats in a look-behind has its own rules of length, which the corpus holds.
      fc.tuple(fc.constantFrom('?<=', '?<!'), ATOMS, ATOMS).map(([kind, a, b]) => `(${kind}${a}${b})`),
      fc.constantFrom('(?i)', '(?s)', '(?m)', '(?d)', '(?-i)', '(?x)', '(?u)'),
    ),
    sequence: fc
      .array(tie('item'), { minLength: 1, maxLength: 4, depthIdentifier: 'pattern' })
      .map((items) => items.join('')),
    alternatives: fc.oneof(
      { weight: 4, arbitrary: tie('sequence') },
      fc.tuple(tie('sequence'), tie('sequence')).map(([a, b]) => `${a}|${b}`),
    ),
  }));
  return alternatives;
}
