import type { Message } from '@aws-sdk/client-sqs';
import type { Clock, Lock } from '../../../../clock/index.ts';
import type { QueueWatch } from '../../../../edge/queue-watch.ts';
import type { SqsMapping } from '../../functions/model.ts';
import { pause } from '../persist.ts';
import { MAX_ENTRIES } from '../queues.ts';
import { MAX_PAYLOAD_BYTES, type Received, receivedOf, sizeOf } from './batches.ts';

/**
 * How often in a row there may be nothing to receive though there was said to be something. Then the poller pauses, or
 * it would ask for ever in the same instant.
 */
export const MAX_EMPTY_RECEIVES = 10;
export const PAUSE_MS = 1000;

export interface GatheringParts {
  readonly name: string;
  readonly clock: Clock;
  readonly watch: QueueWatch;
  /** Receives up to so many messages. */
  readonly receive: (max: number) => Promise<readonly Message[]>;
  /** Takes away those that the mapping's filter keeps from the function; returns the others. */
  readonly filter: (messages: readonly Message[], lock: Lock) => Promise<readonly Message[]>;
}

/**
 * Receives the messages of the next batch: until it is full, would be too large for an invocation, or the batching
 * window since its first message is over. Without a window it is what one call gives.
 */
export async function gather(
  mapping: SqsMapping,
  parts: GatheringParts,
  lock: Lock,
  signal: AbortSignal,
): Promise<Received[]> {
  const { clock, receive, filter } = parts;
  const gathered: Received[] = [];
  let bytes = 0;
  let deadline: number | undefined;
  let emptyReceives = 0;
  for (;;) {
    const messages = await receive(Math.min(MAX_ENTRIES, mapping.batchSize - gathered.length));
    const wanted = await filter(messages, lock);
    const received = wanted.map((message) => receivedOf(message, mapping, clock.now()));
    gathered.push(...received);
    bytes += sizeOf(received);
    const isFull = gathered.length >= mapping.batchSize || bytes >= MAX_PAYLOAD_BYTES;
    if (isFull || mapping.batchingWindowMs === 0 || gathered.length === 0) return gathered;
    deadline ??= clock.now() + mapping.batchingWindowMs;
    emptyReceives = messages.length === 0 ? emptyReceives + 1 : 0;
    if (emptyReceives === 0) continue;
    if (emptyReceives > MAX_EMPTY_RECEIVES) await pause(lock, Math.min(PAUSE_MS, deadline - clock.now()), signal);
    if (!(await nextBefore(deadline, mapping, parts, lock, signal))) return gathered;
  }
}

/** Lets time go by until another message can be received; false when the deadline or the signal comes first. */
async function nextBefore(
  deadline: number,
  { eventSourceArn }: SqsMapping,
  { clock, watch, name }: GatheringParts,
  lock: Lock,
  signal: AbortSignal,
): Promise<boolean> {
  // The next to move holds a lock from the instant at which it moves until `lock` is taken again.
  const held: Lock[] = [];
  const expired = new AbortController();
  const timer = clock.setTimer(`${name} window`, Math.max(0, deadline - clock.now()), () => {
    held.push(clock.lock(`${name} window`));
    expired.abort();
  });
  try {
    return await lock.suspend(async () => {
      try {
        held.push(await watch.whenReceivable(eventSourceArn, name, AbortSignal.any([expired.signal, signal])));
        return true;
      } catch {
        return false;
      }
    });
  } finally {
    timer.cancel();
    for (const one of held) one.release();
  }
}
