import { expect, test } from 'vitest';
import { findJson, parseJsonPath } from './json-path.ts';

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
  ["$.store.bicycle['color','price']", [{ color: 'red', price: 19.95 }]],
])('%s finds what Jayway finds', (path, expected) => {
  expect(find(path)).toEqual(expected);
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
  [
    '$.store.book[?(@.price < 10)]',
    'The JSONPath "$.store.book[?(@.price < 10)]" uses a filter, which is not supported here',
  ],
  [
    '$.store.book.length()',
    'The JSONPath "$.store.book.length()" uses the function length(), which is not supported here',
  ],
  ['$.', "The JSONPath \"$.\" must not end with a '.' or '..'"],
  ['$..', "The JSONPath \"$..\" must not end with a '.' or '..'"],
  ['$.a[b]', 'The JSONPath "$.a[b]" has brackets that cannot be read: "[b]"'],
])('%s is refused and says why', (path, message) => {
  expect(() => parseJsonPath(path)).toThrow(message);
});
