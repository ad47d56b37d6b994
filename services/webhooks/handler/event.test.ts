import { describe, expect, test } from 'vitest';
import { readEvent } from './event.ts';

const read = (body: string, contentType?: string) => readEvent(Buffer.from(body), contentType);

describe('JSON', () => {
  test.each(['application/json', 'Application/JSON; charset=utf-8', undefined])('sent as %j stays as it is', (type) => {
    expect(read(' {"id":12345678901234567890,\n"a":1.10} ', type)).toBe(' {"id":12345678901234567890,\n"a":1.10} ');
  });

  test('may begin with a byte order mark', () => {
    expect(read('\ufeff{"a":1}')).toBe('{"a":1}');
  });

  test.each([
    ['', 'The body is not JSON.'],
    ['{"a":', 'The body is not JSON.'],
    ["{'a':1}", 'The body is not JSON.'],
    ['a=1', 'The body is not JSON.'],
    ['{}', 'The body must be a JSON object, not empty.'],
    ['[{"a":1}]', 'The body must be a JSON object, not empty.'],
    ['"a"', 'The body must be a JSON object, not empty.'],
    ['null', 'The body must be a JSON object, not empty.'],
  ])('%j is refused', (body, message) => {
    expect(() => read(body)).toThrow(expect.objectContaining({ status: 400, message }));
  });
});

describe('a form', () => {
  const FORM = 'application/x-www-form-urlencoded';

  test('becomes an object of its fields', () => {
    expect(read('a=1&b=&a=2&__proto__=x', FORM)).toBe('{"a":["1","2"],"b":"","__proto__":"x"}');
  });

  test.each([
    `${FORM};charset=euc-kr`,
    `${FORM}; boundary=x; Charset="EUC-KR"`,
  ])('is read by its charset: %s', (type) => {
    expect(read('a=%C2%B1', type)).toBe('{"a":"짹"}');
  });

  test.each(['', '&', '&&'])('%j is refused', (body) => {
    expect(() => read(body, FORM)).toThrow(
      expect.objectContaining({ status: 400, message: 'The form has no fields.' }),
    );
  });
});

test.each([
  'text/plain',
  'multipart/form-data; boundary=x',
  'application/jsonx',
  '',
])('%j is no content type for an event', (type) => {
  expect(() => read('{"a":1}', type)).toThrow(
    expect.objectContaining({ status: 415, message: 'Unsupported Media Type' }),
  );
});
