/** One account in one region: metrics are its own. */
export interface Scope {
  readonly region: string;
  readonly accountId: string;
}

export interface Dimension {
  readonly name: string;
  readonly value: string;
}

/** What names a metric: two metrics whose dimensions differ in any way have nothing to do with each other. */
export interface MetricId {
  readonly namespace: string;
  readonly name: string;
  /** In any order. */
  readonly dimensions: readonly Dimension[];
}

/** Samples, summed up. */
export interface StatisticSet {
  readonly sampleCount: number;
  readonly sum: number;
  readonly minimum: number;
  readonly maximum: number;
}

export interface Datapoint extends StatisticSet {
  /** The beginning of its period, ms since the epoch. */
  readonly at: number;
  readonly unit: string;
}

/** A metric's samples of one unit. */
export class Series {
  readonly unit: string;
  readonly #minutes = new Map<number, Mutable<StatisticSet>>();

  constructor(unit: string) {
    this.unit = unit;
  }

  /** @param at ms since the epoch */
  add(at: number, set: StatisticSet): void {
    const minute = Math.floor(at / MINUTE_MS) * MINUTE_MS;
    const found = this.#minutes.get(minute);
    if (found) merge(found, set);
    else this.#minutes.set(minute, { ...set });
  }

  /** Adds one sample, without making an object for it. */
  count(at: number, value: number): void {
    const minute = Math.floor(at / MINUTE_MS) * MINUTE_MS;
    const found = this.#minutes.get(minute);
    if (!found) {
      this.#minutes.set(minute, { sampleCount: 1, sum: value, minimum: value, maximum: value });
      return;
    }
    found.sampleCount += 1;
    found.sum += value;
    if (value < found.minimum) found.minimum = value;
    if (value > found.maximum) found.maximum = value;
  }

  minutes(): ReadonlyMap<number, StatisticSet> {
    return this.#minutes;
  }
}

/** The finest period that is kept; standard resolution in CloudWatch. */
export const MINUTE_MS = 60_000;

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

interface Metric extends MetricId {
  readonly units: Map<string, Series>;
}

/** Every metric, summed up per minute; in memory, which grows with metrics and minutes and not with samples. */
export class MetricStore {
  readonly #scopes = new Map<string, Map<string, Metric>>();

  /** Makes the series if it is not there. */
  series(scope: Scope, id: MetricId, unit: string): Series {
    const metrics = this.#metrics(scope);
    const key = keyOf(id);
    let metric = metrics.get(key);
    if (!metric) {
      metric = { ...id, dimensions: [...id.dimensions].sort(byName), units: new Map() };
      metrics.set(key, metric);
    }
    let series = metric.units.get(unit);
    if (!series) {
      series = new Series(unit);
      metric.units.set(unit, series);
    }
    return series;
  }

  metrics(scope: Scope): readonly MetricId[] {
    return [...this.#metrics(scope).values()];
  }

  /**
   * Sums samples up over periods that begin at `from`, leaving out empty ones; oldest first.
   *
   * @param from inclusive, a whole minute, ms since the epoch
   * @param to exclusive
   * @param unit only this one; otherwise each unit has datapoints of its own
   */
  datapoints(scope: Scope, id: MetricId, range: { from: number; to: number; periodMs: number }, unit?: string) {
    const { from, to, periodMs } = range;
    const units = this.#metrics(scope).get(keyOf(id))?.units.values() ?? [];
    const datapoints: Datapoint[] = [];
    for (const series of units) {
      if (unit !== undefined && series.unit !== unit) continue;
      const periods = new Map<number, Mutable<StatisticSet>>();
      for (const [minute, set] of series.minutes()) {
        if (minute < from || minute >= to) continue;
        const at = from + Math.floor((minute - from) / periodMs) * periodMs;
        const found = periods.get(at);
        if (found) merge(found, set);
        else periods.set(at, { ...set });
      }
      for (const [at, set] of periods) datapoints.push({ at, unit: series.unit, ...set });
    }
    return datapoints.sort((a, b) => a.at - b.at);
  }

  clear(): void {
    this.#scopes.clear();
  }

  #metrics(scope: Scope): Map<string, Metric> {
    const key = `${scope.accountId}/${scope.region}`;
    let metrics = this.#scopes.get(key);
    if (!metrics) {
      metrics = new Map();
      this.#scopes.set(key, metrics);
    }
    return metrics;
  }
}

function merge(into: Mutable<StatisticSet>, set: StatisticSet): void {
  into.sampleCount += set.sampleCount;
  into.sum += set.sum;
  into.minimum = Math.min(into.minimum, set.minimum);
  into.maximum = Math.max(into.maximum, set.maximum);
}

/** Control characters cannot be part of a name, so they part the parts. */
function keyOf({ namespace, name, dimensions }: MetricId): string {
  const parts = [...dimensions].sort(byName).map((dimension) => `${dimension.name}\u0001${dimension.value}`);
  return [namespace, name, ...parts].join('\u0000');
}

function byName(a: Dimension, b: Dimension): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
