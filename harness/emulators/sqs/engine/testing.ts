import { onTestFinished } from 'vitest';
import { type Clock, type ClockControl, createClock } from '../../../clock/index.ts';
import type { QueuedMessage } from './message.ts';
import { MessageQueue, type MessageQueueOptions } from './message-queue.ts';
import { WaitingRoom } from './waiting-room.ts';

export const NOON = Date.UTC(2022, 0, 27, 12);
export const SECOND = 1000;
export const TIMES = { visibilityMs: 30 * SECOND, retentionMs: 4 * 86_400 * SECOND, delayMs: 0 };

/** A clock that stands at noon on 27 January 2022. */
export async function clockAtNoon(): Promise<ClockControl> {
  const clock = createClock();
  await clock.travelTo(NOON);
  onTestFinished(() => clock.close());
  return clock;
}

export interface QueueUnderTest {
  readonly queue: MessageQueue;
  readonly room: WaitingRoom;
  readonly expired: { readonly ids: string[]; readonly at: number }[];
  /** Adds a message and delivers it. The group goes for FIFO queues only. */
  send(id: string, group?: string, delayMs?: number): void;
  /** The ids of what a receive gets. */
  receive(max?: number, visibilityMs?: number): string[];
  /** The newest receive's number of a message, which its handle is of. */
  receipt(id: string): number;
}

export function makeQueue(clock: Clock, options: Partial<MessageQueueOptions> = {}): QueueUnderTest {
  const room = new WaitingRoom(clock);
  const expired: QueueUnderTest['expired'] = [];
  const receipts = new Map<string, number>();
  const queue = new MessageQueue({
    name: 'brook',
    arn: 'arn:aws:sqs:ap-northeast-2:000000000000:brook',
    fifo: false,
    clock,
    times: TIMES,
    room,
    redrive: () => undefined,
    expired: (messages, at) => void expired.push({ ids: idsOf(messages), at }),
    deadLettered(messages, deadLetters) {
      for (const message of messages) deadLetters.bury(message.content, message, queue.arn);
      deadLetters.deliver();
    },
    ...options,
  });
  return {
    queue,
    room,
    expired,
    send(id, group, delayMs) {
      queue.put(content(id, group), delayMs);
      queue.deliver();
    },
    receive(max = 1, visibilityMs = undefined) {
      const taken = queue.receive(max, visibilityMs);
      for (const {
        content: { id },
        receivesHere,
      } of taken)
        receipts.set(id, receivesHere);
      return idsOf(taken);
    },
    receipt: (id) => receipts.get(id) ?? 0,
  };
}

export function idsOf(messages: readonly QueuedMessage[]): string[] {
  return messages.map((message) => message.content.id);
}

function content(id: string, groupId: string | undefined) {
  return {
    id,
    body: id,
    md5OfBody: '',
    attributes: {},
    senderId: '000000000000',
    traceHeader: undefined,
    groupId,
    deduplicationId: undefined,
    sequenceNumber: undefined,
  };
}
