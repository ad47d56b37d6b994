import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { createEngines, engineContext, openRun, type RunningEngine } from '../../../../harness/engines/index.ts';
import type { Failure, Latest, SeriesAnswer, Warnings } from '../shared/api.ts';
import { NO2_WARNING, SENSORS } from '../shared/sensors.ts';
import { readingAt, readingsOf } from '../testing/readings.ts';
import { numbersOf, putTemplate, store } from '../testing/search-server.ts';
import { readConfig } from './config.ts';
import { startServer } from './server.ts';

const DETECTORS = ['1', '2', '3', '4', '10'];
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let run: ReturnType<typeof openRun>;
let opensearch: RunningEngine;

beforeAll(async () => {
  run = openRun();
  const engine = createEngines({ stack: 'native' }).find(({ name }) => name === 'opensearch');
  if (engine === undefined) throw new Error('there is no engine named opensearch');
  const { signal } = new AbortController();
  opensearch = await engine.start(
    engineContext('opensearch', run, { offline: false, signal, progress: () => undefined }),
  );
  await putTemplate(opensearch.endpoint, 'gas*');
});

afterAll(async () => {
  await opensearch?.stop();
  run?.close();
});

/** The server over an index of its own. */
async function site(index: string, endpoint = opensearch.endpoint) {
  const config = readConfig({ OPENSEARCH_ENDPOINT: endpoint, OPENSEARCH_INDEX: index, PORT: '0' });
  const server = await startServer(config, import.meta.dirname, () => undefined);
  onTestFinished(() => server.close());
  const ask = async (path: string) => {
    const answer = await fetch(`http://127.0.0.1:${server.port}${path}`);
    return { status: answer.status, headers: answer.headers, body: await answer.json() };
  };
  return {
    ask,
    get: async <T>(path: string): Promise<T> => {
      const { status, body } = await ask(path);
      if (status !== 200) throw new Error(`${path}: ${status} ${JSON.stringify(body)}`);
      return body as T;
    },
  };
}

describe('a day of five detectors', () => {
  const to = Math.floor(Date.now() / HOUR) * HOUR;
  const readings = readingsOf(DETECTORS, to - 24 * HOUR, to, MINUTE);
  const query = `from=${to - 24 * HOUR}&to=${to}`;

  beforeAll(() => store(opensearch.endpoint, 'gas-day', readings));

  test('is told in averages that equal those of the readings', async () => {
    const { get } = await site('gas-day');
    const answer = await get<SeriesAnswer>(`/api/series?${query}`);
    expect(answer).toMatchObject({ from: to - 24 * HOUR, to, interval: 5 * MINUTE, hasMore: false });
    expect(answer.detectors.map(({ groupid, count }) => [groupid, count])).toEqual(
      DETECTORS.map((groupid) => [groupid, 1_440]),
    );
    for (const { groupid, sensors } of answer.detectors) {
      for (const sensor of SENSORS) {
        const { whole, time, avg, min, max } = sensors[sensor];
        const expected = numbersOf(readings, groupid, sensor);
        expect(whole).toEqual({ ...expected, avg: expect.closeTo(expected.avg, 6) });
        expect([time.length, avg.length, min.length, max.length]).toEqual([288, 288, 288, 288]);
        const inFirst = readings.filter(({ date }) => Date.parse(date) < to - 24 * HOUR + 5 * MINUTE);
        const first = numbersOf(inFirst, groupid, sensor);
        expect([time[0], min[0], max[0]]).toEqual([to - 24 * HOUR, first.min, first.max]);
        expect(avg[0]).toBeCloseTo(first.avg, 6);
      }
    }
  });

  test('can be asked for one detector alone', async () => {
    const { get } = await site('gas-day');
    const { detectors } = await get<SeriesAnswer>(`/api/series?${query}&detector=10`);
    expect(detectors.map(({ groupid }) => groupid)).toEqual(['10']);
    const { total } = await get<Warnings>(`/api/warnings?${query}&detector=1`);
    expect(total).toBe(readings.filter((r) => r.groupid === '1' && Number(r.no2.value) >= NO2_WARNING).length);
  });

  test('has exactly the warnings that its readings have, the newest first', async () => {
    const { get } = await site('gas-day');
    const { total, warnings } = await get<Warnings>(`/api/warnings?${query}`);
    const expected = readings
      .filter((reading) => Number(reading.no2.value) >= NO2_WARNING)
      .sort((a, b) => Date.parse(b.date) - Date.parse(a.date) || (a.groupid < b.groupid ? -1 : 1));
    expect(expected.length).toBeGreaterThan(0);
    expect(total).toBe(expected.length);
    expect(warnings.map(({ date, groupid, value }) => [date, groupid, value])).toEqual(
      expected.slice(0, 200).map((reading) => [Date.parse(reading.date), reading.groupid, Number(reading.no2.value)]),
    );
  });

  test('ends in the latest values, where each detector is', async () => {
    const { get } = await site('gas-day');
    const { detectors, hasMore } = await get<Latest>('/api/latest');
    expect(hasMore).toBe(false);
    expect(detectors.map(({ groupid }) => groupid)).toEqual(DETECTORS);
    const last = readingAt('2', to - MINUTE);
    expect(detectors[1]).toMatchObject({ date: to - MINUTE, gps: last.gps });
    for (const sensor of SENSORS) {
      expect(detectors[1]?.sensors[sensor]).toEqual({
        value: Number(last[sensor].value),
        date: to - MINUTE,
        sensorid: last[sensor].sensorid,
      });
    }
  });
});

test('the threshold is 88 itself, however it is written', async () => {
  const now = Date.now();
  const values = ['87.99', '88', '88.0', ' 88.01 ', '1e3', '88.', '0'];
  const readings = values.map((no2, index) => readingAt('1', now - 1_000 - index, { no2 }));
  await store(opensearch.endpoint, 'gas-boundary', readings);
  const { get } = await site('gas-boundary');
  const { total, warnings } = await get<Warnings>('/api/warnings?last=60');
  expect(total).toBe(5);
  expect(warnings.map(({ value }) => value)).toEqual([88, 88, 88.01, 1000, 88]);
});

test('a sensor that has fallen silent keeps its last value, with its time', async () => {
  const now = Date.now();
  const { no2: _gone, ...rest } = readingAt('1', now - 1_000);
  await store(opensearch.endpoint, 'gas-silent', [readingAt('1', now - 9_000, { no2: '42' }), rest]);
  const { get } = await site('gas-silent');
  const { detectors } = await get<Latest>('/api/latest');
  expect(detectors[0]).toMatchObject({ date: now - 1_000, sensors: { no2: { value: 42, date: now - 9_000 } } });
});

test('before the first reading there is nothing, and that is no error', async () => {
  const { get } = await site('gas-nobody');
  expect(await get<Latest>('/api/latest')).toMatchObject({ detectors: [] });
  expect(await get<SeriesAnswer>('/api/series')).toMatchObject({ detectors: [] });
  expect(await get<Warnings>('/api/warnings')).toMatchObject({ total: 0, warnings: [] });
});

test('an index that was made without its template is refused by name', async () => {
  await store(opensearch.endpoint, 'untold', [readingAt('1', Date.now())]);
  const { ask } = await site('untold');
  const { status, body } = await ask('/api/series');
  expect([status, (body as Failure).error.code]).toEqual([500, 'search-mapping']);
  expect((body as Failure).error.message).toMatch(
    /^The index has co\.value as text and keyword|^The index has co\.value as text only/,
  );
});

test('while OpenSearch is away every question is answered with 503, and the server is healthy', async () => {
  const { ask } = await site('gas-day', 'http://127.0.0.1:9');
  const error = { code: 'search-away', message: 'OpenSearch does not answer.' };
  for (const path of ['/api/latest', '/api/series', '/api/warnings']) {
    const { status, body, headers } = await ask(path);
    expect([path, status, body, headers.get('retry-after')]).toEqual([path, 503, { error }, '5']);
  }
  expect(await ask('/health')).toMatchObject({ status: 200, body: { status: 'ok' } });
});

test('what is not understood is said', async () => {
  const { ask } = await site('gas-day');
  expect(await ask('/api/series?last=soon')).toMatchObject({
    status: 400,
    body: { error: { code: 'bad-request', message: 'last must be a number of seconds, more than 0, not "soon".' } },
  });
  expect(await ask('/api/warnings?detector=1&detector=2')).toMatchObject({ status: 400 });
  expect(await ask('/api/nothing')).toMatchObject({
    status: 404,
    body: { error: { code: 'not-found', message: 'There is nothing at GET /api/nothing.' } },
  });
});
