import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Config } from '../config.ts';
import { Batcher } from './batcher.ts';

/** Per try, and for all tries of one batch, in ms. With maxWaitMs: what a caller waits for at most. */
const CONNECT_WITHIN_MS = 1_000;
const ANSWER_WITHIN_MS = 2_500;
const SEND_WITHIN_MS = 6_000;

const BATCHES = { lingerMs: 3, maxUnderWay: 16, maxWaiting: 5_000, maxWaitMs: 3_000 };

/** The way to the queue, with the SDK's own tries when it does not answer or says to come again. */
export function queueSender(config: Pick<Config, 'region' | 'queueUrl' | 'credentials' | 'endpoint'>): {
  readonly batcher: Batcher;
  close(): void;
} {
  const { region, queueUrl, credentials, endpoint } = config;
  const client = new SQSClient({
    region,
    maxAttempts: 3,
    requestHandler: {
      connectionTimeout: CONNECT_WITHIN_MS,
      requestTimeout: ANSWER_WITHIN_MS,
      throwOnRequestTimeout: true,
    },
    ...(credentials === undefined ? {} : { credentials }),
    ...(endpoint === undefined ? {} : { endpoint }),
  });
  const batcher = new Batcher({
    ...BATCHES,
    send: (entries) =>
      client.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries: [...entries] }), {
        abortSignal: AbortSignal.timeout(SEND_WITHIN_MS),
      }),
  });
  return { batcher, close: () => client.destroy() };
}
