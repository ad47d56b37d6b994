import type { Clock } from '../../../clock/index.ts';
import type { LogEvent, LogSink } from '../../../edge/sinks.ts';
import { MAX_LOG_EVENT_BYTES } from '../limits.ts';
import type { LogLevel } from '../store/model.ts';

const TRUNCATED = ' [TRUNCATED]';

/** The execution log of one request, handed to the sink in one piece when the request is over. */
export class ExecutionLog {
  readonly #clock: Clock;
  readonly #prefix: string;
  /** True for the level INFO. */
  readonly showsInfo: boolean;
  /** True when bodies are to be logged. */
  readonly dataTrace: boolean;
  readonly #events: LogEvent[] = [];

  constructor(clock: Clock, requestId: string, level: Exclude<LogLevel, 'OFF'>, dataTrace: boolean) {
    this.#clock = clock;
    this.#prefix = `(${requestId}) `;
    this.showsInfo = level === 'INFO';
    this.dataTrace = dataTrace && this.showsInfo;
  }

  info(message: string): void {
    if (this.showsInfo) this.#add(message);
  }

  /** A line with a body, which only data tracing shows. */
  trace(message: () => string): void {
    if (this.dataTrace) this.#add(message());
  }

  error(message: string): void {
    this.#add(message);
  }

  flush(sink: LogSink, group: string, stream: string): void {
    if (this.#events.length > 0) void sink.put(group, stream, this.#events);
  }

  #add(message: string): void {
    this.#events.push({ timestamp: this.#clock.now(), message: truncate(this.#prefix + message) });
  }
}

/** API Gateway cuts an event after 1,024 bytes, here never inside a character. */
export function truncate(message: string): string {
  // A UTF-16 unit is at most three bytes of UTF-8.
  if (message.length * 3 <= MAX_LOG_EVENT_BYTES) return message;
  const bytes = Buffer.from(message);
  if (bytes.length <= MAX_LOG_EVENT_BYTES) return message;
  let end = MAX_LOG_EVENT_BYTES;
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return bytes.toString('utf8', 0, end) + TRUNCATED;
}

const MASKED_HEADERS = new Set(['authorization', 'x-api-key', 'x-amz-security-token']);
const SHOWN_AT_END = 6;

/** Stars, but for the last six characters. */
export function mask(value: string): string {
  const hidden = Math.max(0, value.length - SHOWN_AT_END);
  return '*'.repeat(hidden) + value.slice(hidden);
}

/** `{Content-Type=application/json, Host=…}`, as Java prints a map, with secrets masked. */
export function javaMap(entries: Iterable<readonly [string, string]>): string {
  const parts: string[] = [];
  for (const [name, value] of entries) {
    parts.push(`${name}=${MASKED_HEADERS.has(name.toLowerCase()) ? mask(value) : value}`);
  }
  return `{${parts.join(', ')}}`;
}
