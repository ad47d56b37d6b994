/** What the modules add to a real OpenSearch. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { RunningEngine } from '../engine.ts';
import { ask } from '../http.ts';
import { startEngine } from '../testing.ts';
import { nativeOpenSearch } from './index.ts';

let dataDir: string;
let openSearch: RunningEngine;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'opensearch-modules-'));
  openSearch = await startEngine(nativeOpenSearch(), dataDir);
});

beforeEach(async () => {
  await call('DELETE', '/brook,river');
  const documents = [1, 2, 3].map((depth) => `{"index":{"_id":"${depth}"}}\n{"depth":${depth}}\n`);
  await call('POST', '/brook/_bulk?refresh=true', documents.join(''));
});

afterAll(async () => {
  await openSearch?.stop();
  await rm(dataDir, { recursive: true, force: true });
});

async function call(method: string, path: string, body?: object | string) {
  const answer = await ask(`${openSearch.endpoint}${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: answer.status, json: JSON.parse(answer.body) };
}

const sources = async (index: string) => {
  const { json } = await call('POST', `/${index}/_search`, { sort: ['depth'] });
  return json.hits.hits.map(({ _source }: { _source: object }) => _source);
};

test('the server says which modules it has', async () => {
  const { json } = await call('GET', '/_nodes/plugins?filter_path=**.modules.name');
  const [{ modules }] = Object.values(json.nodes) as [{ modules: { name: string }[] }];
  expect(modules.map(({ name }) => name).sort()).toEqual([
    'ingest-common',
    'lang-mustache',
    'reindex',
    'transport-netty4',
  ]);
});

test('_reindex copies what a query finds, through a pipeline with a template and a pattern', async () => {
  const processors = [
    { set: { field: 'label', value: '{{_index}} is {{depth}} m deep' } },
    { grok: { field: 'label', patterns: ['%{WORD:from} is %{NUMBER:metres:int} m'] } },
    { remove: { field: 'label' } },
  ];
  expect((await call('PUT', '/_ingest/pipeline/measure', { processors })).status).toBe(200);
  const { status, json } = await call('POST', '/_reindex?refresh=true', {
    source: { index: 'brook', query: { range: { depth: { gte: 2 } } } },
    dest: { index: 'river', pipeline: 'measure' },
  });
  expect([status, json.created, json.failures]).toEqual([200, 2, []]);
  expect(await sources('river')).toEqual([
    { depth: 2, from: 'river', metres: 2 },
    { depth: 3, from: 'river', metres: 3 },
  ]);
});

test('_update_by_query and _delete_by_query change what a query finds', async () => {
  expect(
    (await call('PUT', '/_ingest/pipeline/mark', { processors: [{ set: { field: 'seen', value: true } }] })).status,
  ).toBe(200);
  const shallow = { query: { term: { depth: 1 } } };
  const updated = await call('POST', '/brook/_update_by_query?refresh=true&pipeline=mark', shallow);
  expect([updated.status, updated.json.updated]).toEqual([200, 1]);
  const deleted = await call('POST', '/brook/_delete_by_query?refresh=true', { query: { term: { depth: 2 } } });
  expect([deleted.status, deleted.json.deleted]).toEqual([200, 1]);
  expect(await sources('brook')).toEqual([{ depth: 1, seen: true }, { depth: 3 }]);
});

test('a search template is filled in', async () => {
  const source = '{"query":{"term":{"depth":"{{depth}}"}}}';
  const { status, json } = await call('POST', '/brook/_search/template', { source, params: { depth: 3 } });
  expect([status, json.hits.total.value]).toEqual([200, 1]);
});

test('a script in Painless is refused by name', async () => {
  const { status, json } = await call('POST', '/brook/_update/1', { script: 'ctx._source.depth++' });
  expect(status).toBe(400);
  expect(json.error.caused_by).toEqual({
    type: 'illegal_argument_exception',
    reason: 'script_lang not supported [painless]',
  });
});
