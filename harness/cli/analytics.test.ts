import { describe, expect, test } from 'vitest';
import type { Counts, Events, Indices } from '../../services/app-analytics/web/shared/api.ts';
import { describeEvents, describeIndices } from './commands/analytics.ts';

const NOW = Date.parse('2020-05-18T05:15:00Z');
const RANGE = { now: NOW, from: NOW - 900_000, to: NOW };

const INDICES: Indices = {
  now: NOW,
  pattern: 'pinpoint*',
  indices: [
    {
      name: 'pinpoint-2020-05-18-reindexed',
      aliases: ['pinpoint-2020-05-18'],
      documents: 1967,
      bytes: 471_291,
      type: 'date',
      isUsable: true,
    },
    { name: 'pinpoint-2020-05-17', aliases: [], documents: 3, bytes: 2_400_000, type: undefined, isUsable: true },
  ],
  verdict: 'date',
  probe: undefined,
  next: { name: 'pinpoint-2020-05-19', template: 'default_template', type: 'date' },
};

const EVENTS: Events = {
  ...RANGE,
  type: undefined,
  total: 3,
  before: 7,
  after: 0,
  untimed: 1,
  oldest: NOW - 86_400_000,
  newest: NOW - 1,
  events: [
    {
      index: 'pinpoint-2020-05-18',
      id: '1',
      arrival: NOW - 1_000,
      happened: undefined,
      type: '_email.open',
      client: 'endpoint-1',
      facts: [['feedback', 'opened']],
    },
    { index: 'i', id: '2', arrival: NOW - 2_000, happened: undefined, type: undefined, client: undefined, facts: [] },
  ],
};

const COUNTS: Counts = {
  ...RANGE,
  interval: 10_000,
  times: [],
  types: [{ type: '_email.open', count: 2, counts: [] }],
  others: { count: 1, counts: [] },
  total: 3,
};

describe('naetmul analytics tells', () => {
  test('of each index how large it is and what its time is', () => {
    expect(describeIndices(INDICES).split('\n')).toEqual([
      'Indices',
      '  pinpoint-2020-05-18-reindexed       1967 documents   471.3 kB  date  (alias pinpoint-2020-05-18)',
      '  pinpoint-2020-05-17                    3 documents     2.4 MB  -',
      'arrival_timestamp is a date in every index.',
      'The next index, pinpoint-2020-05-19, gets a date by the template default_template.',
    ]);
  });

  test('of a wrong type in OpenSearch’s own words, with the way out', () => {
    const probe = { query: '{"query":{}}', status: 200, error: 'query_shard_exception: no', failed: 1, shards: 2 };
    const next = { name: 'pinpoint-2020-05-19', template: undefined, type: undefined };
    expect(describeIndices({ ...INDICES, indices: [], verdict: 'conflict', probe, next }).split('\n')).toEqual([
      'WARNING: arrival_timestamp is a date in some indices only. Ranges such as now-15m leave the others out:',
      '  {"query":{}}',
      '  HTTP 200: query_shard_exception: no (1 of 2 shards failed)',
      '  The way out: `naetmul analytics reindex`.',
      'WARNING: no index template makes arrival_timestamp a date in the next index, pinpoint-2020-05-19.',
    ]);
  });

  test('how many events lie in the range and outside of it', () => {
    expect(describeEvents(EVENTS, COUNTS).split('\n')).toEqual([
      '3 events from 2020-05-18T05:00:00.000Z to 2020-05-18T05:15:00.000Z (15 min).',
      'Outside: 7 before, 1 without a time.',
      '          2  _email.open',
      '          1  others',
      'Newest first, by arrival_timestamp',
      '  2020-05-18T05:14:59.000Z  _email.open         endpoint-1  feedback=opened',
      '  2020-05-18T05:14:58.000Z  -                   -',
      '  … and 1 more',
    ]);
  });

  test('of which type it speaks', () => {
    const none = { total: 1, before: 0, untimed: 0, events: [], type: '_email.click' };
    expect(describeEvents({ ...EVENTS, ...none }, { ...COUNTS, types: [], others: undefined }).split('\n')).toEqual([
      '1 event of _email.click from 2020-05-18T05:00:00.000Z to 2020-05-18T05:15:00.000Z (15 min).',
      'None lie outside.',
      '  … and 1 more',
    ]);
  });
});
