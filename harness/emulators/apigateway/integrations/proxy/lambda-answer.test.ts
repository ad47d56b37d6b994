import { describe, expect, test } from 'vitest';
import { readProxyAnswer } from './lambda-answer.ts';

const read = (answer: unknown, acceptsBinary = false) => readProxyAnswer(JSON.stringify(answer), acceptsBinary);
const JSON_TYPE = { 'Content-Type': 'application/json' };

describe('an answer may leave out', () => {
  test.each([
    [{}, { status: 200, headers: JSON_TYPE, body: '' }],
    [{ statusCode: 200 }, { status: 200, headers: JSON_TYPE, body: '' }],
    [{ headers: { a: 'b' } }, { status: 200, headers: { a: 'b', ...JSON_TYPE }, body: '' }],
    [
      { statusCode: null, headers: null, multiValueHeaders: null, body: null, isBase64Encoded: null },
      { status: 200, headers: JSON_TYPE, body: '' },
    ],
    [
      { statusCode: '201', body: 'x' },
      { status: 201, headers: JSON_TYPE, body: 'x' },
    ],
    [
      { body: '냇물', headers: { 'content-type': 'text/plain' } },
      {
        status: 200,
        headers: { 'content-type': 'text/plain' },
        body: '냇물',
      },
    ],
  ])('what it has no use for: %j', (answer, expected) => {
    expect(read(answer)).toEqual(expected);
  });
});

describe('an answer is malformed', () => {
  test.each([
    [{ statusCode: 200, wrongValue: 'value' }],
    [{ statusCode: 'test' }],
    [{ statusCode: '' }],
    [{ statusCode: 20.5 }],
    [{ statusCode: 99 }],
    [{ statusCode: 600 }],
    [{ statusCode: [200] }],
    ['justAString'],
    [null],
    [[]],
    [200],
    [{ body: { a: 1 } }],
    [{ body: 7 }],
    [{ isBase64Encoded: 'true' }],
    [{ headers: [] }],
    [{ headers: 'a' }],
    [{ headers: { a: 1 } }],
    [{ headers: { a: null } }],
    [{ headers: { 'a b': 'c' } }],
    [{ multiValueHeaders: { 'test-multi-invalid': 'value1' } }],
    [{ multiValueHeaders: { a: [1] } }],
    [{ multiValueHeaders: [] }],
  ])('such as %j', (answer) => {
    expect(read(answer)).toBeUndefined();
  });

  test.each(['', 'no json', '{"statusCode": 200', 'undefined'])('such as %j, which is no JSON', (payload) => {
    expect(readProxyAnswer(payload, false)).toBeUndefined();
  });
});

describe('headers', () => {
  test.each([
    [{ headers: { a: 'value', flag: true, no: false } }, { a: 'value', flag: 'true', no: 'false' }],
    [{ multiValueHeaders: { 'test-multi': ['value1', 'value2'] } }, { 'test-multi': ['value1', 'value2'] }],
    [
      { multiValueHeaders: { 'tesT-Multi': ['value-multi'] }, headers: { 'test-multi': 'value-solo' } },
      { 'tesT-Multi': ['value-multi', 'value-solo'] },
    ],
    [{ multiValueHeaders: { a: ['same'] }, headers: { A: 'same' } }, { a: 'same' }],
    [{ multiValueHeaders: { a: [] } }, {}],
    [
      { headers: { 'WWW-Authenticate': 'Basic', Date: 'now', 'Transfer-Encoding': 'chunked' } },
      { 'x-amzn-Remapped-WWW-Authenticate': 'Basic', 'x-amzn-Remapped-Date': 'now' },
    ],
  ])('of %j are merged, named and renamed as on AWS', (answer, headers) => {
    expect(read(answer)?.headers).toEqual({ ...headers, ...JSON_TYPE });
  });

  test('carry no line break on, and other letters as UTF-8', () => {
    const headers = read({ headers: { a: 'b\r\nSet-Cookie: c', k: '냇' } })?.headers;
    expect(headers).toEqual({ a: 'b  Set-Cookie: c', k: Buffer.from('냇').toString('latin1'), ...JSON_TYPE });
  });
});

describe('a body in base64', () => {
  const answer = { body: Buffer.from([0, 255]).toString('base64'), isBase64Encoded: true };

  test('is decoded for whoever accepts a binary type', () => {
    expect(read(answer, true)?.body).toEqual(Buffer.from([0, 255]));
    expect(read({ ...answer, isBase64Encoded: false }, true)?.body).toBe(answer.body);
    expect(read({ isBase64Encoded: true }, true)?.body).toEqual(Buffer.alloc(0));
  });

  test('stays as it is for others', () => {
    expect(read(answer)?.body).toBe(answer.body);
  });

  test('that is none is a configuration error', () => {
    expect(() => read({ body: 'no base64', isBase64Encoded: true }, true)).toThrow(
      expect.objectContaining({ status: 500, logged: 'configuration error: Unable to base64 decode the body.' }),
    );
  });
});
