import {
  ListTagsForResource$,
  type ListTagsForResourceRequest,
  type ListTagsForResourceResponse,
} from '@aws-sdk/client-cloudwatch-logs';
import type { Operation } from '../../../edge/emulator.ts';
import { member, RESOURCE_ARN, validate } from '../constraints.ts';
import type { LogService } from '../service.ts';

/** API_ListTagsForResource.html; of log groups only. */
export function listTagsForResource(
  service: LogService,
): Operation<ListTagsForResourceRequest, ListTagsForResourceResponse> {
  return {
    schema: ListTagsForResource$,
    run({ resourceArn }, call) {
      validate(member('resourceArn', resourceArn, { ...RESOURCE_ARN, required: true }));
      return { tags: Object.fromEntries(service.groupByArn(call, resourceArn).tags) };
    },
  };
}
