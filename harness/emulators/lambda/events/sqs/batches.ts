import type { Message } from '@aws-sdk/client-sqs';
import { ENVELOPE_BYTES, type EventSource, eventRecord } from './event.ts';

/** The payload of a synchronous invocation (Lambda quotas). */
export const MAX_PAYLOAD_BYTES = 6 * 1024 * 1024;

/** A message with its part of the event. */
export interface Received {
  readonly id: string;
  readonly message: Message;
  readonly record: string;
  /** ms since the epoch on the clock. */
  readonly receivedAt: number;
}

export function receivedOf(message: Message, source: EventSource, receivedAt: number): Received {
  return { id: message.MessageId ?? '', message, record: eventRecord(message, source), receivedAt };
}

export function sizeOf(messages: readonly Received[]): number {
  return messages.reduce((sum, { record }) => sum + Buffer.byteLength(record) + 1, ENVELOPE_BYTES);
}

/** As few batches as keep the order and the limit; a message that is over it alone goes alone. */
export function splitBySize(messages: readonly Received[], maxBytes = MAX_PAYLOAD_BYTES): Received[][] {
  const batches: Received[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const message of messages) {
    const size = sizeOf([message]) - ENVELOPE_BYTES;
    if (bytes + size > maxBytes) {
      batches.push([]);
      bytes = ENVELOPE_BYTES;
    }
    batches.at(-1)?.push(message);
    bytes += size;
  }
  return batches;
}

/** By message group, each in the order received. */
export function groupsOf(messages: readonly Received[]): Received[][] {
  return [...Map.groupBy(messages, ({ message }) => message.Attributes?.MessageGroupId).values()];
}
