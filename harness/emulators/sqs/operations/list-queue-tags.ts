import { ListQueueTags$, type ListQueueTagsRequest, type ListQueueTagsResult } from '@aws-sdk/client-sqs';
import type { Operation } from '../../../edge/emulator.ts';
import type { Queues } from '../queues.ts';

/** API_ListQueueTags.html */
export function listQueueTags(queues: Queues): Operation<ListQueueTagsRequest, ListQueueTagsResult> {
  return {
    schema: ListQueueTags$,
    run({ QueueUrl }, call) {
      const { tags } = queues.get(QueueUrl, call);
      return tags.size > 0 ? { Tags: Object.fromEntries(tags) } : {};
    },
  };
}
