import type { MetricSink } from '../../../edge/sinks.ts';

const NAMESPACE = 'AWS/Lambda';

/** The metrics of invocations, by function and by resource (AWS docs, monitoring-metrics-types). */
export class FunctionMetrics {
  readonly #sink: MetricSink;
  readonly #dimensions = new Map<string, readonly Readonly<Record<string, string>>[]>();

  constructor(sink: MetricSink) {
    this.#sink = sink;
  }

  throttled(functionName: string): void {
    this.#count(functionName, 'Throttles', 1);
  }

  /** @param running how many invocations of the function are under way, this one included */
  began(functionName: string, running: number): void {
    this.#count(functionName, 'ConcurrentExecutions', running);
  }

  ended(functionName: string, durationMs: number, failed: boolean): void {
    this.#count(functionName, 'Invocations', 1);
    this.#count(functionName, 'Duration', durationMs, 'Milliseconds');
    this.#count(functionName, 'Errors', failed ? 1 : 0);
    this.#count(functionName, 'Throttles', 0);
  }

  #count(functionName: string, metric: string, value: number, unit?: string): void {
    for (const dimensions of this.#dimensionsOf(functionName)) {
      this.#sink.count(NAMESPACE, metric, dimensions, value, unit);
    }
  }

  #dimensionsOf(functionName: string): readonly Readonly<Record<string, string>>[] {
    let dimensions = this.#dimensions.get(functionName);
    if (dimensions === undefined) {
      dimensions = [{ FunctionName: functionName }, { FunctionName: functionName, Resource: functionName }];
      this.#dimensions.set(functionName, dimensions);
    }
    return dimensions;
  }
}
