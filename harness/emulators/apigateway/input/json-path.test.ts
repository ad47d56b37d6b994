import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { findJson, JsonPathError, parseJsonPath } from './json-path.ts';

/** The example document of Jayway JsonPath's own manual, cut down. */
const STORE = {
  store: {
    book: [
      { category: 'reference', title: 'Sayings of the Century', price: 8.95 },
      { category: 'fiction', title: 'Sword of Honour', price: 12.99 },
      { category: 'fiction', title: 'Moby Dick', isbn: '0-553-21311-3', price: 8.99 },
    ],
    bicycle: { color: 'red', price: 19.95 },
  },
  'a.b': 1,
  "it's": 2,
  nothing: null,
};

const find = (path: string) => findJson(STORE, parseJsonPath(path));

test.each([
  ['$', STORE],
  ['$.store.bicycle.color', 'red'],
  ['store.bicycle.color', 'red'],
  ["$['store']['bicycle']['color']", 'red'],
  ['$["store"].bicycle', { color: 'red', price: 19.95 }],
  ["$['a.b']", 1],
  ["$['it\\'s']", 2],
  ['$.store.book[0].title', 'Sayings of the Century'],
  ['$.store.book[-1].title', 'Moby Dick'],
  ['$.nothing', null],
  ['$.store.book[*].price', [8.95, 12.99, 8.99]],
  ['$.store.book.*.price', [8.95, 12.99, 8.99]],
  ['$..price', [8.95, 12.99, 8.99, 19.95]],
  ['$.store..isbn', ['0-553-21311-3']],
  ['$..book[1].title', ['Sword of Honour']],
  ['$.store.book[0,2].price', [8.95, 8.99]],
  ['$.store.book[:2].price', [8.95, 12.99]],
  ['$.store.book[1:].price', [12.99, 8.99]],
  ['$.store.book[-2:].price', [12.99, 8.99]],
  ["$.store.bicycle['color','price']", { color: 'red', price: 19.95 }],
  ["$.store['bicycle','book'].color", ['red']],
  ['$.store.book[?(@.price < 10)].title', ['Sayings of the Century', 'Moby Dick']],
  ['$.store.book[?(@.isbn)].title', ['Moby Dick']],
  ['$.store.book[?(!@.isbn)].price', [8.95, 12.99]],
  ["$.store.book[?(@.category == 'fiction' && @.price > 10)].title", ['Sword of Honour']],
  ["$.store.book[?(@.category != 'fiction' || (@.price >= 12.99))].price", [8.95, 12.99]],
  ['$.store.book[?(@.title =~ /sw.*/i)].price', [12.99]],
  ["$.store.book[?(@.category in ['reference', 'x'])].price", [8.95]],
  ['$.store.book[?(@.price == $.store.book[2].price)].title', ['Moby Dick']],
  ['$.store.book.length()', 3],
  ['$..price.sum()', 50.879999999999995],
  ['$.store.keys()', ['book', 'bicycle']],
])('%s finds what Jayway finds', (path, expected) => {
  expect(JSON.stringify(find(path))).toBe(JSON.stringify(expected));
});

test.each([
  '$.missing',
  '$.store.missing.deeper',
  '$.store.book[9]',
  '$.store.book.title',
  '$.store.bicycle[0]',
])('%s finds nothing', (path) => {
  expect(find(path)).toBeUndefined();
});

test.each(['$.missing[*]', '$..missing'])('%s may find many and finds an empty list', (path) => {
  expect(find(path)).toEqual([]);
});

test('a path below a string finds nothing', () => {
  expect(findJson('id=user123', parseJsonPath('$.id'))).toBeUndefined();
  expect(findJson('id=user123', parseJsonPath('$'))).toBe('id=user123');
});

test('names of JavaScript are no members', () => {
  expect(find('$.constructor')).toBeUndefined();
  expect(find('$.__proto__')).toBeUndefined();
  expect(find('$.store.book.length')).toBeUndefined();
});

test.each([
  ['$.a[?(@.b <> 1)]', 'The JSONPath "[?(@.b <> 1)]" has a parenthesis that is not closed'],
  ['$.a[?(@.b == 1]', 'The JSONPath "$.a[?(@.b == 1]" has brackets that cannot be read: "[?(@.b == 1]"'],
  ['$.a.sum(1', 'The JSONPath "$.a.sum(1" does not close the arguments of the function sum'],
  ['$.a b', 'The JSONPath "$.a b" has a name with blanks, which must be written [\'my name\']'],
  ['$.', "The JSONPath \"$.\" must not end with a '.' or '..'"],
  ['$..', "The JSONPath \"$..\" must not end with a '.' or '..'"],
  ['$.a[b]', 'The JSONPath "$.a[b]" has brackets that cannot be read: "[b]"'],
])('%s is refused and says why', (path, message) => {
  expect(() => parseJsonPath(path)).toThrow(message);
});

test.each([
  ['$.store.book.sum()', "The JSONPath's function sum() has no numbers to look at"],
  ['$.store.toString()', "The JSONPath's function toString() does not exist"],
  ['$.store.constructor()', "The JSONPath's function constructor() does not exist"],
])('%s fails on this document and says why', (path, message) => {
  expect(() => find(path)).toThrow(new JsonPathError(message));
});

test('a path of many scans ends with an error, not with the machine’s patience', () => {
  const document = JSON.parse(`${'{"a":['.repeat(60)}1${',2]}'.repeat(60)}`);
  expect(() => findJson(document, parseJsonPath('$..*..*..*..*..*..*'))).toThrow(
    new JsonPathError('The JSONPath looks at too many values'),
  );
});

test('a pattern that backtracks without end, too', () => {
  const document = ['a'.repeat(60)];
  expect(() => findJson(document, parseJsonPath('$[?(@ =~ /(a|a)*b/)]'))).toThrow(
    new JsonPathError('The JSONPath has a pattern that does not end in time'),
  );
});

test('whatever the path, it finds something, nothing, or fails as a JsonPathError', () => {
  const pieces =
    '$ @ . .. [ ] ( ) ? * a length() sum( , : 0 -1 \' " / == =~ && ! {} [?( )] 1e9 \\u00 __proto__ constructor'.split(
      ' ',
    );
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces, ' '), { maxLength: 12 }), (parts) => {
      try {
        expect(JSON.stringify(findJson(STORE, parseJsonPath(`$${parts.join('')}`))) ?? '').not.toMatch(
          /native code|\[object/,
        );
      } catch (error) {
        expect(error).toBeInstanceOf(JsonPathError);
      }
    }),
    { numRuns: 3_000 },
  );
});
