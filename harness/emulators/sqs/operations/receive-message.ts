import {
  type Message,
  ReceiveMessage$,
  type ReceiveMessageRequest,
  type ReceiveMessageResult,
} from '@aws-sdk/client-sqs';
import type { Operation } from '../../../edge/emulator.ts';
import type { QueuedMessage } from '../engine/message.ts';
import { errors } from '../errors.ts';
import { MAX_RECEIVED, MAX_VISIBILITY_TIMEOUT, MAX_WAIT } from '../limits.ts';
import { chosenAttributes, md5OfAttributes } from '../message-attributes.ts';
import { type Queue, seconds } from '../queue.ts';
import type { Queues } from '../queues.ts';
import { receiptHandle } from '../receipt-handle.ts';
import { receive } from '../receiving.ts';

/** API_ReceiveMessage.html */
export function receiveMessage(queues: Queues): Operation<ReceiveMessageRequest, ReceiveMessageResult> {
  return {
    schema: ReceiveMessage$,
    async run(input, call) {
      const queue = queues.get(input.QueueUrl, call);
      check(input);
      const wanted = {
        max: input.MaxNumberOfMessages ?? 1,
        visibilityMs: input.VisibilityTimeout === undefined ? undefined : input.VisibilityTimeout * 1000,
        waitMs: (input.WaitTimeSeconds ?? seconds(queue, 'ReceiveMessageWaitTimeSeconds')) * 1000,
      };
      const messages = await receive(queues, queue, wanted, call);
      return messages.length > 0 ? { Messages: messages.map((message) => shown(queue, message, input)) } : {};
    },
  };
}

function check({ MaxNumberOfMessages: max, VisibilityTimeout, WaitTimeSeconds, ...rest }: ReceiveMessageRequest): void {
  if (rest.ReceiveRequestAttemptId !== undefined) throw errors.unsupported('ReceiveRequestAttemptId');
  if (max !== undefined && (max < 1 || max > MAX_RECEIVED)) {
    const reason = `Must be between 1 and ${MAX_RECEIVED}, if provided.`;
    throw errors.invalidValue(max, 'MaxNumberOfMessages', reason);
  }
  if (VisibilityTimeout !== undefined && (VisibilityTimeout < 0 || VisibilityTimeout > MAX_VISIBILITY_TIMEOUT)) {
    const reason = `Must be >= 0 and <= ${MAX_VISIBILITY_TIMEOUT}, if provided.`;
    throw errors.invalidValue(VisibilityTimeout, 'VisibilityTimeout', reason);
  }
  if (WaitTimeSeconds !== undefined && (WaitTimeSeconds < 0 || WaitTimeSeconds > MAX_WAIT)) {
    const reason = `Must be >= 0 and <= ${MAX_WAIT}, if provided.`;
    throw errors.invalidValue(WaitTimeSeconds, 'WaitTimeSeconds', reason);
  }
}

/** A message with what its receiver asks to see of it. */
function shown(queue: Queue, message: QueuedMessage, input: ReceiveMessageRequest): Message {
  const { content } = message;
  const names: readonly string[] = [...(input.AttributeNames ?? []), ...(input.MessageSystemAttributeNames ?? [])];
  const system = systemAttributes(message).filter(([name]) => names.includes('All') || names.includes(name));
  const attributes = chosenAttributes(content.attributes, input.MessageAttributeNames ?? []);
  return {
    MessageId: content.id,
    ReceiptHandle: receiptHandle(queue.id, { messageId: content.id, receive: message.receivesHere }),
    MD5OfBody: content.md5OfBody,
    Body: content.body,
    ...(system.length > 0 ? { Attributes: Object.fromEntries(system) } : {}),
    ...(Object.keys(attributes).length > 0
      ? { MD5OfMessageAttributes: md5OfAttributes(attributes), MessageAttributes: attributes }
      : {}),
  };
}

function systemAttributes({ content, ...message }: QueuedMessage): [name: string, value: string][] {
  const optional: [string, string | undefined][] = [
    ['MessageGroupId', content.groupId],
    ['MessageDeduplicationId', content.deduplicationId],
    ['SequenceNumber', content.sequenceNumber],
    ['AWSTraceHeader', content.traceHeader],
    ['DeadLetterQueueSourceArn', message.deadLetterSource],
  ];
  return [
    ['SenderId', content.senderId],
    ['SentTimestamp', String(message.sentAt)],
    ['ApproximateReceiveCount', String(message.receiveCount)],
    ['ApproximateFirstReceiveTimestamp', String(message.firstReceivedAt)],
    ...optional.filter((pair): pair is [string, string] => pair[1] !== undefined),
  ];
}
