import * as api from '@aws-sdk/client-iot-data-plane';
import type { StaticOperationSchema } from '@smithy/types';
import type { Operation } from '../../../edge/emulator.ts';
import { errors } from '../errors.ts';
import { MAX_RETAINED_PAGE } from '../limits.ts';
import { page } from '../page.ts';
import { Violations } from '../violations.ts';
import type { DataPlaneParts } from './index.ts';

/** With topics whose slashes are not encoded, too. */
const GET_SCHEMA: StaticOperationSchema = [
  api.GetRetainedMessage$[0],
  api.GetRetainedMessage$[1],
  api.GetRetainedMessage$[2],
  { http: ['GET', '/retainedMessage/{topic+}', 200] },
  api.GetRetainedMessage$[4],
  api.GetRetainedMessage$[5],
];

export function getRetainedMessage({ broker }: DataPlaneParts): Operation {
  const operation: Operation<api.GetRetainedMessageRequest, api.GetRetainedMessageResponse> = {
    schema: GET_SCHEMA,
    run({ topic = '' }) {
      const message = broker.retained(topic);
      if (!message) throw errors.notFound(`No retained message found for topic: ${topic}`);
      return { topic, payload: message.payload, qos: message.qos, lastModifiedTime: message.at };
    },
  };
  return operation as Operation;
}

export function listRetainedMessages({ broker }: DataPlaneParts): Operation {
  const operation: Operation<api.ListRetainedMessagesRequest, api.ListRetainedMessagesResponse> = {
    schema: api.ListRetainedMessages$,
    run({ nextToken, maxResults }) {
      const violations = new Violations();
      violations.range('maxResults', maxResults, MAX_RETAINED_PAGE);
      violations.raise();
      const { items, next } = page(broker.retainedTopics(), nextToken, maxResults ?? MAX_RETAINED_PAGE);
      return {
        retainedTopics: items.map(({ topic, payload, qos, at }) => ({
          topic,
          payloadSize: payload.length,
          qos,
          lastModifiedTime: at,
        })),
        ...(next && { nextToken: next }),
      };
    },
  };
  return operation as Operation;
}
