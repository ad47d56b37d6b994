import type { Scope } from './catalog.ts';
import type { NewLogEvent } from './event-store.ts';
import type { LogService } from './service.ts';

/** How other emulators write logs, as the AWS services that they play do behind the scenes. */
export interface LogSink {
  /**
   * Stores events of one stream, in order; makes the group and the stream when they are missing. Returns before they
   * are on disk, though every reader sees them. The caller must not change `events` afterwards.
   *
   * @param events `timestamp` in ms since the epoch
   */
  put(group: string, stream: string, events: readonly NewLogEvent[]): void;
}

export function createSink(service: LogService, scope: Scope): LogSink {
  return {
    put(groupName, streamName, events) {
      const group = service.catalog.group(scope, groupName) ?? service.catalog.createGroup(scope, groupName);
      const stream = group.streams.get(streamName) ?? service.catalog.createStream(group, streamName);
      service.ingest(group, stream, events);
    },
  };
}
