import type { Range } from '../../../page-kit/server/range.ts';
import { Refusal } from '../../../page-kit/server/refusal.ts';
import { describeError, type ErrorBody, failureOf, type OpenSearch } from '../../src/opensearch.ts';
import { type Counts, type Events, type Indices, type Probe, TIME_FIELD, type WholeEvent } from '../shared/api.ts';
import { readEvent, type StoredEvent } from './event.ts';
import {
  type FieldMappings,
  isUsable,
  type LegacyTemplates,
  matches,
  nextIndex,
  type Simulated,
  typesByIndex,
  verdictOf,
} from './mapping.ts';
import { countsQuery, eventsQuery, PROBE } from './queries.ts';
import { intervalFor, timesOf } from './range.ts';

type Ask = OpenSearch['ask'];

interface SearchAnswer {
  readonly hits: { readonly total: { readonly value: number }; readonly hits: readonly Hit[] };
  // biome-ignore lint/suspicious/noExplicitAny: its shape follows from the query; every use below names what it reads.
  readonly aggregations: any;
}

export interface Hit {
  readonly _index: string;
  readonly _id: string;
  readonly _source: StoredEvent;
  readonly sort: readonly unknown[];
}

interface Bucket {
  readonly key: number | string;
  readonly doc_count: number;
}

const DAY = 24 * 60 * 60 * 1000;

/** Questions about the events, each a few requests to OpenSearch, none of which brings whole events in bulk. */
export class Analytics {
  readonly #ask: Ask;
  readonly #indexName: string;
  readonly #pattern: string;

  /** @param indexName what the names of the indices begin with: `pinpoint` */
  constructor({ ask }: Pick<OpenSearch, 'ask'>, indexName: string) {
    this.#ask = ask;
    this.#indexName = indexName;
    this.#pattern = `${indexName}*`;
  }

  async indices(now: number): Promise<Indices> {
    const pattern = this.#pattern;
    const [listed, aliases, types] = await Promise.all([
      this.#ask<readonly CatIndex[]>({
        method: 'GET',
        path: `/_cat/indices/${this.#path}`,
        query: { format: 'json', bytes: 'b', h: 'index,docs.count,store.size' },
      }),
      this.#ask<Readonly<Record<string, { readonly aliases: object }>>>({
        method: 'GET',
        path: `/${this.#path}/_alias`,
      }),
      this.#types(),
    ]);
    const indices = listed
      .map(({ index: name, 'docs.count': documents, 'store.size': bytes }) => ({
        name,
        aliases: Object.keys(aliases[name]?.aliases ?? {}),
        documents: Number(documents ?? 0),
        bytes: Number(bytes ?? 0),
        type: types.get(name),
        isUsable: isUsable(types.get(name)),
      }))
      .sort((a, b) => (a.name < b.name ? 1 : -1));
    const verdict = verdictOf(indices.map(({ type }) => type));
    const isWrong = verdict === 'wrong' || verdict === 'conflict';
    const names = new Set(indices.flatMap(({ name, aliases }) => [name, ...aliases]));
    const [probe, next] = await Promise.all([isWrong ? this.#probe() : undefined, this.#next(now, names)]);
    return { now, pattern, indices, verdict, probe, next };
  }

  async events(range: Range, now: number, size: number, type?: string): Promise<Events> {
    const only = type === undefined ? undefined : { type, field: (await this.#typeField()) ?? 'event_type' };
    const answer = await this.#search(eventsQuery(range, size, only));
    const { before, after, timed, all, oldest, newest } = answer.aggregations ?? NO_EVENTS;
    return {
      now,
      ...range,
      type,
      total: answer.hits.total.value,
      before: before.doc_count,
      after: after.doc_count,
      untimed: all.doc_count - timed.doc_count,
      oldest: oldest.value ?? undefined,
      newest: newest.value ?? undefined,
      events: answer.hits.hits.map(readEvent),
    };
  }

  async counts(range: Range, now: number): Promise<Counts> {
    const interval = intervalFor(range);
    const times = timesOf(range, interval);
    const answer = await this.#search(countsQuery(range, interval, await this.#typeField()));
    const { types: found, times: allTimes } = answer.aggregations ?? NO_COUNTS;
    const spread = (buckets: readonly Bucket[]) => {
      const counts = new Map(buckets.map(({ key, doc_count: count }) => [Number(key), count]));
      return times.map((time) => counts.get(time) ?? 0);
    };
    const types = (found?.buckets ?? []).map((bucket: Bucket & { times: { buckets: readonly Bucket[] } }) => ({
      type: String(bucket.key),
      count: bucket.doc_count,
      counts: spread(bucket.times.buckets),
    }));
    const total = answer.hits.total.value;
    const all = spread(allTimes.buckets);
    const rest = all.map((count, at) =>
      types.reduce((left: number, { counts }: { counts: readonly number[] }) => left - (counts[at] ?? 0), count),
    );
    const others = rest.reduce((sum, count) => sum + count, 0);
    return {
      now,
      ...range,
      interval,
      times,
      types,
      others: others > 0 ? { count: others, counts: rest } : undefined,
      total,
    };
  }

  /** Errors: `Refusal` 404. */
  async event(index: string, id: string): Promise<WholeEvent> {
    const path = `/${encodeURIComponent(index)}/_doc/${encodeURIComponent(id)}`;
    const isOurs = matches(this.#pattern, index);
    type Answer = { readonly found: boolean; readonly _source: unknown };
    const answer = isOurs ? await this.#ask<Answer>({ method: 'GET', path, orNone: true }) : undefined;
    if (!answer?.found) throw new Refusal(404, 'not-found', `There is no event ${id} in ${index}.`);
    return { index, id, source: answer._source };
  }

  get #path(): string {
    return encodeURIComponent(this.#pattern);
  }

  /** The types of the time field by index. */
  async #types(): Promise<ReadonlyMap<string, string | undefined>> {
    const path = `/${this.#path}/_mapping/field/${TIME_FIELD}`;
    return typesByIndex((await this.#ask<FieldMappings>({ method: 'GET', path, orNone: true })) ?? {});
  }

  /** A search of all indices whose events can be sorted by time. */
  async #search(body: object): Promise<SearchAnswer> {
    const left = [...(await this.#types())].flatMap(([index, type]) => (isUsable(type) ? [] : [`-${index}`]));
    const path = `/${[this.#pattern, ...left].map(encodeURIComponent).join(',')}/_search`;
    return this.#ask({ method: 'POST', path, body, query: { ignore_unavailable: true, allow_no_indices: true } });
  }

  /** The field with the whole of `event_type`; undefined while nobody has sent one, or where it is no text. */
  async #typeField(): Promise<string | undefined> {
    const candidates = ['event_type', 'event_type.keyword'];
    type Answer = { readonly fields: Readonly<Record<string, Readonly<Record<string, unknown>>>> };
    const path = `/${this.#path}/_field_caps`;
    const { fields } = await this.#ask<Answer>({ method: 'GET', path, query: { fields: candidates.join() } });
    return candidates.find((name) => Object.keys(fields[name] ?? {}).join() === 'keyword');
  }

  /** What OpenSearch says to `now-15m`. */
  async #probe(): Promise<Probe | undefined> {
    type Answer = { readonly _shards: Shards };
    const about = { query: JSON.stringify(PROBE) };
    try {
      const path = `/${this.#path}/_search`;
      const { _shards: shards } = await this.#ask<Answer>({ method: 'POST', path, body: PROBE, query: { size: 0 } });
      const [failure] = shards.failures ?? [];
      if (failure === undefined) return undefined;
      const error = describeError(failure.reason);
      return { ...about, status: 200, error, failed: shards.failed, shards: shards.total };
    } catch (error) {
      const failure = failureOf(error);
      if (failure?.status !== 400) throw error;
      return { ...about, status: 400, error: failure.reason, failed: 1, shards: 1 };
    }
  }

  async #next(now: number, names: ReadonlySet<string>) {
    const nameAt = (time: number) => `${this.#indexName}-${new Date(time).toISOString().slice(0, 10)}`;
    const name = names.has(nameAt(now)) ? nameAt(now + DAY) : nameAt(now);
    const [legacy, simulated] = await Promise.all([
      this.#ask<LegacyTemplates>({ method: 'GET', path: '/_template' }),
      this.#ask<Simulated>({ method: 'POST', path: `/_index_template/_simulate_index/${encodeURIComponent(name)}` }),
    ]);
    return nextIndex(name, legacy, simulated);
  }
}

interface CatIndex {
  readonly index: string;
  /** None while the index is being made. */
  readonly 'docs.count': string | null;
  readonly 'store.size': string | null;
}

interface Shards {
  readonly total: number;
  readonly failed: number;
  readonly failures?: readonly { readonly reason: ErrorBody }[];
}

/** Without a single index OpenSearch leaves aggregations out. */
const NONE = { doc_count: 0 };
const NO_EVENTS = { before: NONE, after: NONE, timed: NONE, all: NONE, oldest: {}, newest: {} };
const NO_COUNTS = { types: { buckets: [] }, times: { buckets: [] } };
