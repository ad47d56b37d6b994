import { GetQueueAttributesCommand, SetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { z } from 'zod';
import { unless } from './aws-errors.ts';
import { defineResource, type ResourceContext } from './resource-type.ts';
import { json, text } from './schemas.ts';
import { NO_SUCH_QUEUE } from './sqs-queue.ts';

export const sqsQueuePolicy = defineResource({
  type: 'AWS::SQS::QueuePolicy',
  properties: z.strictObject({ PolicyDocument: json(), Queues: z.array(text()).min(1, 'must name a queue') }),
  attributes: ['Id'],
  async create({ PolicyDocument, Queues }, context) {
    await setPolicy(Queues, PolicyDocument, context);
    const ref = context.physicalName({ maxLength: 80 });
    return { ref, attributes: { Id: ref } };
  },
  async exists({ Queues }, _made, context) {
    const sqs = context.aws.client(SQSClient, context.region);
    const policies = await Promise.all(
      Queues.map((QueueUrl) =>
        unless(NO_SUCH_QUEUE, async () => {
          const asked = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['Policy'] });
          return (await sqs.send(asked)).Attributes?.Policy;
        }),
      ),
    );
    return policies.every((policy) => policy !== undefined && policy !== '');
  },
  delete: ({ Queues }, _made, context) => setPolicy(Queues, '', context),
  // A queue takes its policy along.
  partOf: ({ Queues }) => (Queues.length === 1 ? (Queues[0] ?? '') : ''),
});

async function setPolicy(queues: readonly string[], policy: string, context: ResourceContext): Promise<void> {
  const sqs = context.aws.client(SQSClient, context.region);
  const set = (QueueUrl: string) =>
    sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy: policy } }));
  for (const queue of queues) {
    if (policy === '') await unless(NO_SUCH_QUEUE, () => set(queue));
    else await set(queue);
  }
}
