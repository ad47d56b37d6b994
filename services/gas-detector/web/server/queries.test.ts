import { expect, test } from 'vitest';
import type { Fields } from './fields.ts';
import { latestQuery, seriesQuery, warningsQuery } from './queries.ts';

const FIELDS: Fields = {
  date: 'date',
  groupid: 'groupid.keyword',
  values: { co: 'co.value', no2: 'no2.value', c2h5oh: undefined, h2: undefined },
};
const RANGE = { from: 1_000, to: 61_000 };

test('a series asks for averages per interval, and for no documents', () => {
  const query = seriesQuery(FIELDS, RANGE, 1_000, '2');
  const stats = { co: { stats: { field: 'co.value' } }, no2: { stats: { field: 'no2.value' } } };
  expect(query).toMatchObject({
    size: 0,
    query: {
      bool: {
        filter: [
          { range: { date: { gte: 1_000, lt: 61_000, format: 'epoch_millis' } } },
          { term: { 'groupid.keyword': '2' } },
        ],
      },
    },
    aggs: {
      detectors: {
        aggs: {
          ...stats,
          times: { date_histogram: { field: 'date', fixed_interval: '1000ms', min_doc_count: 1 }, aggs: stats },
        },
      },
    },
  });
});

test('a warning is 88 or more; without any NO₂ there is none', () => {
  const filterOf = (fields: Fields) =>
    (warningsQuery(fields, RANGE).query as { bool: { filter: unknown[] } }).bool.filter[1];
  expect(filterOf(FIELDS)).toEqual({ range: { 'no2.value': { gte: 88 } } });
  expect(filterOf({ ...FIELDS, values: { ...FIELDS.values, no2: undefined } })).toEqual({ match_none: {} });
});

test('detectors that have been silent for 30 days are not asked for', () => {
  const now = Date.UTC(2026, 0, 31);
  const gte = Date.UTC(2026, 0, 1);
  expect(latestQuery(FIELDS, now)).toMatchObject({ query: { bool: { filter: [{ range: { date: { gte } } }] } } });
});
