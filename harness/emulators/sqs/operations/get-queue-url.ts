import { GetQueueUrl$, type GetQueueUrlRequest, type GetQueueUrlResult } from '@aws-sdk/client-sqs';
import type { Operation } from '../../../edge/emulator.ts';
import { errors } from '../errors.ts';
import { queueUrl } from '../queue-url.ts';
import type { Queues } from '../queues.ts';

/** API_GetQueueUrl.html */
export function getQueueUrl(queues: Queues): Operation<GetQueueUrlRequest, GetQueueUrlResult> {
  return {
    schema: GetQueueUrl$,
    run({ QueueName: name, QueueOwnerAWSAccountId }, call) {
      if (name === undefined) throw errors.missing('QueueName');
      const accountId = QueueOwnerAWSAccountId ?? call.accountId;
      if (!queues.at({ accountId, region: call.region, name })) throw errors.noSuchQueue(call);
      return { QueueUrl: queueUrl({ accountId, name }, call) };
    },
  };
}
