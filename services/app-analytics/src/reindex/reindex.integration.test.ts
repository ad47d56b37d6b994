/** Indices that were made without their template, made anew in a real OpenSearch. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { nativeOpenSearch } from '../../../../harness/engines/opensearch/index.ts';
import { startEngine } from '../../../../harness/engines/testing.ts';
import { campaignAt } from '../../testing/events.ts';
import { clear, DEFAULT_TEMPLATE, send, store } from '../../testing/search-server.ts';
import { connectOpenSearch, type OpenSearch } from '../opensearch.ts';
import { reindex, wrongIndices } from './reindex.ts';

const START = Date.parse('2020-05-18T05:00:00Z');
const INDEX = 'pinpoint-2020-05-18';
const FRESH = `${INDEX}-reindexed`;

let dataDir: string;
let opensearch: Awaited<ReturnType<typeof startEngine>>;
let openSearch: OpenSearch;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'analytics-reindex-'));
  opensearch = await startEngine(nativeOpenSearch(), dataDir);
});

beforeEach(() => {
  const answerWithinMs = 30_000;
  openSearch = connectOpenSearch({ url: opensearch.endpoint, region: 'r', credentials: undefined, answerWithinMs });
});

afterEach(async () => {
  await openSearch[Symbol.asyncDispose]();
  await clear(opensearch.endpoint);
});

afterAll(async () => {
  await opensearch?.stop();
  await rm(dataDir, { recursive: true, force: true });
});

const run = () => reindex(INDEX, { openSearch, sleep, progress: () => undefined });
const putTemplate = () => send(opensearch.endpoint, 'POST', '/_template/default_template', DEFAULT_TEMPLATE);
const typeIn = async (index: string) => {
  const answer = await send(opensearch.endpoint, 'GET', `/${index}/_mapping/field/arrival_timestamp`);
  return answer[index]?.mappings.arrival_timestamp?.mapping.arrival_timestamp.type;
};
/** Every document by its id, as it was written. */
const documents = async (index: string) => {
  const { hits } = await send(opensearch.endpoint, 'POST', `/${index}/_search`, { size: 10_000, sort: ['_doc'] });
  return new Map(hits.hits.map(({ _id, _source }: { _id: string; _source: unknown }) => [_id, _source]));
};

test('every document comes into an index with a date, under its own id, and the old name leads there', async () => {
  const events = campaignAt(START, 400);
  await store(opensearch.endpoint, events);
  const before = await documents(INDEX);
  expect([await typeIn(INDEX), await wrongIndices(openSearch, 'pinpoint*')]).toEqual(['long', [INDEX]]);
  await putTemplate();
  expect(await run()).toEqual({ alias: INDEX, index: FRESH, documents: events.length });
  expect(await send(opensearch.endpoint, 'GET', `/${INDEX}/_alias`)).toEqual({ [FRESH]: { aliases: { [INDEX]: {} } } });
  expect(await documents(INDEX)).toEqual(before);
  expect([await typeIn(FRESH), await wrongIndices(openSearch, 'pinpoint*')]).toEqual(['date', []]);
  const range = { range: { arrival_timestamp: { gte: 'now-15m' } } };
  const { hits, _shards: shards } = await send(opensearch.endpoint, 'POST', '/pinpoint*/_search', { query: range });
  expect([hits.total.value, shards.failed]).toEqual([0, 0]);
});

test('documents that come later under the old name are taken, and found', async () => {
  await store(opensearch.endpoint, campaignAt(START, 2));
  await putTemplate();
  const { documents: count } = await run();
  const later = campaignAt(START + 3_600_000, 2, 2);
  await store(opensearch.endpoint, later);
  expect((await documents('pinpoint*')).size).toBe(count + later.length);
});

test('numbers stay as they are written, so that 645.0 makes no long', async () => {
  const body = '{"metrics":{"price":645.0},"big":12345678901234567,"arrival_timestamp":1589790125123}';
  await send(
    opensearch.endpoint,
    'POST',
    '/_bulk?refresh=true',
    `{"index":{"_index":"${INDEX}","_id":"1"}}\n${body}\n`,
  );
  await putTemplate();
  await run();
  const answer = await fetch(`${opensearch.endpoint}/${FRESH}/_source/1`);
  expect(await answer.text()).toBe(body);
  const mapping = await send(opensearch.endpoint, 'GET', `/${FRESH}/_mapping`);
  expect(mapping[FRESH].mappings.properties.metrics.properties.price.type).toBe('float');
});

test('without a template nothing is changed', async () => {
  const events = campaignAt(START, 2);
  await store(opensearch.endpoint, events);
  await expect(run()).rejects.toThrow(
    `No index template makes arrival_timestamp of ${FRESH} a date, but nothing: put the template first.`,
  );
  expect(Object.keys(await send(opensearch.endpoint, 'GET', '/pinpoint*'))).toEqual([INDEX]);
});

test('where a document does not fit, the index stays as it was and takes writes again', async () => {
  const wrong = { event_type: 'x', event_timestamp: START, arrival_timestamp: START, day: 'soon' };
  const put = (id: string, event: object) =>
    send(opensearch.endpoint, 'POST', `/${INDEX}/_doc/${id}?refresh=true`, event);
  await put('1', { ...wrong, arrival_timestamp: 'soon' });
  await putTemplate();
  await expect(run()).rejects.toThrow(
    /^Not every document of pinpoint-2020-05-18 fits: mapper_parsing_exception: failed to parse field \[arrival_timestamp\] of type \[date\]/,
  );
  expect(Object.keys(await send(opensearch.endpoint, 'GET', '/pinpoint*'))).toEqual([INDEX]);
  await put('2', wrong);
  expect((await documents(INDEX)).size).toBe(2);
});

test('what a killed run has left over is in nobody’s way', async () => {
  const events = campaignAt(START, 2);
  await store(opensearch.endpoint, events);
  await send(opensearch.endpoint, 'PUT', `/${INDEX}/_settings`, { 'index.blocks.write': true });
  await send(opensearch.endpoint, 'POST', `/${FRESH}/_doc?refresh=true`, { half: 'done' });
  await putTemplate();
  expect(await run()).toMatchObject({ documents: events.length });
  expect((await documents(INDEX)).size).toBe(events.length);
});

test('an index that has a date, an alias and a name that is not there are refused', async () => {
  await expect(run()).rejects.toThrow(
    `There is no index ${INDEX} with the field arrival_timestamp; an alias is not one.`,
  );
  await store(opensearch.endpoint, campaignAt(START, 1));
  await putTemplate();
  await run();
  await expect(run()).rejects.toThrow('an alias is not one.');
  const again = reindex(FRESH, { openSearch, sleep, progress: () => undefined });
  await expect(again).rejects.toThrow(`In ${FRESH}, arrival_timestamp is a date already.`);
});
