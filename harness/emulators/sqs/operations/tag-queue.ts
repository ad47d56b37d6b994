import { TagQueue$, type TagQueueRequest } from '@aws-sdk/client-sqs';
import type { Operation } from '../../../edge/emulator.ts';
import { errors } from '../errors.ts';
import type { Queues } from '../queues.ts';
import { checkTags } from './tags.ts';

/** API_TagQueue.html */
export function tagQueue(queues: Queues): Operation<TagQueueRequest, void> {
  return {
    schema: TagQueue$,
    run({ QueueUrl, Tags }, call) {
      const queue = queues.get(QueueUrl, call);
      if (!Tags) throw errors.missing('Tags');
      checkTags({ ...Object.fromEntries(queue.tags), ...Tags });
      for (const [key, value] of Object.entries(Tags)) queue.tags.set(key, value);
    },
  };
}
