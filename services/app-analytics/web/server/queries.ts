import type { Range } from '../../../page-kit/server/range.ts';
import { TIME_FIELD } from '../shared/api.ts';

/** Types that have a colour of their own in the chart. */
export const MAX_TYPES = 7;

type Body = Record<string, unknown>;

/** What is read of each event for the list; all of it comes one by one. */
const LISTED = [
  'event_type',
  'event_timestamp',
  'client.client_id',
  'attributes',
  'metrics',
  'facets.email_channel.mail_event.mail.common_headers.subject',
  'facets.email_channel.mail_event.mail.destination',
];

/** The query that Dashboards asks, and everybody who thinks that the field is a date. */
export const PROBE: Body = { query: { range: { [TIME_FIELD]: { gte: 'now-15m' } } } };

export interface TypeFilter {
  /** The field that has `event_type` as a whole. */
  readonly field: string;
  readonly type: string;
}

/** The newest events of the range; and how many there are outside of it, and since when. */
export function eventsQuery(range: Range, size: number, only?: TypeFilter): Body {
  return {
    size,
    track_total_hits: true,
    query: only === undefined ? { match_all: {} } : { term: { [only.field]: only.type } },
    // After the aggregations, which are about all events.
    post_filter: within(range),
    // Where no event of an index has a time yet, it has no such field.
    sort: [{ [TIME_FIELD]: { order: 'desc', unmapped_type: 'date' } }],
    _source: LISTED,
    aggs: {
      before: { filter: { range: { [TIME_FIELD]: { lt: range.from, ...MS } } } },
      after: { filter: { range: { [TIME_FIELD]: { gte: range.to, ...MS } } } },
      timed: { filter: { exists: { field: TIME_FIELD } } },
      all: { filter: { match_all: {} } },
      oldest: { min: { field: TIME_FIELD } },
      newest: { max: { field: TIME_FIELD } },
    },
  };
}

/** How many events of each frequent type, and of all, there are in each interval. */
export function countsQuery(range: Range, interval: number, typeField: string | undefined): Body {
  const times = { date_histogram: { field: TIME_FIELD, fixed_interval: `${interval}ms`, min_doc_count: 1 } };
  return {
    size: 0,
    track_total_hits: true,
    query: within(range),
    aggs: {
      times,
      ...(typeField && { types: { terms: { field: typeField, size: MAX_TYPES }, aggs: { times } } }),
    },
  };
}

/** A long takes the format too, and has no need of it. */
const MS = { format: 'epoch_millis' };

function within({ from, to }: Range): Body {
  return { range: { [TIME_FIELD]: { gte: from, lt: to, ...MS } } };
}
