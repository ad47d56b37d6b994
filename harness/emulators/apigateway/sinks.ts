/** One line of a log. `timestamp` is ms since the epoch, on the clock. */
export interface LogEvent {
  readonly timestamp: number;
  readonly message: string;
}

/** Where execution and access logs go. */
export interface LogSink {
  /** Adds events, oldest first, to a stream; makes the group and the stream if they are not there. */
  put(group: string, stream: string, events: readonly LogEvent[]): Promise<void> | void;
}

export type MetricUnit = 'Count' | 'Milliseconds';

/** Where metrics go. */
export interface MetricsSink {
  /** Adds one sample, dated with the clock's now. The same `dimensions` object is handed in again and again. */
  count(
    namespace: string,
    metric: string,
    dimensions: Readonly<Record<string, string>>,
    value: number,
    unit?: MetricUnit,
  ): void;
}
