import type { MetricSink } from '../../../edge/sinks.ts';
import type { RestApi, Stage } from '../store/model.ts';

const NAMESPACE = 'AWS/ApiGateway';

export interface Sample {
  readonly status: number;
  /** From the request's arrival to its answer, ms on the clock. */
  readonly latencyMs: number;
  /** Undefined when no backend was asked. */
  readonly integrationLatencyMs: number | undefined;
}

interface MethodName {
  readonly path: string;
  readonly httpMethod: string;
}

type Dimensions = Readonly<Record<string, string>>;

/** Counts requests by API, by stage and, with detailed metrics, by method (developer guide, "Metrics and dimensions"). */
export class Metrics {
  readonly #sink: MetricSink;
  readonly #known = new Map<string, Dimensions>();

  constructor(sink: MetricSink) {
    this.#sink = sink;
  }

  count(api: RestApi, stage: Stage, detailed: MethodName | undefined, sample: Sample): void {
    this.#count(this.#dimensions({ ApiName: api.name }), sample);
    this.#count(this.#dimensions({ ApiName: api.name, Stage: stage.stageName }), sample);
    if (!detailed) return;
    const { path, httpMethod } = detailed;
    this.#count(
      this.#dimensions({ ApiName: api.name, Stage: stage.stageName, Method: httpMethod, Resource: path }),
      sample,
    );
  }

  #count(dimensions: Dimensions, { status, latencyMs, integrationLatencyMs }: Sample): void {
    this.#sink.count(NAMESPACE, 'Count', dimensions, 1);
    this.#sink.count(NAMESPACE, '4XXError', dimensions, status >= 400 && status < 500 ? 1 : 0);
    this.#sink.count(NAMESPACE, '5XXError', dimensions, status >= 500 ? 1 : 0);
    this.#sink.count(NAMESPACE, 'Latency', dimensions, latencyMs, 'Milliseconds');
    if (integrationLatencyMs !== undefined) {
      this.#sink.count(NAMESPACE, 'IntegrationLatency', dimensions, integrationLatencyMs, 'Milliseconds');
    }
  }

  /** The same object for the same dimensions, which lets the sink find its series quickly. */
  #dimensions(dimensions: Dimensions): Dimensions {
    const key = Object.values(dimensions).join('\n');
    const known = this.#known.get(key);
    if (known) return known;
    this.#known.set(key, dimensions);
    return dimensions;
  }
}
