/** The view's questions, asked of a real OpenSearch. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { nativeOpenSearch } from '../../../../harness/engines/opensearch/index.ts';
import { startEngine } from '../../../../harness/engines/testing.ts';
import { campaignAt, type PinpointEvent, sessionsBetween } from '../../testing/events.ts';
import { clear, DEFAULT_TEMPLATE, indexOf, send, store } from '../../testing/search-server.ts';
import type { Counts, Events, Failure, Indices, WholeEvent } from '../shared/api.ts';
import { readConfig } from './config.ts';
import { startServer } from './server.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const START = Date.parse('2020-05-18T05:00:00Z');

let dataDir: string;
let opensearch: Awaited<ReturnType<typeof startEngine>>;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'analytics-view-'));
  opensearch = await startEngine(nativeOpenSearch(), dataDir);
});

beforeEach(() => putTemplate());

afterEach(() => clear(opensearch.endpoint));

afterAll(async () => {
  await opensearch?.stop();
  await rm(dataDir, { recursive: true, force: true });
});

const putTemplate = () => send(opensearch.endpoint, 'POST', '/_template/default_template', DEFAULT_TEMPLATE);
const removeTemplate = () => send(opensearch.endpoint, 'DELETE', '/_template/default_template');

async function view(endpoint = opensearch.endpoint) {
  const config = readConfig({ OPENSEARCH_ENDPOINT: endpoint, PORT: '0' });
  const server = await startServer(config, import.meta.dirname, () => undefined);
  onTestFinished(() => server.close());
  const ask = async (path: string) => {
    const answer = await fetch(`http://127.0.0.1:${server.port}/api/${path}`);
    return { status: answer.status, headers: answer.headers, body: await answer.json() };
  };
  const get = async <T>(path: string): Promise<T> => {
    const { status, body } = await ask(path);
    if (status !== 200) throw new Error(`${path}: ${status} ${JSON.stringify(body)}`);
    return body as T;
  };
  return { ask, get };
}

const arrivalOf = ({ arrival_timestamp: arrival }: PinpointEvent) => arrival;
const countOf = (events: readonly PinpointEvent[], type: string) =>
  events.filter(({ event_type: own }) => own === type).length;

describe('two days with a campaign', () => {
  const events = [...campaignAt(START, 500), ...sessionsBetween(START - 6 * HOUR, START + 30 * HOUR, 400)];

  beforeEach(() => store(opensearch.endpoint, events));

  test('are two indices with a date, and the next one will have it too', async () => {
    const { get } = await view();
    const { indices, verdict, probe, pattern, next, now } = await get<Indices>('indices');
    expect([verdict, probe, pattern]).toEqual(['date', undefined, 'pinpoint*']);
    const byDay = Map.groupBy(events, (event) => indexOf(arrivalOf(event)));
    expect(indices.map(({ name, documents, type, isUsable }) => [name, documents, type, isUsable])).toEqual(
      [...byDay]
        .sort()
        .reverse()
        .map(([name, ofDay]) => [name, ofDay.length, 'date', true]),
    );
    expect(indices.every(({ bytes }) => bytes > 0)).toBe(true);
    const today = `pinpoint-${new Date(now).toISOString().slice(0, 10)}`;
    expect(next).toEqual({ name: today, template: 'default_template', type: 'date' });
  });

  test('are told by how many lie in the range, before and after it, the newest first', async () => {
    const { get } = await view();
    const [from, to] = [START, START + 15 * MINUTE];
    const answer = await get<Events>(`events?from=${from}&to=${to}&size=500`);
    const inside = events.filter((event) => arrivalOf(event) >= from && arrivalOf(event) < to);
    expect(answer).toMatchObject({
      total: inside.length,
      before: events.filter((event) => arrivalOf(event) < from).length,
      after: events.filter((event) => arrivalOf(event) >= to).length,
      untimed: 0,
      oldest: Math.min(...events.map(arrivalOf)),
      newest: Math.max(...events.map(arrivalOf)),
    });
    const newest = inside.map(arrivalOf).sort((a, b) => b - a);
    expect(answer.events.map(({ arrival }) => arrival)).toEqual(newest.slice(0, 500));
  });

  test('lie outside the last 15 minutes, and that is said', async () => {
    const { get } = await view();
    const answer = await get<Events>('events');
    expect(answer.to - answer.from).toBe(15 * MINUTE);
    expect(answer).toMatchObject({ total: 0, before: events.length, after: 0, events: [] });
  });

  test('can be narrowed to one type', async () => {
    const { get } = await view();
    const answer = await get<Events>(`events?from=${START - DAY}&to=${START + 3 * DAY}&type=_email.click&size=500`);
    const count = countOf(events, '_email.click');
    expect([answer.total, answer.before, answer.after, answer.events.length]).toEqual([count, 0, 0, count]);
    expect(new Set(answer.events.map(({ type }) => type))).toEqual(new Set(['_email.click']));
  });

  test('are counted by type over time, every one of them once', async () => {
    const { get } = await view();
    const answer = await get<Counts>(`counts?from=${START}&to=${START + HOUR}`);
    const inside = events.filter((event) => arrivalOf(event) >= START && arrivalOf(event) < START + HOUR);
    expect([answer.interval, answer.times.length, answer.total]).toEqual([30_000, 120, inside.length]);
    expect(answer.types).toHaveLength(7);
    for (const { type, count, counts } of answer.types) {
      expect([type, count]).toEqual([type, countOf(inside, type)]);
      const expected = answer.times.map((time) => {
        const isIn = (event: PinpointEvent) => arrivalOf(event) >= time && arrivalOf(event) < time + answer.interval;
        return countOf(inside.filter(isIn), type);
      });
      expect(counts).toEqual(expected);
    }
    const named = answer.types.reduce((sum, { count }) => sum + count, 0);
    expect(answer.others?.count).toBe(inside.length - named);
    expect(answer.others?.counts.reduce((sum, count) => sum + count, 0)).toBe(answer.others?.count);
  });

  test('can be looked at one by one, and nothing else can', async () => {
    await send(opensearch.endpoint, 'POST', '/secret/_doc/1?refresh=true', { a: 1 });
    onTestFinished(() => send(opensearch.endpoint, 'DELETE', '/secret'));
    const { get, ask } = await view();
    const [newest] = (await get<Events>(`events?from=0&size=1`)).events;
    const whole = await get<WholeEvent>(
      `event?${new URLSearchParams({ index: newest?.index ?? '', id: newest?.id ?? '' })}`,
    );
    expect(events).toContainEqual(whole.source);
    for (const path of ['event?index=secret&id=1', 'event?index=pinpoint-2020-05-18&id=none']) {
      expect(await ask(path)).toMatchObject({ status: 404, body: { error: { code: 'not-found' } } });
    }
  });
});

test('without a template the field is long: the warning has OpenSearch’s own error, and all else still works', async () => {
  await removeTemplate();
  const events = campaignAt(Date.now() - 10 * MINUTE, 20).filter((event) => arrivalOf(event) < Date.now());
  await store(opensearch.endpoint, events);
  const { get } = await view();
  const { verdict, indices, probe, next } = await get<Indices>('indices');
  expect([verdict, indices[0]?.type]).toEqual(['wrong', 'long']);
  expect(probe).toEqual({
    query: '{"query":{"range":{"arrival_timestamp":{"gte":"now-15m"}}}}',
    status: 400,
    error: 'query_shard_exception: failed to create query: For input string: "now-15m"',
    failed: 1,
    shards: 1,
  });
  expect([next.template, next.type]).toEqual([undefined, undefined]);
  expect(await get<Events>('events')).toMatchObject({ total: events.length, before: 0, after: 0 });
  expect((await get<Counts>('counts')).total).toBe(events.length);
});

test('types that differ from day to day are a conflict, and events of both days stand in one list', async () => {
  await removeTemplate();
  const first = campaignAt(START, 3);
  await store(opensearch.endpoint, first);
  await putTemplate();
  const second = campaignAt(START + DAY, 3, 2);
  await store(opensearch.endpoint, second);
  const { get } = await view();
  const { verdict, probe, indices } = await get<Indices>('indices');
  expect([verdict, indices.map(({ type }) => type)]).toEqual(['conflict', ['date', 'long']]);
  expect(probe).toMatchObject({ status: 200, failed: 1, shards: 2 });
  const range = `from=${START - HOUR}&to=${START + 2 * DAY}`;
  const { total, events } = await get<Events>(`events?${range}`);
  expect(total).toBe(first.length + second.length);
  expect(events.map(({ arrival }) => arrival)).toEqual([...first, ...second].map(arrivalOf).sort((a, b) => b - a));
  expect((await get<Counts>(`counts?${range}`)).total).toBe(total);
});

test('an index whose time cannot be sorted by is named and left out', async () => {
  await removeTemplate();
  const good = campaignAt(START, 2);
  await store(opensearch.endpoint, good);
  await send(opensearch.endpoint, 'POST', '/pinpoint-odd/_doc?refresh=true', { arrival_timestamp: 'soon' });
  const { get } = await view();
  const { indices } = await get<Indices>('indices');
  expect(indices.map(({ name, type, isUsable }) => [name, type, isUsable])).toEqual([
    ['pinpoint-odd', 'text', false],
    ['pinpoint-2020-05-18', 'long', true],
  ]);
  expect(await get<Events>('events?from=0')).toMatchObject({ total: good.length, untimed: 0 });
});

test('events without a time, or without a type, are counted as such', async () => {
  await store(opensearch.endpoint, campaignAt(START, 1));
  for (const event of [{ event_type: '_email.open' }, { arrival_timestamp: START, note: 'no type' }]) {
    await send(opensearch.endpoint, 'POST', '/pinpoint-2020-05-18/_doc?refresh=true', event);
  }
  const { get } = await view();
  const range = `from=${START - HOUR}&to=${START + DAY}`;
  expect(await get<Events>(`events?${range}`)).toMatchObject({ untimed: 1, before: 0, after: 0 });
  expect((await get<Counts>(`counts?${range}`)).others?.count).toBe(1);
});

test('before the first event there is nothing, and that is no error', async () => {
  const { get } = await view();
  expect(await get<Indices>('indices')).toMatchObject({ indices: [], verdict: 'empty', next: { type: 'date' } });
  expect(await get<Events>('events')).toMatchObject({ total: 0, before: 0, after: 0, untimed: 0, events: [] });
  expect(await get<Counts>('counts')).toMatchObject({ total: 0, types: [] });
});

test('a composable template is seen, which makes OpenSearch forget the workshop’s', async () => {
  const body = {
    index_patterns: ['pin*'],
    template: { mappings: { properties: { event_type: { type: 'keyword' } } } },
  };
  await send(opensearch.endpoint, 'PUT', '/_index_template/greedy', body);
  onTestFinished(() => send(opensearch.endpoint, 'DELETE', '/_index_template/greedy'));
  const { get } = await view();
  expect((await get<Indices>('indices')).next.type).toBeUndefined();
  const events = campaignAt(START, 2);
  await store(opensearch.endpoint, events);
  expect((await get<Indices>('indices')).verdict).toBe('wrong');
  // A keyword has no field beside it for the whole.
  const { types } = await get<Counts>(`counts?from=${START - HOUR}&to=${START + DAY}`);
  expect(types).toContainEqual(expect.objectContaining({ type: '_campaign.send', count: 2 }));
});

test('while OpenSearch is away every question is answered with 503', async () => {
  const { ask } = await view('http://127.0.0.1:9');
  const error = { code: 'search-away', message: 'OpenSearch does not answer.' };
  for (const path of ['indices', 'events', 'counts', 'event?index=pinpoint-2020-05-18&id=1']) {
    const { status, body, headers } = await ask(path);
    expect([path, status, body, headers.get('retry-after')]).toEqual([path, 503, { error }, '5']);
  }
});

test('what is not understood is said', async () => {
  const { ask } = await view();
  const messageOf = async (path: string) => ((await ask(path)).body as Failure).error.message;
  expect(await messageOf('events?last=soon')).toBe('last must be a number of seconds, more than 0, not "soon".');
  expect(await messageOf('events?size=501')).toBe('size must be a number from 0 to 500.');
  expect(await messageOf('events?type=a&type=b')).toBe('type must be one text.');
  expect(await messageOf('event?index=pinpoint')).toBe('Give index and id.');
  expect(await messageOf('nothing')).toBe('There is nothing at GET /api/nothing.');
});
