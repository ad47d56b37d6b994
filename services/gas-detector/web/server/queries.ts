import type { Range } from '../../../page-kit/server/range.ts';
import { NO2_WARNING, SENSORS } from '../shared/sensors.ts';
import type { Fields } from './fields.ts';

/** A detector that has been silent for longer is not shown any more, in ms: 30 days. */
export const LATEST_WITHIN = 30 * 24 * 60 * 60 * 1000;
export const MAX_DETECTORS = 100;
/** Lines in one chart; more could not be told apart. */
export const MAX_LINES = 8;
export const MAX_WARNINGS = 200;
/** Documents without a `groupid` are shown under this name. */
export const NO_GROUP = '?';

type Body = Record<string, unknown>;

/** The newest value of each sensor of each detector. */
export function latestQuery(fields: Fields, now: number): Body {
  return {
    size: 0,
    query: { bool: { filter: [since(now - LATEST_WITHIN)] } },
    aggs: {
      detectors: {
        terms: { field: fields.groupid, size: MAX_DETECTORS, missing: NO_GROUP },
        aggs: {
          newest: newest(['date', 'gps']),
          ...perSensor(fields, (field, sensor) => ({
            filter: { exists: { field } },
            aggs: { newest: newest(['date', sensor]) },
          })),
        },
      },
    },
  };
}

/** Average, least and greatest value of each sensor of each detector per interval, and over the whole range. */
export function seriesQuery(fields: Fields, range: Range, interval: number, groupid?: string): Body {
  const stats = perSensor(fields, (field) => ({ stats: { field } }));
  return {
    size: 0,
    query: { bool: { filter: [within(range), ...ofDetector(fields, groupid)] } },
    aggs: {
      detectors: {
        terms: { field: fields.groupid, size: MAX_LINES, missing: NO_GROUP },
        aggs: {
          ...stats,
          times: {
            date_histogram: { field: 'date', fixed_interval: `${interval}ms`, min_doc_count: 1 },
            aggs: stats,
          },
        },
      },
    },
  };
}

/** The newest readings whose NO₂ is 88 or more. */
export function warningsQuery(fields: Fields, range: Range, groupid?: string): Body {
  const { no2 } = fields.values;
  const reached = no2 === undefined ? { match_none: {} } : { range: { [no2]: { gte: NO2_WARNING } } };
  return {
    size: MAX_WARNINGS,
    track_total_hits: true,
    query: { bool: { filter: [within(range), reached, ...ofDetector(fields, groupid)] } },
    sort: [{ date: 'desc' }, { [fields.groupid ?? '_doc']: 'asc' }],
    _source: ['groupid', 'no2'],
  };
}

function perSensor(fields: Fields, make: (field: string, sensor: string) => Body): Body {
  return Object.fromEntries(
    SENSORS.flatMap((sensor) => {
      const field = fields.values[sensor];
      return field === undefined ? [] : [[sensor, make(field, sensor)]];
    }),
  );
}

function newest(source: readonly string[]): Body {
  return { top_hits: { size: 1, sort: [{ date: 'desc' }], _source: source } };
}

function within({ from, to }: Range): Body {
  return { range: { date: { gte: from, lt: to, format: 'epoch_millis' } } };
}

function since(from: number): Body {
  return { range: { date: { gte: from, format: 'epoch_millis' } } };
}

function ofDetector({ groupid: field }: Fields, groupid: string | undefined): Body[] {
  if (groupid === undefined || field === undefined) return [];
  if (groupid === NO_GROUP) return [{ bool: { must_not: { exists: { field } } } }];
  return [{ term: { [field]: groupid } }];
}
