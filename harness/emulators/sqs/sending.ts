import { createHash } from 'node:crypto';
import type { SendMessageBatchRequestEntry } from '@aws-sdk/client-sqs';
import { AwsError } from '../../edge/aws-error.ts';
import type { Call } from '../../edge/emulator.ts';
import type { QueuedMessage } from './engine/message.ts';
import { errors } from './errors.ts';
import { MAX_DELAY } from './limits.ts';
import {
  checkAttributes,
  INVALID_CHARACTERS,
  isValidText,
  type MessageAttributes,
  md5,
  md5OfAttributes,
  sizeOf,
} from './message-attributes.ts';
import { type Queue, seconds } from './queue.ts';
import type { Queues } from './queues.ts';

/** What SendMessage, and an entry of SendMessageBatch, say of a message. */
export type MessageInput = Omit<SendMessageBatchRequestEntry, 'Id'>;

/** What the sender is told. */
export interface Sent {
  readonly MessageId: string;
  readonly MD5OfMessageBody: string;
  readonly MD5OfMessageAttributes: string | undefined;
  readonly MD5OfMessageSystemAttributes: string | undefined;
  readonly SequenceNumber: string | undefined;
}

/** Puts one message after the other into a queue, and tells all of them together when it is done. */
export class Sending {
  readonly #queues: Queues;
  readonly #queue: Queue;
  readonly #call: Call;
  readonly #sent: QueuedMessage[] = [];
  readonly #bytes: number[] = [];

  constructor(queues: Queues, queue: Queue, call: Call) {
    this.#queues = queues;
    this.#queue = queue;
    this.#call = call;
  }

  /** @throws AwsError what is wrong with the message */
  send(input: MessageInput): Sent {
    const queue = this.#queue;
    const body = input.MessageBody ?? '';
    const attributes: MessageAttributes = input.MessageAttributes ?? {};
    const bytes = checkContent(queue, body, attributes);
    const systemAttributes: MessageAttributes = input.MessageSystemAttributes ?? {};
    checkAttributes(systemAttributes);
    checkId(input.MessageDeduplicationId, 'MessageDeduplicationId');
    checkId(input.MessageGroupId, 'MessageGroupId');
    const delayMs = checkDelay(queue, input.DelaySeconds);
    const deduplicationId = checkFifo(queue, input, body);

    const told = {
      MD5OfMessageBody: md5(body),
      MD5OfMessageAttributes: md5OfAttributes(attributes),
      MD5OfMessageSystemAttributes: md5OfAttributes(systemAttributes),
    };
    const now = this.#queues.context.clock.now();
    const key = queue.deduplicatesByGroup ? `${input.MessageGroupId} ${deduplicationId}` : (deduplicationId ?? '');
    const before = queue.fifo ? queue.deduplication.find(key, now) : undefined;
    if (before) {
      this.#queues.journal.repeated(queue, before.messageId, bytes, this.#call);
      return { ...told, MessageId: before.messageId, SequenceNumber: before.sequenceNumber };
    }

    const id = this.#queues.context.random.uuid();
    const sequenceNumber = queue.fifo ? this.#queues.nextSequenceNumber() : undefined;
    const header = this.#call.request.headers['x-amzn-trace-id'];
    const message = queue.messages.put(
      {
        id,
        body,
        md5OfBody: told.MD5OfMessageBody,
        attributes,
        senderId: this.#call.accountId,
        traceHeader: systemAttributes.AWSTraceHeader?.StringValue ?? (typeof header === 'string' ? header : undefined),
        groupId: input.MessageGroupId,
        deduplicationId,
        sequenceNumber,
      },
      delayMs,
    );
    if (sequenceNumber !== undefined) queue.deduplication.remember(key, { messageId: id, sequenceNumber }, now);
    this.#sent.push(message);
    this.#bytes.push(bytes);
    return { ...told, MessageId: id, SequenceNumber: sequenceNumber };
  }

  /** Writes down what was sent, and only then lets those who wait have it. */
  finish(): void {
    this.#queues.journal.sent(this.#queue, this.#sent, this.#bytes, this.#call);
    this.#queue.messages.deliver();
  }
}

function checkContent(queue: Queue, body: string, attributes: MessageAttributes): number {
  if (body === '') throw errors.missing('MessageBody');
  const bytes = Buffer.byteLength(body) + sizeOf(attributes);
  const limit = seconds(queue, 'MaximumMessageSize');
  if (bytes > limit) throw tooLong(limit);
  if (!isValidText(body)) throw new AwsError('InvalidMessageContents', INVALID_CHARACTERS);
  checkAttributes(attributes);
  return bytes;
}

/** AWS says it in other words of an entry of a batch: see `inBatch`. */
function tooLong(limit: number): AwsError {
  return errors.invalid(`One or more parameters are invalid. Reason: Message must be shorter than ${limit} bytes.`);
}

/** The error of a message as it is told of an entry of a batch. */
export function inBatch(error: AwsError): AwsError {
  const message = error.message.replace(
    /^One or more parameters are invalid\. (?=Reason: Message must be shorter)/,
    'One or more parameters cannot be validated. ',
  );
  return message === error.message ? error : new AwsError(error.code, message, error.status);
}

function checkId(id: string | undefined, parameter: string): void {
  if (id === undefined || /^[!-~]{1,128}$/.test(id)) return;
  throw errors.invalidValue(
    id,
    parameter,
    `${parameter} can only include alphanumeric and punctuation characters. 1 to 128 in length.`,
  );
}

/** How long the message is to be kept back; undefined: as long as the queue says. */
function checkDelay(queue: Queue, delay: number | undefined): number | undefined {
  if (delay === undefined) return undefined;
  if (delay < 0 || delay > MAX_DELAY) {
    throw errors.invalidValue(delay, 'DelaySeconds', `DelaySeconds must be >= 0 and <= ${MAX_DELAY}.`);
  }
  if (!queue.fifo) return delay * 1000;
  if (delay === 0) return undefined;
  const reason = 'The request include parameter that is not valid for this queue type.';
  throw errors.invalidValue(delay, 'DelaySeconds', reason);
}

/** The deduplication id, by which a FIFO queue knows the message again. */
function checkFifo(queue: Queue, input: MessageInput, body: string): string | undefined {
  const { MessageDeduplicationId: id, MessageGroupId } = input;
  if (!queue.fifo) {
    if (id === undefined) return undefined;
    const reason = 'The request includes a parameter that is not valid for this queue type.';
    throw errors.invalidValue(id, 'MessageDeduplicationId', reason);
  }
  if (MessageGroupId === undefined) throw errors.missing('MessageGroupId');
  if (id !== undefined) return id;
  if (queue.attributes.get('ContentBasedDeduplication') !== 'true') throw noDeduplicationId();
  return createHash('sha256').update(body).digest('hex');
}

export function noDeduplicationId(): AwsError {
  return errors.invalid(
    'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
  );
}
