import { TagLogGroup$, type TagLogGroupRequest } from '@aws-sdk/client-cloudwatch-logs';
import type { Operation } from '../../../edge/emulator.ts';
import { LOG_GROUP_NAME, member, validate } from '../constraints.ts';
import type { LogService } from '../service.ts';
import { addTags, checkTags } from '../tags.ts';

/** API_TagLogGroup.html; the older way, on the path to deprecation. */
export function tagLogGroup(service: LogService): Operation<TagLogGroupRequest, object> {
  return {
    schema: TagLogGroup$,
    run({ logGroupName, tags }, call) {
      validate(member('logGroupName', logGroupName, { ...LOG_GROUP_NAME, required: true }), ...checkTags(tags, true));
      addTags(service.group(call, logGroupName), tags ?? {});
      return {};
    },
  };
}
