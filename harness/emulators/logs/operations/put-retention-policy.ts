import { PutRetentionPolicy$, type PutRetentionPolicyRequest } from '@aws-sdk/client-cloudwatch-logs';
import type { Operation } from '../../../edge/emulator.ts';
import { LOG_GROUP_NAME, member, validate } from '../constraints.ts';
import type { LogService } from '../service.ts';

/** API_PutRetentionPolicy.html */
const DAYS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

export function putRetentionPolicy(service: LogService): Operation<PutRetentionPolicyRequest, object> {
  return {
    schema: PutRetentionPolicy$,
    run({ logGroupName, retentionInDays }, call) {
      validate(
        member('logGroupName', logGroupName, { ...LOG_GROUP_NAME, required: true }),
        member('retentionInDays', retentionInDays, { integer: true, required: true, values: DAYS }),
      );
      service.group(call, logGroupName).retentionInDays = retentionInDays;
      return {};
    },
  };
}
