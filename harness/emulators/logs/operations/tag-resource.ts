import { TagResource$, type TagResourceRequest } from '@aws-sdk/client-cloudwatch-logs';
import type { Operation } from '../../../edge/emulator.ts';
import { member, RESOURCE_ARN, validate } from '../constraints.ts';
import type { LogService } from '../service.ts';
import { addTags, checkTags } from '../tags.ts';

/** API_TagResource.html; of log groups only. */
export function tagResource(service: LogService): Operation<TagResourceRequest, object> {
  return {
    schema: TagResource$,
    run({ resourceArn, tags }, call) {
      validate(member('resourceArn', resourceArn, { ...RESOURCE_ARN, required: true }), ...checkTags(tags, true));
      addTags(service.groupByArn(call, resourceArn), tags ?? {});
      return {};
    },
  };
}
