import { CreateQueue$, type CreateQueueRequest, type CreateQueueResult } from '@aws-sdk/client-sqs';
import type { Operation } from '../../../edge/emulator.ts';
import { errors } from '../errors.ts';
import { MAX_QUEUE_NAME_LENGTH } from '../limits.ts';
import { readAttributes } from '../queue-attributes.ts';
import { queueUrl } from '../queue-url.ts';
import { arnOf, type Queues } from '../queues.ts';
import { checkTags } from './tags.ts';

/** API_CreateQueue.html. Asked for again with the same attributes, or with none, it answers with the queue's URL. */
export function createQueue(queues: Queues): Operation<CreateQueueRequest, CreateQueueResult> {
  return {
    schema: CreateQueue$,
    run({ QueueName: name, Attributes = {}, tags = {} }, call) {
      if (name === undefined) throw errors.missing('QueueName');
      const fifo = Attributes.FifoQueue?.toLowerCase() === 'true';
      checkName(name, fifo);
      const location = { accountId: call.accountId, region: call.region, name };
      const existing = queues.find(arnOf(location));
      const given = readAttributes(Attributes, existing?.fifo ?? fifo);
      if (!existing) {
        checkTags(tags);
        queues.create(location, fifo, given, new Map(Object.entries(tags)));
        return { QueueUrl: queueUrl(location, call) };
      }
      queues.readPolicies(existing, given);
      for (const [attribute, value] of given) {
        if ((existing.attributes.get(attribute) ?? '') !== value) throw errors.queueExists(attribute);
      }
      return { QueueUrl: queueUrl(location, call) };
    },
  };
}

function checkName(name: string, fifo: boolean): void {
  const characters = fifo ? /^[A-Za-z0-9_-]*\.fifo$/ : /^[A-Za-z0-9_-]+$/;
  if (characters.test(name) && name.length <= MAX_QUEUE_NAME_LENGTH) return;
  throw errors.invalid(
    fifo
      ? 'The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length'
      : 'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
  );
}
