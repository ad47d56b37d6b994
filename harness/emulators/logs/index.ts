import type { Emulator, EmulatorContext } from '../../edge/emulator.ts';
import type { LogSink } from '../../edge/sinks.ts';
import { createLogGroup } from './operations/create-log-group.ts';
import { createLogStream } from './operations/create-log-stream.ts';
import { deleteLogGroup } from './operations/delete-log-group.ts';
import { deleteLogStream } from './operations/delete-log-stream.ts';
import { deleteRetentionPolicy } from './operations/delete-retention-policy.ts';
import { describeLogGroups } from './operations/describe-log-groups.ts';
import { describeLogStreams } from './operations/describe-log-streams.ts';
import { filterLogEvents } from './operations/filter-log-events.ts';
import { getLogEvents } from './operations/get-log-events.ts';
import { listTagsForResource } from './operations/list-tags-for-resource.ts';
import { listTagsLogGroup } from './operations/list-tags-log-group.ts';
import { putLogEvents } from './operations/put-log-events.ts';
import { putRetentionPolicy } from './operations/put-retention-policy.ts';
import { tagLogGroup } from './operations/tag-log-group.ts';
import { tagResource } from './operations/tag-resource.ts';
import { untagLogGroup } from './operations/untag-log-group.ts';
import { untagResource } from './operations/untag-resource.ts';
import { LogService } from './service.ts';
import { createSink } from './sink.ts';

/** Amazon CloudWatch Logs on the bench's clock. The sink may be used at once. */
export function createLogs(context: EmulatorContext): Emulator & { readonly sink: LogSink } {
  const service = new LogService(context);
  return {
    service: 'logs',
    protocol: { kind: 'json', version: '1.1', targetPrefix: 'Logs_20140328' },
    operations: [
      createLogGroup(service),
      createLogStream(service),
      deleteLogGroup(service),
      deleteLogStream(service),
      deleteRetentionPolicy(service),
      describeLogGroups(service),
      describeLogStreams(service),
      filterLogEvents(service),
      getLogEvents(service),
      listTagsForResource(service),
      listTagsLogGroup(service),
      putLogEvents(service),
      putRetentionPolicy(service),
      tagLogGroup(service),
      tagResource(service),
      untagLogGroup(service),
      untagResource(service),
    ],
    sink: createSink(service, context.defaults),
    async stop() {
      service.events.close();
    },
    async reset() {
      service.clear();
    },
  };
}
