import type { Range } from '../../../page-kit/server/range.ts';
import type { Latest, SensorSeries, SeriesAnswer, Warnings } from '../shared/api.ts';
import { numberOf, SENSORS, type Sensor } from '../shared/sensors.ts';
import { ASKED_FIELDS, type FieldCaps, type Fields, readFields } from './fields.ts';
import { latestQuery, NO_GROUP, seriesQuery, warningsQuery } from './queries.ts';
import { intervalFor } from './range.ts';

/** What is asked of OpenSearch. Errors: `Refusal`, see search-client.ts. */
export interface Search {
  fieldCaps(fields: readonly string[]): Promise<FieldCaps>;
  search(body: Record<string, unknown>): Promise<SearchAnswer>;
}

export interface SearchAnswer {
  readonly hits: { readonly total?: { readonly value: number } | number; readonly hits: readonly Hit[] };
  // biome-ignore lint/suspicious/noExplicitAny: its shape follows from the query; every use below names what it reads.
  readonly aggregations?: any;
}

/** A document as it was stored; each is sorted by `date`, so that `sort` has its date in ms. */
interface Hit {
  readonly _source?: Document;
  readonly sort?: readonly unknown[];
}

type Document = { readonly groupid?: unknown; readonly gps?: unknown } & {
  readonly [S in Sensor]?: { readonly value?: unknown; readonly sensorid?: unknown } | null;
};

interface Stats {
  readonly count: number;
  readonly min: number;
  readonly max: number;
  readonly avg: number;
}

/** Questions about the readings, each one or two requests to OpenSearch, none of which brings whole documents in bulk. */
export class Readings {
  readonly #search: Search;

  constructor(search: Search) {
    this.#search = search;
  }

  async latest(now: number): Promise<Latest> {
    const fields = await this.#fields();
    if (fields === undefined) return { now, detectors: [], hasMore: false };
    const { aggregations } = await this.#search.search(latestQuery(fields, now));
    const { buckets, sum_other_doc_count: others } = aggregations.detectors;
    const detectors = buckets.map((bucket: LatestBucket) => {
      const newest = bucket.newest.hits.hits[0];
      return {
        groupid: String(bucket.key),
        date: dateOf(newest),
        gps: textOf(newest?._source?.gps),
        sensors: Object.fromEntries(SENSORS.flatMap((sensor) => latestOf(sensor, bucket[sensor]))),
      };
    });
    return { now, detectors: detectors.sort(byGroup), hasMore: others > 0 };
  }

  async series(range: Range, now: number, groupid?: string): Promise<SeriesAnswer> {
    const interval = intervalFor(range);
    const fields = await this.#fields();
    if (fields === undefined) return { now, ...range, interval, detectors: [], hasMore: false };
    const { aggregations } = await this.#search.search(seriesQuery(fields, range, interval, groupid));
    const { buckets, sum_other_doc_count: others } = aggregations.detectors;
    const detectors = buckets.map((bucket: DetectorBucket) => ({
      groupid: String(bucket.key),
      count: bucket.doc_count,
      sensors: {
        co: seriesOf(bucket, 'co'),
        no2: seriesOf(bucket, 'no2'),
        c2h5oh: seriesOf(bucket, 'c2h5oh'),
        h2: seriesOf(bucket, 'h2'),
      },
    }));
    return { now, ...range, interval, detectors: detectors.sort(byGroup), hasMore: others > 0 };
  }

  async warnings(range: Range, now: number, groupid?: string): Promise<Warnings> {
    const fields = await this.#fields();
    if (fields === undefined) return { now, ...range, total: 0, warnings: [] };
    const { hits } = await this.#search.search(warningsQuery(fields, range, groupid));
    const total = typeof hits.total === 'number' ? hits.total : (hits.total?.value ?? hits.hits.length);
    const warnings = hits.hits.map((hit) => ({
      date: dateOf(hit),
      groupid: textOf(hit._source?.groupid) ?? NO_GROUP,
      value: numberOf(hit._source?.no2?.value) ?? Number.NaN,
      sensorid: textOf(hit._source?.no2?.sensorid),
    }));
    return { now, ...range, total, warnings };
  }

  /** Undefined as long as there is nothing to ask for: no index, or one that holds no reading. */
  async #fields(): Promise<Fields | undefined> {
    const fields = readFields(await this.#search.fieldCaps(ASKED_FIELDS));
    return fields.date === undefined || fields.groupid === undefined ? undefined : fields;
  }
}

interface Newest {
  readonly newest: { readonly hits: { readonly hits: readonly Hit[] } };
}

type LatestBucket = { readonly key: unknown } & Newest & Partial<Record<Sensor, Newest>>;

type DetectorBucket = { readonly key: unknown; readonly doc_count: number } & Partial<Record<Sensor, Stats>> & {
    readonly times: { readonly buckets: readonly (Partial<Record<Sensor, Stats>> & { readonly key: number })[] };
  };

function seriesOf({ times, ...whole }: DetectorBucket, sensor: Sensor): SensorSeries {
  const places = times.buckets.flatMap((bucket) => {
    const stats = bucket[sensor];
    return stats === undefined || stats.count === 0 ? [] : [{ time: bucket.key, stats }];
  });
  const all = whole[sensor];
  return {
    time: places.map(({ time }) => time),
    avg: places.map(({ stats }) => stats.avg),
    min: places.map(({ stats }) => stats.min),
    max: places.map(({ stats }) => stats.max),
    whole: all && all.count > 0 ? { count: all.count, avg: all.avg, min: all.min, max: all.max } : undefined,
  };
}

function latestOf(sensor: Sensor, filtered: Newest | undefined) {
  const hit = filtered?.newest.hits.hits[0];
  const reading = hit?._source?.[sensor];
  const value = numberOf(reading?.value);
  if (value === undefined) return [];
  return [[sensor, { value, date: dateOf(hit), sensorid: textOf(reading?.sensorid) }] as const];
}

function dateOf(hit: Hit | undefined): number {
  return Number(hit?.sort?.[0]);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

/** "10" comes after "9". */
function byGroup(a: { readonly groupid: string }, b: { readonly groupid: string }): number {
  return a.groupid.localeCompare(b.groupid, 'en', { numeric: true });
}
