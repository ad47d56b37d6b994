import { UntagResource$, type UntagResourceRequest } from '@aws-sdk/client-cloudwatch-logs';
import type { Operation } from '../../../edge/emulator.ts';
import { member, RESOURCE_ARN, size, TAG_KEY, validate } from '../constraints.ts';
import type { LogService } from '../service.ts';

const MAX_TAG_KEYS = 50;

/** API_UntagResource.html; of log groups only. */
export function untagResource(service: LogService): Operation<UntagResourceRequest, object> {
  return {
    schema: UntagResource$,
    run({ resourceArn, tagKeys }, call) {
      validate(
        member('resourceArn', resourceArn, { ...RESOURCE_ARN, required: true }),
        size('tagKeys', tagKeys?.length, { required: true, max: MAX_TAG_KEYS }),
        ...(tagKeys ?? []).map((key, at) => member(`tagKeys.${at + 1}.member`, key, TAG_KEY)),
      );
      const group = service.groupByArn(call, resourceArn);
      for (const key of tagKeys ?? []) group.tags.delete(key);
      return {};
    },
  };
}
