import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Json, MalformedJson, readJson, writeJson } from './json-text.ts';

const text = (json: Json) => JSON.stringify(json);

test.each([
  ['an empty body', '', '{}'],
  ['only white space', ' \n', '{}'],
  ['JSON with white space', '{ "a" : [ 1, "b" ] }\n', '{"a":[1,"b"]}'],
  ['a decimal that JavaScript would shorten', '{"a":1.0,"b":1.50}', '{"a":1.0,"b":1.5}'],
  ['an integer that JavaScript would round', '{"a":12345678901234567890}', '{"a":12345678901234567890}'],
  ['an exponent, as Java prints it', '[1e2,1E10]', '[100.0,1.0E10]'],
  ['digits in a string', '{"a":"1.0"}', '{"a":"1.0"}'],
  ['a form body', 'id=user123&x=%EB%83%87', '"id=user123&x=%EB%83%87"'],
  ['XML', '<a>1</a>', '"<a>1</a>"'],
  ['single quotes and bare names', "{'a': b c, d: 'e'}", '{"a":"b c","d":"e"}'],
  ['stray commas', '{"a":1,,"b":[1,,2,],}', '{"a":1,"b":[1,2]}'],
  ['text after the value', '{"a":1}{"b":2}', '{"a":1}'],
  ['words of JSON in a permissive document', '{a:true,b:null,c:-1.5}', '{"a":true,"b":null,"c":-1.5}'],
  ['lists without commas', '["a" "b"[1]{}]', '["a","b",[1],{}]'],
  ['a number that begins with a zero', '01012345678', '1012345678'],
  ['numbers with half a fraction', '[1.,-.5,.5]', '[1.0,-0.5,".5"]'],
  ['a number with more digits than a Double has', '[1.23456789012345678]', '[1.23456789012345678]'],
  ['escapes that mean nothing, and a tab beside them', '{"a":"\\q\t\\n"}', '{"a":"\\n"}'],
  ['a tab in a string without escapes', '{"a":"x\ty"}', '{"a":"x\\ty"}'],
  ['a byte order mark', '\ufeff{"a":1}', '"\ufeff{\\"a\\":1}"'],
  ['an entry without a value', '{a:,b:1}', '{"a":"","b":1}'],
  ['escapes in a permissive document', "{'a\\u0041':'\\n\\''}", '{"aA":"\\n\'"}'],
])('%s is read as json-smart reads it', (_what, body, expected) => {
  expect(text(readJson(body))).toBe(expected);
});

test.each([
  ['{"value":"30"', 'Unexpected End Of File position 13'],
  ['\n{wrongjson', 'Unexpected End Of File position 10'],
  ['{"a":}', 'Unexpected character (}) at position 5'],
  ['{"a" 1}', 'Unexpected character (1) at position 5'],
  ['}', 'Unexpected character (}) at position 0'],
  ['{[a]:1}', 'Unexpected character ([) at position 1'],
  ['{"a":[] "b":1}', 'Unexpected character (") at position 8'],
  ['"never closed', 'Unexpected End Of File position 13'],
  ['{"a":"\\u12"}', 'Unexpected character (u) at position 7'],
])('%j is malformed even so', (body, message) => {
  expect(() => readJson(body)).toThrow(new MalformedJson(message));
});

test.each([
  ['arrays', '['.repeat(100_000) + ']'.repeat(100_000)],
  ['objects', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
  ['unclosed arrays', '['.repeat(100_000)],
])('100,000 levels of %s are refused and not followed', (_what, body) => {
  expect(() => readJson(body)).toThrow('JSON is nested deeper than 1000 levels');
});

test('brackets in strings are no levels', () => {
  const body = JSON.stringify(['['.repeat(5000), '\\"[']);
  expect(text(readJson(body))).toBe(body);
});

test('whatever JSON comes, it is the same after reading', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
      expect(JSON.parse(text(readJson(JSON.stringify(value))))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test('whatever number comes, it is the same beside one whose text has to be kept and beside what only looks like one', () => {
  const digits = fc.oneof(fc.nat().map(String), fc.bigInt({ min: 0n, max: 10n ** 25n }).map(String));
  const number = fc
    .tuple(
      fc.constantFrom('', '-'),
      digits,
      fc.constantFrom('', '', '.0', '.5', '.25', '.10', '.1234567890123456789'),
      fc.constantFrom('', '', 'e5', 'E-7', 'e+30', 'e400'),
    )
    .map((parts) => parts.join(''));
  const space = fc.stringMatching(/^[ \t\r\n]{0,2}$/);
  fc.assert(
    fc.property(number, space, fc.constantFrom('12:24.50', ' 1.50 ', ':1.50,', '냇물'), (given, around, lookalike) => {
      const read = (before: string) => {
        const body = `{"a":[${before}${around}${given}${around}],"b":${around}${given}${around},"t":${JSON.stringify(lookalike)}}`;
        const { a, b, t } = readJson(body) as { a: Json[]; b: Json; t: Json };
        return text([a.at(-1) as Json, b, t]);
      };
      expect(read('')).toBe(read('1.50,'));
    }),
    { numRuns: 1000 },
  );
});

test('whatever text comes, it is read or refused, nothing else', () => {
  const fragments = fc.array(fc.constantFrom('{', '}', '[', ']', '"', "'", ':', ',', 'a', '\\', '1', ' ', '\\u00e9'), {
    maxLength: 25,
  });
  fc.assert(
    fc.property(fragments, (parts) => {
      try {
        readJson(parts.join(''));
      } catch (error) {
        expect(error).toBeInstanceOf(MalformedJson);
      }
    }),
    { numRuns: 2000 },
  );
});

test('JSON is written as json-smart writes it', () => {
  expect(writeJson(['\u2019\u007f', 'a/b', '\ud800', '\\ud800', '냇물', '\u0001'])).toBe(
    '["\\u2019\\u007F","a/b","\ud800","\\\\ud800","냇물","\\u0001"]',
  );
});
