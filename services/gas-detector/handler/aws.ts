import { IoTDataPlaneClient, PublishCommand } from '@aws-sdk/client-iot-data-plane';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Settings } from './settings.ts';
import { sign } from './sign.ts';
import type { Ask } from './store.ts';
import type { Parts } from './take.ts';

/**
 * How long others are waited for, in ms. A post may need OpenSearch twice, then the queue, then IoT: with these about
 * 20 s in all, and the function has 25.
 */
const CONNECT_WITHIN_MS = 1_000;
const ANSWER_WITHIN_MS = 2_000;
const TRIES = 2;
const OPENSEARCH_WITHIN_MS = 4_000;

const LIMITS = {
  maxAttempts: TRIES,
  requestHandler: {
    connectionTimeout: CONNECT_WITHIN_MS,
    requestTimeout: ANSWER_WITHIN_MS,
    throwOnRequestTimeout: true,
  },
};

/** Publishes with QoS 1. Without an endpoint of the account's own the region's is used, which knows it by the signature. */
export function iotPublisher({ topic, iotEndpoint }: Settings): Parts['publish'] {
  const client = new IoTDataPlaneClient({ ...LIMITS, ...(iotEndpoint ? { endpoint: iotEndpoint } : {}) });
  return async (message) => {
    await client.send(new PublishCommand({ topic, qos: 1, payload: Buffer.from(JSON.stringify(message)) }));
  };
}

export function waitingQueue({ waitingUrl }: Settings): Parts['wait'] {
  const client = new SQSClient(LIMITS);
  return async (reading) => {
    await client.send(new SendMessageCommand({ QueueUrl: waitingUrl, MessageBody: JSON.stringify(reading) }));
  };
}

/** Requests to the domain, signed as the function's role, which the domain's IP addresses do not matter to. */
export function signedAsk({ endpoint, region }: Settings): Ask {
  return async (method, path, body) => {
    const url = new URL(endpoint.href.replace(/\/$/, '') + path);
    const { AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '', AWS_SESSION_TOKEN } = process.env;
    const credentials = {
      accessKeyId: AWS_ACCESS_KEY_ID,
      secretAccessKey: AWS_SECRET_ACCESS_KEY,
      sessionToken: AWS_SESSION_TOKEN,
    };
    const unsigned = { method, url, body, headers: { 'content-type': 'application/json' } };
    const response = await fetch(url, {
      method,
      headers: sign(unsigned, credentials, { region, service: 'es', date: new Date() }),
      body,
      signal: AbortSignal.timeout(OPENSEARCH_WITHIN_MS),
    });
    return { status: response.status, text: await response.text() };
  };
}
