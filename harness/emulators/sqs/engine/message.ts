import type { Link } from './chain.ts';

/** What a sender said, in the types of the SDK. */
export interface MessageAttribute {
  readonly DataType: string | undefined;
  readonly StringValue?: string | undefined;
  readonly BinaryValue?: Uint8Array | undefined;
}

/** What a message is made of; it stays the same as long as the message lives. */
export interface MessageContent {
  readonly id: string;
  readonly body: string;
  readonly md5OfBody: string;
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
  readonly senderId: string;
  readonly traceHeader: string | undefined;
  readonly groupId: string | undefined;
  readonly deduplicationId: string | undefined;
  /** Of FIFO queues. */
  readonly sequenceNumber: string | undefined;
}

export type MessageState = 'delayed' | 'visible' | 'in flight';

/** A message in a queue. */
export interface QueuedMessage extends Link {
  readonly content: MessageContent;
  /** Counts the messages that came to this queue. */
  readonly serial: number;
  /** When retention begins to count; ms since the epoch, on the clock, as every instant here. */
  readonly sentAt: number;
  state: MessageState;
  /** When a message that is delayed or in flight becomes visible. */
  visibleAt: number;
  /** Receives over all queues that it has been in. */
  receiveCount: number;
  /** Receives from this queue: what its redrive policy looks at. */
  receivesHere: number;
  firstReceivedAt: number | undefined;
  receivedAt: number | undefined;
  /** Where it was before it became a dead letter: a queue's ARN. */
  readonly deadLetterSource: string | undefined;
}
