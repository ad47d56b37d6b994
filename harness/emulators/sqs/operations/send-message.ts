import { SendMessage$, type SendMessageRequest, type SendMessageResult } from '@aws-sdk/client-sqs';
import type { Operation } from '../../../edge/emulator.ts';
import type { Queues } from '../queues.ts';
import { Sending } from '../sending.ts';

/** API_SendMessage.html */
export function sendMessage(queues: Queues): Operation<SendMessageRequest, SendMessageResult> {
  return {
    schema: SendMessage$,
    run({ QueueUrl, ...message }, call) {
      const sending = new Sending(queues, queues.get(QueueUrl, call), call);
      const sent = sending.send(message);
      sending.finish();
      return sent;
    },
  };
}
