import type { Clock } from '../../clock/index.ts';
import type { MetricSink } from '../../edge/sinks.ts';
import type { MetricStore, Scope, Series } from './store.ts';

const DEFAULT_UNIT = 'Count';

/** The series that a metric was counted in the last time. */
interface Known {
  readonly namespace: string;
  readonly unit: string;
  readonly series: Series;
}

export function createSink(store: MetricStore, clock: Clock, scope: Scope): MetricSink & { forget(): void } {
  let known = new WeakMap<object, Map<string, Known>>();
  return {
    count(namespace, metric, dimensions, value, unit = DEFAULT_UNIT) {
      let byMetric = known.get(dimensions);
      if (!byMetric) {
        byMetric = new Map();
        known.set(dimensions, byMetric);
      }
      let found = byMetric.get(metric);
      // A metric has one namespace and one unit, but nobody has promised that.
      if (found?.namespace !== namespace || found.unit !== unit) {
        const pairs = Object.entries(dimensions).map(([name, text]) => ({ name, value: text }));
        const series = store.series(scope, { namespace, name: metric, dimensions: pairs }, unit);
        found = { namespace, unit, series };
        byMetric.set(metric, found);
      }
      found.series.count(clock.now(), value);
    },
    forget() {
      known = new WeakMap();
    },
  };
}
