import { DeleteLogGroup$, type DeleteLogGroupRequest } from '@aws-sdk/client-cloudwatch-logs';
import type { Operation } from '../../../edge/emulator.ts';
import { LOG_GROUP_NAME, member, validate } from '../constraints.ts';
import type { LogService } from '../service.ts';

/** API_DeleteLogGroup.html */
export function deleteLogGroup(service: LogService): Operation<DeleteLogGroupRequest, object> {
  return {
    schema: DeleteLogGroup$,
    run({ logGroupName }, call) {
      validate(member('logGroupName', logGroupName, { ...LOG_GROUP_NAME, required: true }));
      const group = service.group(call, logGroupName);
      service.catalog.deleteGroup(call, group);
      service.events.deleteGroup(group.id);
      return {};
    },
  };
}
