import type { Message, MessageAttributeValue } from '@aws-sdk/client-sqs';
import { regionOf } from '../names.ts';

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
export function eventRecord(message: Message, queueArn: string): string {
  const { MessageId, ReceiptHandle, Body, Attributes = {}, MessageAttributes = {} } = message;
  return JSON.stringify({
    messageId: MessageId,
    receiptHandle: ReceiptHandle,
    body: Body,
    attributes: inOrder(Attributes),
    messageAttributes: Object.fromEntries(
      Object.entries(MessageAttributes).map(([name, value]) => [name, eventAttribute(value)]),
    ),
    ...(message.MD5OfMessageAttributes === undefined ? {} : { md5OfMessageAttributes: message.MD5OfMessageAttributes }),
    md5OfBody: message.MD5OfBody,
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: regionOf(queueArn),
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
