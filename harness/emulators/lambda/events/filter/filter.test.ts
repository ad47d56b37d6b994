import { describe, expect, test } from 'vitest';
import { checkFilterPatterns, messageFilter, recordFilter } from './index.ts';

const ofBody = (pattern: unknown, body: string) => messageFilter([JSON.stringify({ body: pattern })])({ Body: body });
const passes = (pattern: unknown, body: unknown) => ofBody(pattern, JSON.stringify(body));
const record = (data: string) => ({ sequenceNumber: '7', partitionKey: 'p1', data: Buffer.from(data), arrival: 1500 });

describe('operators', () => {
  test.each([
    ['equals', ['a'], 'a', 'b'],
    ['equals, of numbers', [7], 7, '7'],
    ['equals, of booleans', [true], true, 'true'],
    ['one of several', ['a', 7], 7, 'b'],
    ['null', [null], null, ''],
    ['empty', [''], '', null],
    ['prefix', [{ prefix: 'us-' }], 'us-east-1', 'eu-us-1'],
    ['suffix', [{ suffix: '.png' }], 'a.png', 'a.png.txt'],
    ['equals-ignore-case', [{ 'equals-ignore-case': 'Alice' }], 'aLICE', 'Alicia'],
    ['anything-but a list', [{ 'anything-but': ['a', 'b'] }], 'c', 'a'],
    ['anything-but one', [{ 'anything-but': 'a' }], 'b', 'a'],
    ['anything-but numbers', [{ 'anything-but': [7] }], 8, 7],
    ['numeric equals', [{ numeric: ['=', 100] }], 100, 101],
    ['numeric above', [{ numeric: ['>', 100] }], 100.5, 100],
    ['numeric range', [{ numeric: ['>', 10, '<=', 20] }], 20, 10],
    ['numeric, of a text', [{ numeric: ['>', 10] }], 11, '11'],
    ['an element of a list', ['a'], ['b', 'a'], ['b']],
    ['several rules', [{ prefix: 'a' }, { numeric: ['<', 0] }], -1, 1],
  ])('%s', (_, rules, matching, other) => {
    expect(passes({ key: rules }, { key: matching })).toBe(true);
    expect(passes({ key: rules }, { key: other })).toBe(false);
    expect(passes({ key: rules }, {})).toBe(false);
  });

  test('exists is about leaves: an object is none, an empty list is none, null is one', () => {
    const exists = (wanted: boolean, body: unknown) => passes({ key: [{ exists: wanted }] }, body);
    for (const present of [{ key: null }, { key: '' }, { key: [1] }]) {
      expect([exists(true, present), exists(false, present)]).toEqual([true, false]);
    }
    for (const absent of [{}, { key: { a: 1 } }, { key: [] }]) {
      expect([exists(true, absent), exists(false, absent)]).toEqual([false, true]);
    }
  });

  test('numbers are the same when they are spelled the same', () => {
    const spelled = (body: string) => messageFilter(['{"body":{"n":[300.0]}}'])({ Body: body });
    expect(['{"n":300.0}', '{"n":300}', '{"n":3.0e2}'].map(spelled)).toEqual([true, false, false]);
  });
});

describe('structure', () => {
  test('all fields must match, whatever else is there', () => {
    const pattern = { a: ['x'], b: { c: [1] } };
    expect(passes(pattern, { a: 'x', b: { c: 1, d: 2 }, e: 3 })).toBe(true);
    expect(passes(pattern, { a: 'x', b: { c: 2 } })).toBe(false);
    expect(passes(pattern, { a: 'x' })).toBe(false);
  });

  test('$or needs one of its alternatives besides the other fields', () => {
    const pattern = { a: ['x'], $or: [{ b: [1] }, { c: [{ exists: true }] }] };
    expect(passes(pattern, { a: 'x', b: 1 })).toBe(true);
    expect(passes(pattern, { a: 'x', c: 'any' })).toBe(true);
    expect(passes(pattern, { a: 'x', b: 2 })).toBe(false);
    expect(passes(pattern, { a: 'y', b: 1 })).toBe(false);
  });

  test('of a list of objects one must match in every respect', () => {
    const pattern = { items: { name: ['a'], count: [2] } };
    expect(passes(pattern, { items: [{ name: 'b' }, { name: 'a', count: 2 }] })).toBe(true);
    expect(
      passes(pattern, {
        items: [
          { name: 'a', count: 1 },
          { name: 'b', count: 2 },
        ],
      }),
    ).toBe(false);
  });

  test('one of several patterns is enough, and without patterns all pass', () => {
    const filter = messageFilter(['{"body":{"a":[1]}}', '{"body":{"b":[1]}}']);
    expect(['{"a":1}', '{"b":1}', '{"c":1}'].map((Body) => filter({ Body }))).toEqual([true, true, false]);
    expect(messageFilter([])({ Body: 'anything' })).toBe(true);
  });
});

describe('the form of a message’s body and of its pattern', () => {
  test.each([
    ['text, text that matches', ['hello'], 'hello', true],
    ['text, other text', ['hello'], 'good-bye', false],
    ['text, JSON', { a: [1] }, 'hello', false],
    ['text, JSON that would match anything missing', { a: [{ exists: false }] }, 'hello', false],
    ['JSON, text', ['{"a":1}'], '{"a":1}', false],
    ['JSON, JSON', { a: [1] }, ' {"a":1}', true],
    ['what only looks like JSON, text', ['{a'], '{a', true],
    ['what only looks like JSON, JSON', { a: [1] }, '{a', false],
  ])('%s', (_, pattern, body, expected) => {
    expect(ofBody(pattern, body)).toBe(expected);
  });
});

describe('a stream’s records', () => {
  test('data is decoded, and the record’s own fields can be filtered on', () => {
    const filter = recordFilter(['{"partitionKey":["p1"],"data":{"a":[1]}}']);
    expect([filter(record('{"a":1}')), filter(record('{"a":2}')), filter(record('a'))]).toEqual([true, false, false]);
    expect(recordFilter(['{"partitionKey":["p1"]}'])(record('no JSON'))).toBe(true);
    expect(recordFilter(['{"approximateArrivalTimestamp":[1.5]}'])(record('x'))).toBe(true);
  });
});

describe('patterns that are refused', () => {
  const refusal = (pattern: string, source: 'sqs' | 'kinesis' = 'sqs') => {
    try {
      checkFilterPatterns([pattern], source);
      return undefined;
    } catch (error) {
      return error;
    }
  };

  test.each([
    ['null', 'null'],
    ['a text', 'simple string'],
    ['a value that is no list', '{"eventSource":"aws:sqs"}'],
    ['an empty list', '{"eventSource":[]}'],
    ['an empty pattern', '{}'],
    ['an empty part', '{"body":{}}'],
    ['an operator nobody knows', '{"body":{"a":[{"like":"x"}]}}'],
    ['two operators in one', '{"body":{"a":[{"prefix":"x","suffix":"y"}]}}'],
    ['a prefix that is no text', '{"body":{"a":[{"prefix":1}]}}'],
    ['numeric without a number', '{"body":{"a":[{"numeric":[">"]}]}}'],
    ['numeric with an unknown sign', '{"body":{"a":[{"numeric":["!",1]}]}}'],
    ['a range upside down', '{"body":{"a":[{"numeric":[">",5,"<",4]}]}}'],
    ['two lower bounds', '{"body":{"a":[{"numeric":[">",5,">",6]}]}}'],
    ['numbers beyond five billion', '{"body":{"a":[{"numeric":[">",5000000001]}]}}'],
    ['anything-but a mixture', '{"body":{"a":[{"anything-but":["a",1]}]}}'],
    ['an empty $or', '{"body":{"$or":[]}}'],
    ['a list in a list', '{"body":{"a":[["b"]]}}'],
    ['more than 4096 characters', JSON.stringify({ body: { a: ['x'.repeat(4096)] } })],
  ])('%s', (_, pattern) => {
    expect(refusal(pattern)).toMatchObject({
      code: 'InvalidParameterValueException',
      message: 'Invalid filter pattern definition.',
      status: 400,
    });
  });

  test('text as the pattern of a stream’s data', () => {
    expect(refusal('{"data":["text"]}', 'kinesis')).toMatchObject({ message: 'Invalid filter pattern definition.' });
    expect(refusal('{"partitionKey":["text"]}', 'kinesis')).toBeUndefined();
  });

  test.each([
    ['{"body":{"a":[{"wildcard":"*.png"}]}}', 'the operator "wildcard" in filters'],
    ['{"body":{"a":[{"cidr":"10.0.0.0/8"}]}}', 'the operator "cidr" in filters'],
    ['{"body":{"a":[{"anything-but":{"prefix":"x"}}]}}', '"anything-but" with another operator in it'],
    ['{"body":{"a":[{"prefix":{"equals-ignore-case":"x"}}]}}', '"prefix" with another operator in it'],
    ['{"messageId":["m1"]}', 'filtering the messages of a queue on "messageId", which is not "body"'],
  ])('by name: %s', (pattern, what) => {
    expect(refusal(pattern)).toMatchObject({
      code: 'NotImplementedException',
      message: `The Lambda emulator of naetmul does not support ${what}.`,
    });
  });
});
