import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Json, MalformedJson, readJson } from './json-text.ts';

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
  ['escapes in a permissive document', "{'a\\u0041':'\\n\\''}", '{"aA":"\\n\'"}'],
])('%s is read as json-smart reads it', (_what, body, expected) => {
  expect(text(readJson(body))).toBe(expected);
});

test.each([
  ['{"value":"30"', 'Unexpected End Of File position 13'],
  ['\n{wrongjson', 'Unexpected End Of File position 10'],
  ['{"a":}', 'Unexpected character (}) at position 5'],
  ['{"a" 1}', 'Unexpected character (1) at position 5'],
  ['["a" "b"]', 'Unexpected character (") at position 5'],
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
