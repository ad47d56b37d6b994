import { expect, test } from 'vitest';
import { chooseRequestTemplate } from '../integrations/custom/request-template.ts';
import { chooseResponseTemplate, compilePattern, selectResponse } from '../integrations/custom/response-selection.ts';
import { commonLogTime } from './context-variables.ts';
import { mask, truncate } from './execution-log.ts';
import { mediaType, readQuery } from './request.ts';
import { Router } from './router.ts';
import { compileFormat } from './variables-format.ts';

// Routing

const router = new Router<string>();
for (const path of ['/', '/pets', '/pets/{id}', '/pets/mine', '/pets/{id}/toys', '/{proxy+}', '/files/{path+}'])
  router.add(path, 'GET', path);
router.add('/pets', 'POST', 'POST /pets');
router.add('/files/{path+}', 'ANY', 'ANY /files');

test.each([
  ['GET', '/', '/', {}],
  ['GET', '/pets', '/pets', {}],
  ['GET', '/pets/', '/pets', {}],
  ['POST', '/pets', 'POST /pets', {}],
  ['GET', '/pets/7', '/pets/{id}', { id: '7' }],
  ['GET', '/pets/mine', '/pets/mine', {}],
  ['GET', '/pets/7/toys', '/pets/{id}/toys', { id: '7' }],
  ['GET', '/pets/mine/toys', '/pets/{id}/toys', { id: 'mine' }],
  ['GET', '/pets/7/other', '/{proxy+}', { proxy: 'pets/7/other' }],
  ['GET', '/a%20b/c', '/{proxy+}', { proxy: 'a%20b/c' }],
  ['DELETE', '/files/a/b', 'ANY /files', { path: 'a/b' }],
  ['GET', '/files/a', '/files/{path+}', { path: 'a' }],
])('%s %s goes to %s', (httpMethod, path, target, pathParameters) => {
  expect(router.match(path, httpMethod)).toEqual({ target, pathParameters });
});

test.each([
  ['DELETE', '/pets'],
  ['POST', '/nowhere'],
  ['GET', '/files'],
])('%s %s goes nowhere when no resource has the method', (httpMethod, path) => {
  const small = new Router<string>();
  small.add('/pets', 'POST', 'pets');
  small.add('/files/{path+}', 'GET', 'files');
  expect(small.match(path, httpMethod)).toBeUndefined();
});

// Request template and passthrough: the table of the developer guide, "Integration passthrough behaviors"

const none = new Map<string, string>();
const some = new Map([['application/json', 'template']]);

test.each([
  ['WHEN_NO_MATCH', some, 'application/json', 'template'],
  ['WHEN_NO_MATCH', some, 'text/plain', undefined],
  ['WHEN_NO_MATCH', none, 'text/plain', undefined],
  ['WHEN_NO_TEMPLATES', some, 'application/json', 'template'],
  ['WHEN_NO_TEMPLATES', some, 'text/plain', 415],
  ['WHEN_NO_TEMPLATES', none, 'text/plain', undefined],
  ['NEVER', some, 'application/json', 'template'],
  ['NEVER', some, 'text/plain', 415],
  ['NEVER', none, 'text/plain', 415],
  ['NEVER', some, undefined, 'template'],
  ['NEVER', some, 'application/json; charset=UTF-8', 'template'],
  ['NEVER', new Map([['$default', 'default']]), 'text/plain', 'default'],
] as const)('%s with templates %o and content type %s: %s', (passthrough, templates, contentType, expected) => {
  const choose = () => chooseRequestTemplate(templates, passthrough, contentType);
  if (expected === 415)
    expect(choose).toThrow(expect.objectContaining({ status: 415, message: 'Unsupported Media Type' }));
  else expect(choose()).toBe(expected);
});

// Integration response

const choice = (statusCode: string, selectionPattern?: string) => ({
  response: { statusCode, selectionPattern },
  pattern: compilePattern(selectionPattern),
});
const CHOICES = [choice('200'), choice('400', '4\\d{2}'), choice('401', '40.'), choice('502', '(?i).*TIMED out.*')];

test.each([
  ['200', 200, '200'],
  ['400', 400, '400'],
  ['4000', 400, '200'],
  ['Task timed out after 3 seconds', 200, '502'],
  [undefined, 200, '200'],
])('the value %s selects the first pattern that matches it whole, or the default', (value, status, expected) => {
  expect(selectResponse(CHOICES, value, status).response.statusCode).toBe(expected);
});

test('without a match and without a default the configuration is wrong', () => {
  expect(() => selectResponse([choice('400', '4..')], '500', 500)).toThrow(
    expect.objectContaining({
      status: 500,
      message: 'Internal server error',
      logged:
        'configuration error: No match for output mapping and no default output mapping configured. ' +
        'Endpoint Response Status Code: 500',
    }),
  );
});

test.each([
  ['text/html', 'text/html'],
  ['*/*', 'application/json'],
  [undefined, 'application/json'],
])('for Accept %s the template of %s is taken', (accept, type) => {
  const templates = new Map([
    ['text/html', 'h'],
    ['application/json', 'j'],
  ]);
  expect(chooseResponseTemplate(templates, accept)?.type).toBe(type);
});

test('without a template for the type or for JSON the first is taken', () => {
  expect(chooseResponseTemplate(new Map([['text/csv', 'c']]), 'text/html')?.type).toBe('text/csv');
  expect(chooseResponseTemplate(new Map(), 'text/html')).toBeUndefined();
});

// Small things

test('a query is decoded as a form is, the last of repeated values counts', () => {
  const query = readQuery('a=1&a=2&b=x+y%20%EB%83%87&flag&bad=%zz&=v');
  expect([...query.lasts()]).toEqual([
    ['a', '2'],
    ['b', 'x y 냇'],
    ['flag', ''],
    ['bad', '%zz'],
    ['', 'v'],
  ]);
  expect(query.all('a')).toEqual(['1', '2']);
});

test('a media type is without its parameters', () => {
  expect(mediaType('text/plain ; charset=UTF-8')).toBe('text/plain');
});

test('the request time is in the common log format', () => {
  expect(commonLogTime(Date.parse('2022-01-27T05:48:25Z'))).toBe('27/Jan/2022:05:48:25 +0000');
});

test('an event is cut after 1,024 bytes, never inside a character', () => {
  expect(truncate('a'.repeat(1024))).toBe('a'.repeat(1024));
  expect(truncate('a'.repeat(1025))).toBe(`${'a'.repeat(1024)} [TRUNCATED]`);
  expect(truncate('냇'.repeat(400))).toBe(`${'냇'.repeat(341)} [TRUNCATED]`);
});

test('a secret shows its last six characters', () => {
  expect(mask('AWS4-HMAC-abcdef')).toBe('**********abcdef');
  expect(mask('short')).toBe('short');
});

test('a format replaces variables and nothing else', () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: Velocity's braces.
  const format = compileFormat('$context.identity.sourceIp [${context.requestId}] #set($x = 1) $x $context');
  expect(format((name) => `<${name}>`)).toBe(
    '<context.identity.sourceIp> [<context.requestId>] #set($x = 1) $x $context',
  );
});
