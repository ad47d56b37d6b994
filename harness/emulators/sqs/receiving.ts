import type { Call } from '../../edge/emulator.ts';
import type { QueuedMessage } from './engine/message.ts';
import type { Waiter } from './engine/waiting-room.ts';
import { errors } from './errors.ts';
import type { Queue } from './queue.ts';
import type { Queues } from './queues.ts';

export interface Wanted {
  readonly max: number;
  /** Undefined: as long as the queue says when the messages are there. */
  readonly visibilityMs: number | undefined;
  /** How long to wait for a first message; 0 does not wait. */
  readonly waitMs: number;
}

/** Receives what is there, or waits until something is. */
export async function receive(queues: Queues, queue: Queue, wanted: Wanted, call: Call): Promise<QueuedMessage[]> {
  const { messages } = queue;
  if (!queue.fifo && wanted.waitMs === 0 && messages.isFull) throw errors.overLimit();
  const visibilityMs = () => wanted.visibilityMs ?? messages.times.visibilityMs;
  const written = (taken: QueuedMessage[]) => {
    queues.journal.received(queue, taken, visibilityMs(), call);
    return taken;
  };
  const atOnce = messages.receive(wanted.max, visibilityMs());
  if (atOnce.length > 0 || wanted.waitMs === 0) return written(atOnce);

  const wait = () =>
    waitFor(queues, queue, wanted.waitMs, call, () => {
      const taken = messages.take(wanted.max, visibilityMs());
      return taken.length > 0 ? written(taken) : undefined;
    });
  // Time goes by while nothing comes. The lock is taken again before time can move once more.
  const { lock } = call.request;
  const came = lock ? await lock.suspend(wait) : await wait();
  if (queue.gone.signal.aborted) throw errors.noSuchQueue(call);
  return came ?? written([]);
}

/**
 * Waits for `take` to get something; it is asked in the instant there is something. Undefined when the time is over,
 * the client has gone away or the queue has.
 */
function waitFor(
  queues: Queues,
  queue: Queue,
  waitMs: number,
  { request }: Call,
  take: () => QueuedMessage[] | undefined,
): Promise<QueuedMessage[] | undefined> {
  return new Promise((resolve) => {
    const room = queues.room(queue.arn);
    const stop = (messages: QueuedMessage[] | undefined) => {
      timer.cancel();
      room.leave(waiter);
      for (const signal of signals) signal.removeEventListener('abort', giveUp);
      resolve(messages);
    };
    const giveUp = () => stop(undefined);
    const waiter: Waiter = {
      wake() {
        const messages = take();
        if (messages) stop(messages);
        return messages !== undefined;
      },
    };
    const signals = [request.signal, queue.gone.signal];
    const timer = queues.context.clock.setTimer(`ReceiveMessage of ${queue.name}`, waitMs, giveUp);
    for (const signal of signals) signal.addEventListener('abort', giveUp, { once: true });
    room.add(waiter);
    if (signals.some((signal) => signal.aborted)) giveUp();
  });
}
