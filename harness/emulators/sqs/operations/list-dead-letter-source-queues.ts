import {
  ListDeadLetterSourceQueues$,
  type ListDeadLetterSourceQueuesRequest,
  type ListDeadLetterSourceQueuesResult,
} from '@aws-sdk/client-sqs';
import type { Operation } from '../../../edge/emulator.ts';
import type { Queues } from '../queues.ts';
import { pageOf } from './pages.ts';

/** API_ListDeadLetterSourceQueues.html */
export function listDeadLetterSourceQueues(
  queues: Queues,
): Operation<ListDeadLetterSourceQueuesRequest, ListDeadLetterSourceQueuesResult> {
  return {
    schema: ListDeadLetterSourceQueues$,
    run({ QueueUrl, ...page }, call) {
      const { arn } = queues.get(QueueUrl, call);
      const sources = queues.list(call).filter((queue) => queue.redrivePolicy?.deadLetterTargetArn === arn);
      const { urls, next } = pageOf(sources, page, call);
      return { queueUrls: urls, ...next };
    },
  };
}
