import type { Message, MessageAttributeValue } from '@aws-sdk/client-sqs';
import type { SqsMapping } from '../../functions/model.ts';
import { regionOf } from '../names.ts';

/** What of a mapping is seen in its events. */
export type EventSource = Pick<SqsMapping, 'eventSourceArn' | 'batchingWindowMs'>;

/** AWS's order of the system attributes in an event; those not named here come last. */
const ATTRIBUTE_ORDER = [
  'ApproximateReceiveCount',
  'AWSTraceHeader',
  'SentTimestamp',
  'SequenceNumber',
  'MessageGroupId',
  'SenderId',
  'MessageDeduplicationId',
  'ApproximateFirstReceiveTimestamp',
];

const OPENING = '{"Records":[';
const CLOSING = ']}';
export const ENVELOPE_BYTES = OPENING.length + CLOSING.length;

/**
 * A message in the event that a handler gets (Lambda developer guide, "Using Lambda with Amazon SQS"), as JSON. Every
 * value is a string.
 */
export function eventRecord(message: Message, { eventSourceArn, batchingWindowMs }: EventSource): string {
  const { MessageId, ReceiptHandle, Body, Attributes = {}, MessageAttributes = {} } = message;
  // Of a message without attributes AWS was recorded to say null with a batching window, and nothing without one.
  const md5OfMessageAttributes = message.MD5OfMessageAttributes ?? (batchingWindowMs > 0 ? null : undefined);
  return JSON.stringify({
    messageId: MessageId,
    receiptHandle: ReceiptHandle,
    body: Body,
    attributes: inOrder(Attributes),
    messageAttributes: Object.fromEntries(
      Object.entries(MessageAttributes).map(([name, value]) => [name, eventAttribute(value)]),
    ),
    ...(md5OfMessageAttributes === undefined ? {} : { md5OfMessageAttributes }),
    md5OfBody: message.MD5OfBody,
    eventSource: 'aws:sqs',
    eventSourceARN: eventSourceArn,
    awsRegion: regionOf(eventSourceArn),
  });
}

/** The whole event from its records. */
export function eventOf(records: readonly string[]): Buffer {
  return Buffer.from(`${OPENING}${records.join(',')}${CLOSING}`);
}

function inOrder(attributes: Readonly<Record<string, string>>): Record<string, string> {
  const known = ATTRIBUTE_ORDER.flatMap((name) => {
    const value = attributes[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(known), ...attributes };
}

function eventAttribute({ DataType, StringValue, BinaryValue }: MessageAttributeValue): object {
  return {
    ...(StringValue === undefined ? {} : { stringValue: StringValue }),
    ...(BinaryValue === undefined ? {} : { binaryValue: Buffer.from(BinaryValue).toString('base64') }),
    stringListValues: [],
    binaryListValues: [],
    dataType: DataType,
  };
}
