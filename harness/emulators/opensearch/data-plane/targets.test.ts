import { describe, expect, test } from 'vitest';
import { narrowed } from './narrow.ts';
import { targetsOf } from './targets.ts';

const of = (request: string, body: string | object = '') => {
  const [method = '', path = ''] = request.split(' ');
  return targetsOf(method, path, Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)));
};
const lines = (...values: object[]) => `${values.map((value) => JSON.stringify(value)).join('\n')}\n`;

describe('a request', () => {
  test.each<[string, string | object, string[], string[]]>([
    ['PUT /gasdetect', '{}', ['gasdetect'], ['gasdetect']],
    ['GET /gasdetect', '', ['gasdetect'], []],
    ['DELETE /gasdetect', '', ['gasdetect'], []],
    ['POST /gasdetect/_doc?refresh=true', '{}', ['gasdetect'], ['gasdetect']],
    ['PUT /gas%2Ddetect/_doc/a%2Fb', '{}', ['gas-detect'], ['gas-detect']],
    ['PUT /gasdetect/_create/1', '{}', ['gasdetect'], ['gasdetect']],
    ['POST /gasdetect/_update/1', '{}', ['gasdetect'], ['gasdetect']],
    ['GET /gasdetect/_doc/1', '', ['gasdetect'], []],
    ['POST /a,b,-c,d*/_search', '{}', ['a', 'b'], []],
    ['POST /_search', '{}', [], []],
    ['GET /_all/_mapping', '', [], []],
    ['PUT /gasdetect/_mapping', '{}', ['gasdetect'], []],
    ['POST /old/_clone/new', '', ['old', 'new'], ['new']],
    ['POST /_reindex', { source: { index: ['a', 'b*'] }, dest: { index: 'c' } }, ['a', 'c'], ['c']],
    [
      'POST /_aliases',
      { actions: [{ add: { index: 'a', alias: 'x' } }, { remove: { indices: ['b'] } }] },
      ['a', 'b'],
      [],
    ],
    ['POST /_mget', { docs: [{ _index: 'a', _id: '1' }, { _index: 'b' }] }, ['a', 'b'], []],
    [
      'POST /_msearch',
      lines({ index: 'a' }, { query: { index: 'no' } }, {}, {}, { index: ['b', 'c'] }, {}),
      ['a', 'b', 'c'],
      [],
    ],
    [
      'POST /_bulk',
      lines({ index: { _index: 'a' } }, { _index: 'no' }, { delete: { _index: 'b' } }, { create: { _index: 'c' } }, {}),
      ['a', 'b', 'c'],
      ['a', 'c'],
    ],
    ['POST /p/_bulk', lines({ index: {} }, {}, { index: { _index: 'a' } }, {}), ['p', 'a'], ['a', 'p']],
    ['POST /p/_bulk', lines({ delete: { _id: '1' } }), ['p'], []],
    [
      'POST /_bulk',
      `${lines({ index: { _index: 'a' } }, {})}not json\n${lines({ index: { _index: 'b' } })}`,
      ['a'],
      ['a'],
    ],
    ['POST /_bulk', '{"index":{"_index":"a"}}', ['a'], ['a']],
    ['POST /_bulk', '', [], []],
    ['GET /', '', [], []],
    ['PUT /_template/x', '{"index_patterns":["a*"]}', [], []],
    ['GET /%zz/_doc/1', '', ['%zz'], []],
  ])('%s %j names %j and may make %j', (request, body, named, created) => {
    const targets = of(request.split('?')[0] as string, body);
    expect([...targets.named].sort()).toEqual([...named].sort());
    expect([...targets.created].sort()).toEqual([...created].sort());
  });

  test('of many documents says how many go to which index', () => {
    const body = lines({ index: {} }, { a: 1 }, { index: { _index: 'a' } }, {}, { create: { _index: 'a' } }, {});
    expect([...of('POST /p/_bulk', body).documents]).toEqual([
      ['a', 2],
      ['p', 1],
    ]);
  });
});

describe('what is asked of many indices leaves out those of other domains', () => {
  const foreign = ['gasdetect', 'gas-2', 'logs'];

  test.each([
    ['GET /gas*/_search', '/gas*,-gasdetect,-gas-2/_search'],
    ['GET /_all/_search', '/*,-gasdetect,-gas-2,-logs/_search'],
    ['DELETE /gas-%3F', '/gas-%3F,-gas-2'],
    ['GET /mine,l*/_count', '/mine,l*,-logs/_count'],
    ['GET /_search', '/*,-gasdetect,-gas-2,-logs/_search'],
    ['POST /_validate/query', '/*,-gasdetect,-gas-2,-logs/_validate/query'],
    ['GET /_cat/indices', '/_cat/indices/*,-gasdetect,-gas-2,-logs'],
    ['GET /_aliases', '/*,-gasdetect,-gas-2,-logs/_alias'],
  ])('%s becomes %s', (request, path) => {
    const [method = '', given = ''] = request.split(' ');
    expect(narrowed(method, given, of(request), foreign)).toBe(path);
  });

  test.each([
    'GET /mine/_search',
    'GET /mine*/_search',
    'GET /',
    'GET /_cluster/health',
    'POST /_search/scroll',
    'POST /_bulk',
    'POST /_aliases',
    'PUT /_template/x',
    'GET /_cat/health',
  ])('%s stays as it is', (request) => {
    const [method = '', given = ''] = request.split(' ');
    expect(narrowed(method, given, of(request), foreign)).toBe(given);
  });

  test('and nothing changes where there are none', () => {
    expect(narrowed('GET', '/_all/_search', of('GET /_all/_search'), [])).toBe('/_all/_search');
  });
});
