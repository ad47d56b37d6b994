import { CreateLogStream$, type CreateLogStreamRequest } from '@aws-sdk/client-cloudwatch-logs';
import type { Operation } from '../../../edge/emulator.ts';
import { LOG_GROUP_NAME, LOG_STREAM_NAME, member, validate } from '../constraints.ts';
import { streamExists } from '../errors.ts';
import type { LogService } from '../service.ts';

/** API_CreateLogStream.html */
export function createLogStream(service: LogService): Operation<CreateLogStreamRequest, object> {
  return {
    schema: CreateLogStream$,
    run({ logGroupName, logStreamName }, call) {
      validate(
        member('logGroupName', logGroupName, { ...LOG_GROUP_NAME, required: true }),
        member('logStreamName', logStreamName, { ...LOG_STREAM_NAME, required: true }),
      );
      const name = logStreamName as string;
      const group = service.group(call, logGroupName);
      if (group.streams.has(name)) throw streamExists();
      service.catalog.createStream(group, name);
      return {};
    },
  };
}
