import { onTestFinished } from 'vitest';
import { type ClockControl, createClock } from '../../clock/index.ts';
import type { AwsError } from '../../edge/aws-error.ts';
import type { Call, EmulatorContext, Operation } from '../../edge/emulator.ts';
import type { MetricSink } from '../../edge/sinks.ts';
import { createCloudWatch } from './index.ts';

export const NOON = Date.UTC(2022, 0, 27, 12);
export const SCOPE = { region: 'ap-northeast-2', accountId: '000000000000' };
export const MINUTE = 60_000;

export interface MetricsUnderTest {
  readonly clock: ClockControl;
  readonly sink: MetricSink;
  // biome-ignore lint/suspicious/noExplicitAny: the answers of all operations; the tests say what they expect.
  call(operation: string, input: object, scope?: Partial<typeof SCOPE>): any;
  reset(): Promise<void>;
  /** The sums of a metric by minute, from an hour before noon to an hour after it. */
  sums(namespace: string, metric: string, dimensions: Readonly<Record<string, string>>): number[];
}

/** The emulator on a clock that stands at noon on 27 January 2022. */
export async function startMetrics(): Promise<MetricsUnderTest> {
  const clock = createClock();
  await clock.travelTo(NOON);
  onTestFinished(() => clock.close());
  const metrics = createCloudWatch({ clock, defaults: SCOPE } as unknown as EmulatorContext);
  const operations = new Map(metrics.operations.map((one) => [one.schema[2], one as Operation<object>]));
  const call: MetricsUnderTest['call'] = (name, input, scope = {}) => {
    const operation = operations.get(name);
    if (!operation) throw new Error(`There is no operation ${name}.`);
    return operation.run(input, { ...SCOPE, ...scope } as Call);
  };
  return {
    clock,
    call,
    sink: metrics.sink,
    async reset() {
      await metrics.reset?.();
    },
    sums: (Namespace, MetricName, dimensions) =>
      call('GetMetricStatistics', {
        Namespace,
        MetricName,
        Dimensions: dimensionsOf(dimensions),
        StartTime: new Date(NOON - 60 * MINUTE),
        EndTime: new Date(NOON + 60 * MINUTE),
        Period: 60,
        Statistics: ['Sum'],
      }).Datapoints.map((point: { Sum: number }) => point.Sum),
  };
}

export function dimensionsOf(dimensions: Readonly<Record<string, string>>) {
  return Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
}

/** The error that a call answers with, as `code: message`. */
export function refusal(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    const { code, message } = error as AwsError;
    return `${code}: ${message}`;
  }
  throw new Error('The call was not refused.');
}
