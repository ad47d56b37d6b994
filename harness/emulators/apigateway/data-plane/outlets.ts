import type { Random } from '../../../clock/index.ts';
import type { LogSink } from '../../../edge/sinks.ts';
import { newLogStreamName } from '../store/ids.ts';
import type { Stage } from '../store/model.ts';
import { writeAccessLog } from './access-log.ts';
import type { Exchange, GatewayAnswer } from './exchange.ts';
import type { Metrics } from './metrics.ts';
import type { MethodRuntime } from './runtime.ts';

interface Streams {
  readonly execution: string;
  readonly access: string;
}

/** Where it is told what became of a request: execution log, access log, metrics. */
export class Outlets {
  readonly #random: Random;
  readonly #logs: LogSink;
  readonly #metrics: Metrics;
  /** By stage name and creation time, since a stage's object is replaced when it is updated. */
  readonly #streams = new Map<string, Streams>();

  constructor(random: Random, logs: LogSink, metrics: Metrics) {
    this.#random = random;
    this.#logs = logs;
    this.#metrics = metrics;
  }

  /** @param detailed the method, where it has metrics of its own */
  finish(exchange: Exchange, answer: GatewayAnswer, detailed: MethodRuntime | undefined, now: number): void {
    const { api, stage, integrationLatencyMs } = exchange;
    const latencyMs = now - exchange.receivedAt;
    this.#metrics.count(api, stage, detailed && { path: detailed.resource.path, httpMethod: exchange.httpMethod }, {
      status: answer.status,
      latencyMs,
      integrationLatencyMs,
    });
    const { destinationArn, format } = stage.accessLogSettings ?? {};
    if (!exchange.log && !(destinationArn && format)) return;
    const streams = this.#streamsOf(api.id, stage);
    exchange.log?.flush(this.#logs, `API-Gateway-Execution-Logs_${api.id}/${stage.stageName}`, streams.execution);
    if (destinationArn && format) {
      const variables = accessVariables(exchange, answer, latencyMs);
      writeAccessLog(this.#logs, { destinationArn, format }, streams.access, variables, now);
    }
  }

  #streamsOf(apiId: string, stage: Stage): Streams {
    const key = `${apiId}/${stage.stageName}/${stage.createdDate.getTime()}`;
    let streams = this.#streams.get(key);
    if (!streams) {
      streams = { execution: newLogStreamName(this.#random), access: newLogStreamName(this.#random) };
      this.#streams.set(key, streams);
    }
    return streams;
  }
}

/** `$context` of access logs (developer guide, "Variables for access logging"). */
function accessVariables(exchange: Exchange, answer: GatewayAnswer, latencyMs: number): object {
  const { context, integrationLatencyMs, integrationStatus } = exchange;
  return {
    ...context,
    status: answer.status,
    responseLatency: latencyMs,
    responseLength: Buffer.byteLength(answer.body),
    integrationLatency: integrationLatencyMs,
    integrationStatus,
    integration: {
      integrationStatus,
      status: integrationStatus,
      latency: integrationLatencyMs,
      requestId: context.awsEndpointRequestId,
    },
    xrayTraceId: `Root=${exchange.traceRoot}`,
  };
}
