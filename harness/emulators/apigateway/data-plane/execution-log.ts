import type { Clock } from '../../../clock/index.ts';
import type { LogEvent, LogSink } from '../../../edge/sinks.ts';
import { MAX_LOG_EVENT_BYTES } from '../limits.ts';
import type { LogLevel } from '../store/model.ts';

const TRUNCATED = ' [TRUNCATED]';

/**
 * The execution log of one request, handed to the sink in one piece when the request is over. Which line belongs to
 * which level is as in logs that people have published: with INFO alone there is nothing of what a request or an
 * answer consists of, which data tracing adds line by line.
 */
export class ExecutionLog {
  readonly #clock: Clock;
  readonly #prefix: string;
  /** True for the level INFO. */
  readonly showsInfo: boolean;
  /** True when headers, parameters and bodies are to be logged. */
  readonly dataTrace: boolean;
  readonly #lines: LogEvent[] = [];

  constructor(clock: Clock, requestId: string, level: Exclude<LogLevel, 'OFF'>, dataTrace: boolean) {
    this.#clock = clock;
    this.#prefix = `(${requestId}) `;
    this.showsInfo = level === 'INFO';
    this.dataTrace = dataTrace && this.showsInfo;
  }

  info(message: string): void {
    if (this.showsInfo) this.#add(message);
  }

  /** A line about what a request or an answer consists of, which only data tracing shows. */
  trace(message: () => string): void {
    if (this.dataTrace) this.#add(message());
  }

  error(message: string): void {
    this.#add(message);
  }

  /** What was logged so far, oldest first, without the request's id before each line. */
  get lines(): readonly LogEvent[] {
    return this.#lines;
  }

  flush(sink: LogSink, group: string, stream: string): void {
    if (this.#lines.length === 0) return;
    const events = this.#lines.map(({ timestamp, message }) => ({ timestamp, message: this.#prefix + message }));
    sink.put(group, stream, events);
  }

  #add(message: string): void {
    this.#lines.push({ timestamp: this.#clock.now(), message: truncate(message) });
  }
}

/** API Gateway cuts a line after 1,024 bytes, the request's id before it not counted; here never inside a character. */
export function truncate(message: string): string {
  // A UTF-16 unit is at most three bytes of UTF-8.
  if (message.length * 3 <= MAX_LOG_EVENT_BYTES) return message;
  // Of a body of megabytes, no more than could be shown is looked at.
  const bytes = Buffer.from(message.slice(0, MAX_LOG_EVENT_BYTES + 1));
  if (bytes.length <= MAX_LOG_EVENT_BYTES) return message;
  let end = MAX_LOG_EVENT_BYTES;
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return bytes.toString('utf8', 0, end) + TRUNCATED;
}

const MASKED_HEADERS = new Set(['authorization', 'x-api-key']);
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
