import type { Emulator, EmulatorContext } from '../../edge/emulator.ts';
import type { MetricSink } from '../../edge/sinks.ts';
import { getMetricData } from './operations/get-metric-data.ts';
import { getMetricStatistics } from './operations/get-metric-statistics.ts';
import { listMetrics } from './operations/list-metrics.ts';
import { putMetricData } from './operations/put-metric-data.ts';
import { createSink } from './sink.ts';
import { MetricStore } from './store.ts';

/** The metrics of Amazon CloudWatch on the bench's clock. What the sink counts can be read at once. */
export function createCloudWatch(context: EmulatorContext): Emulator & { readonly sink: MetricSink } {
  const store = new MetricStore();
  const sink = createSink(store, context.clock, context.defaults);
  return {
    service: 'monitoring',
    protocol: { kind: 'json', version: '1.0', targetPrefix: 'GraniteServiceVersion20100801' },
    operations: [
      getMetricData(store),
      getMetricStatistics(store),
      listMetrics(store),
      putMetricData(store, context.clock),
    ],
    sink,
    async reset() {
      store.clear();
      sink.forget();
    },
  };
}
