import { ListQueues$, type ListQueuesRequest, type ListQueuesResult } from '@aws-sdk/client-sqs';
import type { Operation } from '../../../edge/emulator.ts';
import type { Queues } from '../queues.ts';
import { pageOf } from './pages.ts';

/** API_ListQueues.html */
export function listQueues(queues: Queues): Operation<ListQueuesRequest, ListQueuesResult> {
  return {
    schema: ListQueues$,
    run({ QueueNamePrefix = '', ...page }, call) {
      const wanted = queues.list(call).filter(({ name }) => name.startsWith(QueueNamePrefix));
      const { urls, next } = pageOf(wanted, page, call);
      return { ...(urls.length > 0 ? { QueueUrls: urls } : {}), ...next };
    },
  };
}
