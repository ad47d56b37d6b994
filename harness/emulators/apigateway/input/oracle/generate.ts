import * as fc from 'fast-check';

const NAMES = 'a b c d price title length it’s'.split(' ');

/** Documents of few names, so that paths find something in them. */
export function documents(): fc.Arbitrary<string> {
  const { value } = fc.letrec<Record<'value' | 'list' | 'object', unknown>>((tie) => ({
    list: fc.array(tie('value'), { maxLength: 4 }),
    object: fc.dictionary(fc.constantFrom(...NAMES), tie('value'), { maxKeys: 4 }),
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom('x', 'abc', '', '1', '1.0', 'a/b', "it's", '\u2019\u007f"\\', '[1]', '냇물', 'true', '$.a'),
      fc.constantFrom(1, 2, 0, -3, 8.95, 1e10, 12_345_678_901, true, false, null),
      { weight: 2, arbitrary: tie('list') },
      { weight: 3, arbitrary: tie('object') },
    ),
  }));
  return fc
    .oneof(fc.dictionary(fc.constantFrom(...NAMES), value, { maxKeys: 4 }), fc.array(value, { maxLength: 4 }))
    .map((json) => JSON.stringify(json));
}

/** Paths of Jayway's grammar, most of them valid. */
export function paths(): fc.Arbitrary<string> {
  const { path } = fc.letrec<Record<'path' | 'relative' | 'step' | 'filter' | 'operand', string>>((tie) => ({
    path: steps('$', tie('step')),
    relative: fc.oneof(
      fc.constantFrom('@', '@.a', '@.b', "@['a']", '@.length()', '@.a.length()', '@[0]', '@..a', '@.a.b'),
      steps('@', tie('step')),
    ),
    step: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      { weight: 4, arbitrary: fc.constantFrom(...NAMES.slice(0, 6)).map((name) => `.${name}`) },
      {
        weight: 2,
        arbitrary: fc.constantFrom("['a']", '["b"]', "['a','b']", "['a', 'c']", "['x']", "[ 'a' ]", "['a' , 'b']"),
      },
      {
        weight: 2,
        arbitrary: fc.constantFrom('[0]', '[1]', '[-1]', '[0,1]', '[0, 2]', '[5]', '[-9]', '[ 0 ]', '[1,-1]'),
      },
      fc.constantFrom('[:2]', '[1:]', '[-2:]', '[:-1]', '[0:2]', '[1:9]', '[-2:-1]', '[0:-1]', '[:0]', '[3:1]'),
      fc.constantFrom('.*', '[*]', '..a', '..b', '..*', '..[0]', "..['a']", '..[*]', "..['a','b']", '[ * ]'),
      { weight: 1, arbitrary: fc.constantFrom(...FUNCTIONS) },
      { weight: 4, arbitrary: tie('filter').map((filter) => `[?(${filter})]`) },
      { weight: 1, arbitrary: tie('filter').map((filter) => `..[?(${filter})]`) },
    ),
    operand: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      { weight: 3, arbitrary: tie('relative') },
      { weight: 4, arbitrary: fc.constantFrom(...LITERALS) },
      fc.constantFrom('$.a', '$.b', '$[0]', '$..a', '$.a.length()'),
    ),
    filter: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      tie('relative'),
      tie('relative').map((path) => `!${path}`),
      { weight: 5, arbitrary: comparison(tie('relative'), tie('operand')) },
      comparison(tie('operand'), tie('operand')),
      fc
        .tuple(tie('filter'), fc.constantFrom(' && ', ' || ', '&&', '||'), tie('filter'))
        .map((parts) => parts.join('')),
      tie('filter').map((filter) => `(${filter})`),
      tie('filter').map((filter) => `!(${filter})`),
    ),
  }));
  return path;
}

function steps(root: string, step: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.array(step, { maxLength: 4, depthIdentifier: 'path' }).map((parts) => root + parts.join(''));
}

function comparison(left: fc.Arbitrary<string>, right: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.tuple(left, fc.constantFrom(...OPERATORS), right).map(([a, operator, b]) => `${a} ${operator} ${b}`);
}

const OPERATORS = '== != === !== < <= > >= =~ in nin IN subsetof anyof noneof contains size empty ALL'.split(' ');
const LITERALS = [
  ...`1 2 -3 8.95 1.0 1e10 'x' "abc" '' '1' '1.0' "it's" 'it\\'s' true false null [1,2] ['x','abc'] [] {} {"a":1} [true,null] ["1"]`.split(
    ' ',
  ),
  '/a.*/',
  '/ABC/i',
  '/.*b/',
  "'a/b'",
  '[1, 8.95]',
  "'냇물'",
  '3',
  '0',
];
const FUNCTIONS = [
  '.length()',
  '.size()',
  '.sum()',
  '.min()',
  '.max()',
  '.avg()',
  '.stddev()',
  '.keys()',
  '.concat()',
  '.concat($.a, "z")',
  '.sum($..price)',
  '.sum(1, 2)',
  '.first()',
  '.last()',
  '.index(1)',
  '.append(1)',
  '.unknown()',
];

/** Bodies of pieces of JSON. An empty body is left out: API Gateway takes it for `{}`. */
export function texts(): fc.Arbitrary<string> {
  const pieces = '{ } [ ] " \' : , a b\\n 1 - 0 .5 1. e5 true null x=y & \\" \\\\ \\u0041 냇 / {"a": "b" [1 1]'.split(
    ' ',
  );
  return fc
    .array(fc.constantFrom(...pieces, ' ', '\n', '\t'), { minLength: 1, maxLength: 10 })
    .map((parts) => parts.join(''))
    .filter((text) => !/^[ \t\r\n]*(?:null[ \t\r\n]*)?$/.test(text));
}
