import {
  GetQueueAttributes$,
  type GetQueueAttributesRequest,
  type GetQueueAttributesResult,
} from '@aws-sdk/client-sqs';
import type { Operation } from '../../../edge/emulator.ts';
import { errors } from '../errors.ts';
import type { Queue } from '../queue.ts';
import { READABLE } from '../queue-attributes.ts';
import type { Queues } from '../queues.ts';

/** API_GetQueueAttributes.html */
export function getQueueAttributes(queues: Queues): Operation<GetQueueAttributesRequest, GetQueueAttributesResult> {
  return {
    schema: GetQueueAttributes$,
    run({ QueueUrl, AttributeNames = [] }, call) {
      const queue = queues.get(QueueUrl, call);
      const names: readonly string[] = AttributeNames;
      for (const name of names) if (name !== 'All' && !READABLE.has(name)) throw errors.unknownAttribute(name);
      const all = allOf(queue);
      const wanted = names.includes('All') ? all : all.filter(([name]) => names.includes(name));
      return wanted.length > 0 ? { Attributes: Object.fromEntries(wanted) } : {};
    },
  };
}

function allOf(queue: Queue): [name: string, value: string][] {
  const { visible, delayed, inFlight } = queue.messages.counts();
  return [
    ['QueueArn', queue.arn],
    ['ApproximateNumberOfMessages', String(visible)],
    ['ApproximateNumberOfMessagesDelayed', String(delayed)],
    ['ApproximateNumberOfMessagesNotVisible', String(inFlight)],
    ['CreatedTimestamp', String(Math.floor(queue.createdAt / 1000))],
    ['LastModifiedTimestamp', String(Math.floor(queue.modifiedAt / 1000))],
    ...queue.attributes,
  ];
}
