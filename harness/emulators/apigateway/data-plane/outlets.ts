import type { EmulatorContext } from '../../../edge/emulator.ts';
import type { LogSink } from '../../../edge/sinks.ts';
import { newLogStreamName } from '../store/ids.ts';
import type { Stage } from '../store/model.ts';
import { accessLogLine, writeAccessLog } from './access-log.ts';
import { AccessLogDelivery } from './access-log-delivery.ts';
import type { Exchange, GatewayAnswer } from './exchange.ts';
import type { Metrics } from './metrics.ts';
import type { MethodRuntime } from './runtime.ts';

interface Streams {
  readonly execution: string;
  readonly access: string;
}

/**
 * Where it is told what became of a request: execution log, access log, metrics. Its caller need not wait for that: it is
 * told once the answers that are ready have been written, and before the event loop goes on, so before anybody who has
 * an answer can ask.
 */
export class Outlets {
  readonly #context: EmulatorContext;
  readonly #logs: LogSink;
  readonly #metrics: Metrics;
  readonly #delivery: AccessLogDelivery;
  /** By stage name and creation time, since a stage's object is replaced when it is updated. */
  readonly #streams = new Map<string, Streams>();
  #untold: (() => void)[] = [];
  #epoch = 0;

  constructor(context: EmulatorContext, logs: LogSink, metrics: Metrics) {
    this.#context = context;
    this.#logs = logs;
    this.#metrics = metrics;
    this.#delivery = new AccessLogDelivery(context);
  }

  /** To be asked for when a request begins; with each `clear` another one begins. */
  get epoch(): number {
    return this.#epoch;
  }

  /**
   * @param detailed the method, where it has metrics of its own
   * @param epoch when the request began; nobody is told of one from before a `clear`
   */
  finish(exchange: Exchange, answer: GatewayAnswer, detailed: MethodRuntime | undefined, epoch: number): void {
    if (epoch !== this.#epoch) return;
    const now = this.#context.clock.now();
    if (this.#untold.length === 0) process.nextTick(() => this.#tellAll());
    this.#untold.push(() => this.#tell(exchange, answer, detailed, now));
  }

  #tellAll(): void {
    const untold = this.#untold;
    this.#untold = [];
    for (const tell of untold) {
      try {
        tell();
      } catch (error) {
        this.#context.log.error('What became of a request could not be written down.', error);
      }
    }
  }

  #tell(exchange: Exchange, answer: GatewayAnswer, detailed: MethodRuntime | undefined, now: number): void {
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
    if (destinationArn && format) {
      const line = accessLogLine(format, { exchange, answer, latencyMs });
      writeAccessLog({ logs: this.#logs, delivery: this.#delivery }, destinationArn, streams.access, line, now);
    }
    exchange.log?.flush(this.#logs, `API-Gateway-Execution-Logs_${api.id}/${stage.stageName}`, streams.execution);
  }

  /** Forgets what has not been told yet, and what is under way. */
  clear(): void {
    this.#epoch++;
    this.#untold = [];
    this.#delivery.clear();
    this.#streams.clear();
  }

  #streamsOf(apiId: string, stage: Stage): Streams {
    const key = `${apiId}/${stage.stageName}/${stage.createdDate.getTime()}`;
    let streams = this.#streams.get(key);
    if (!streams) {
      const { random } = this.#context;
      streams = { execution: newLogStreamName(random), access: newLogStreamName(random) };
      this.#streams.set(key, streams);
    }
    return streams;
  }
}
