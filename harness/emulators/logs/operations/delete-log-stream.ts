import { DeleteLogStream$, type DeleteLogStreamRequest } from '@aws-sdk/client-cloudwatch-logs';
import type { Operation } from '../../../edge/emulator.ts';
import { LOG_GROUP_NAME, LOG_STREAM_NAME, member, validate } from '../constraints.ts';
import { EVENT_OVERHEAD_BYTES, type LogService } from '../service.ts';

/** API_DeleteLogStream.html */
export function deleteLogStream(service: LogService): Operation<DeleteLogStreamRequest, object> {
  return {
    schema: DeleteLogStream$,
    run({ logGroupName, logStreamName }, call) {
      validate(
        member('logGroupName', logGroupName, { ...LOG_GROUP_NAME, required: true }),
        member('logStreamName', logStreamName, { ...LOG_STREAM_NAME, required: true }),
      );
      const group = service.group(call, logGroupName);
      const stream = service.stream(group, logStreamName);
      group.streams.delete(stream.name);
      const { events, bytes } = service.events.deleteStream(group.id, stream.id);
      group.storedBytes -= bytes + events * EVENT_OVERHEAD_BYTES;
      return {};
    },
  };
}
