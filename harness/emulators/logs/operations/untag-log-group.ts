import { UntagLogGroup$, type UntagLogGroupRequest } from '@aws-sdk/client-cloudwatch-logs';
import type { Operation } from '../../../edge/emulator.ts';
import { LOG_GROUP_NAME, member, size, TAG_KEY, validate } from '../constraints.ts';
import type { LogService } from '../service.ts';

/** API_UntagLogGroup.html; the older way, on the path to deprecation. */
export function untagLogGroup(service: LogService): Operation<UntagLogGroupRequest, object> {
  return {
    schema: UntagLogGroup$,
    run({ logGroupName, tags }, call) {
      validate(
        member('logGroupName', logGroupName, { ...LOG_GROUP_NAME, required: true }),
        size('tags', tags?.length, { required: true, min: 1 }),
        ...(tags ?? []).map((key, at) => member(`tags.${at + 1}.member`, key, TAG_KEY)),
      );
      const group = service.group(call, logGroupName);
      for (const key of tags ?? []) group.tags.delete(key);
      return {};
    },
  };
}
