import { SetQueueAttributes$, type SetQueueAttributesRequest } from '@aws-sdk/client-sqs';
import type { Operation } from '../../../edge/emulator.ts';
import { errors } from '../errors.ts';
import { readAttributes } from '../queue-attributes.ts';
import type { Queues } from '../queues.ts';

/** API_SetQueueAttributes.html */
export function setQueueAttributes(queues: Queues): Operation<SetQueueAttributesRequest, void> {
  return {
    schema: SetQueueAttributes$,
    run({ QueueUrl, Attributes }, call) {
      const queue = queues.get(QueueUrl, call);
      if (!Attributes) throw errors.missing('Attributes');
      queues.change(queue, readAttributes(Attributes, queue.fifo));
    },
  };
}
