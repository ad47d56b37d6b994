import type { Deduplication } from './engine/deduplication.ts';
import type { MessageQueue } from './engine/message-queue.ts';
import type { QueueAttributes } from './queue-attributes.ts';
import type { RedriveAllowPolicy, RedrivePolicy } from './redrive-policy.ts';

/** A queue as the API shows it, and its messages. */
export interface Queue {
  /** Another one when a queue of the same name is made again. */
  readonly id: string;
  readonly name: string;
  readonly arn: string;
  readonly accountId: string;
  readonly region: string;
  readonly fifo: boolean;
  /** The ledger's name of it. */
  readonly place: string;
  /** The metrics' dimensions. */
  readonly dimensions: { readonly QueueName: string };
  /** ms since the epoch, on the clock. */
  readonly createdAt: number;
  modifiedAt: number;
  purgedAt: number | undefined;
  /** What the user has set, and the presets of what not. */
  readonly attributes: QueueAttributes;
  readonly tags: Map<string, string>;
  /** As `attributes` has them, read. */
  redrivePolicy: RedrivePolicy | undefined;
  redriveAllowPolicy: RedriveAllowPolicy | undefined;
  readonly messages: MessageQueue;
  /** Of FIFO queues: what was sent lately. */
  readonly deduplication: Deduplication<SentBefore>;
  /** Whether deduplication ids are known within a group only; a later change of the attribute changes nothing. */
  readonly deduplicatesByGroup: boolean;
  /** Aborted when the queue is deleted. */
  readonly gone: AbortController;
}

export interface SentBefore {
  readonly messageId: string;
  readonly sequenceNumber: string;
}

/** A numeric attribute, which every queue has. */
export function seconds(queue: Pick<Queue, 'attributes'>, name: string): number {
  return Number(queue.attributes.get(name));
}
