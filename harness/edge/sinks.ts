/** One line of a log. */
export interface LogEvent {
  /** ms since the epoch, on the clock. */
  readonly timestamp: number;
  readonly message: string;
}

/** How emulators write logs, as the AWS services that they play do behind the scenes. */
export interface LogSink {
  /**
   * Adds events to a stream, oldest first; makes the group and the stream when they are missing. Every reader sees them
   * at once. The caller must not change `events` afterwards.
   */
  put(group: string, stream: string, events: readonly LogEvent[]): void;
}

/** How emulators, and the edge for what passes it by, publish metrics. */
export interface MetricSink {
  /**
   * Adds one sample, dated with the clock's now. Cheap, and cheaper still when the same `dimensions` object is handed
   * in again and again; it must not change.
   *
   * @param unit one of CloudWatch's units; by default `Count`
   */
  count(
    namespace: string,
    metric: string,
    dimensions: Readonly<Record<string, string>>,
    value: number,
    unit?: string,
  ): void;
}
