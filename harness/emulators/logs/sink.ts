import type { LogSink } from '../../edge/sinks.ts';
import type { Scope } from './catalog.ts';
import type { LogService } from './service.ts';

export function createSink(service: LogService, scope: Scope): LogSink {
  return {
    put(groupName, streamName, events) {
      const group = service.catalog.group(scope, groupName) ?? service.catalog.createGroup(scope, groupName);
      const stream = group.streams.get(streamName) ?? service.catalog.createStream(group, streamName);
      service.ingest(group, stream, events);
    },
  };
}
