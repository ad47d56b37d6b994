import { DeleteRetentionPolicy$, type DeleteRetentionPolicyRequest } from '@aws-sdk/client-cloudwatch-logs';
import type { Operation } from '../../../edge/emulator.ts';
import { LOG_GROUP_NAME, member, validate } from '../constraints.ts';
import type { LogService } from '../service.ts';

/** API_DeleteRetentionPolicy.html */
export function deleteRetentionPolicy(service: LogService): Operation<DeleteRetentionPolicyRequest, object> {
  return {
    schema: DeleteRetentionPolicy$,
    run({ logGroupName }, call) {
      validate(member('logGroupName', logGroupName, { ...LOG_GROUP_NAME, required: true }));
      service.group(call, logGroupName).retentionInDays = undefined;
      return {};
    },
  };
}
