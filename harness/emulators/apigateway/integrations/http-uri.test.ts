import { expect, test } from 'vitest';
import { checkUri, readAddress } from './http-uri.ts';
import { fillVariables, queryString } from './uri-variables.ts';

test.each([
  ['http://backend:3000/pets', { secure: false, hostname: 'backend', port: 3000, path: '/pets' }],
  ['https://backend', { secure: true, hostname: 'backend', port: 443, path: '/' }],
  ['http://backend?a=b', { secure: false, hostname: 'backend', port: 80, path: '/?a=b' }],
  ['http://[::1]:8080/a#b', { secure: false, hostname: '::1', port: 8080, path: '/a' }],
  ['http://backend/a/../b%20c', { secure: false, hostname: 'backend', port: 80, path: '/a/../b%20c' }],
  ['http://backend/냇물', { secure: false, hostname: 'backend', port: 80, path: '/%EB%83%87%EB%AC%BC' }],
])('%s is asked for as it stands', (uri, address) => {
  expect(readAddress(uri)).toEqual(address);
});

test.each(['ftp://x', 'http://', 'http://a:b:c/', 'http://a:99999/'])('%s is no address', (uri) => {
  expect(() => readAddress(uri)).toThrow(
    expect.objectContaining({ status: 500, logged: 'configuration error: Invalid endpoint address' }),
  );
});

test.each([
  ['http://backend/{proxy}', 'path at index 15'],
  ['http://{host}/', 'authority at index 7'],
  ['http://backend?a={b}', 'query at index 17'],
  ['http://backend/a b', 'path at index 16'],
])('%s has a character that no address may have', (uri, place) => {
  expect(() => checkUri(uri)).toThrow(
    expect.objectContaining({
      type: 'API_CONFIGURATION_ERROR',
      logged: `configuration error: Illegal character in ${place}: ${uri}`,
    }),
  );
});

test('variables are filled in, an unknown stage variable with nothing', () => {
  const stage = new Map([['host', 'backend:3000']]);
  const path = new Map([['proxy', 'pets/7']]);
  const uri = 'http://$'.concat('{stageVariables.host}$', '{stageVariables.none}/{proxy}/{other}');
  expect(fillVariables(uri, stage, path)).toBe('http://backend:3000/pets/7/{other}');
});

test('a query is encoded, also what is only half a character', () => {
  expect(queryString([['a b', '냇&=']], false)).toBe('?a%20b=%EB%83%87%26%3D');
  expect(queryString([['a', '\ud800']], true)).toBe('&a=%EF%BF%BD');
  expect(queryString([], false)).toBe('');
});
