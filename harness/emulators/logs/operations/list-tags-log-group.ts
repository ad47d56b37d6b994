import {
  ListTagsLogGroup$,
  type ListTagsLogGroupRequest,
  type ListTagsLogGroupResponse,
} from '@aws-sdk/client-cloudwatch-logs';
import type { Operation } from '../../../edge/emulator.ts';
import { LOG_GROUP_NAME, member, validate } from '../constraints.ts';
import type { LogService } from '../service.ts';

/** API_ListTagsLogGroup.html; the older way, on the path to deprecation. */
export function listTagsLogGroup(service: LogService): Operation<ListTagsLogGroupRequest, ListTagsLogGroupResponse> {
  return {
    schema: ListTagsLogGroup$,
    run({ logGroupName }, call) {
      validate(member('logGroupName', logGroupName, { ...LOG_GROUP_NAME, required: true }));
      return { tags: Object.fromEntries(service.group(call, logGroupName).tags) };
    },
  };
}
