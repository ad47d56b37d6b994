import type { Clock } from '../../clock/index.ts';
import type { MetricSink } from '../../edge/sinks.ts';
import type { MetricStore, Scope, Series } from './store.ts';

const DEFAULT_UNIT = 'Count';

export function createSink(store: MetricStore, clock: Clock, scope: Scope): MetricSink & { forget(): void } {
  let known = new WeakMap<object, Map<string, Series>>();
  return {
    count(namespace, metric, dimensions, value, unit = DEFAULT_UNIT) {
      let seriesByName = known.get(dimensions);
      if (!seriesByName) {
        seriesByName = new Map();
        known.set(dimensions, seriesByName);
      }
      const key = `${namespace} ${metric} ${unit}`;
      let series = seriesByName.get(key);
      if (!series) {
        const pairs = Object.entries(dimensions).map(([name, text]) => ({ name, value: text }));
        series = store.series(scope, { namespace, name: metric, dimensions: pairs }, unit);
        seriesByName.set(key, series);
      }
      series.count(clock.now(), value);
    },
    forget() {
      known = new WeakMap();
    },
  };
}
