import { Heap } from './heap.ts';
import type { MessageState, QueuedMessage } from './message.ts';
import type { Order } from './order.ts';

/** A queue's messages by what they wait for: to be received, to become visible, to be too old. */
export class Shelf {
  readonly #order: Order;
  readonly #messages = new Map<string, QueuedMessage>();
  readonly #delayed = new Heap(byVisibility);
  readonly #inFlight = new Heap(byVisibility);
  readonly #bySending = new Heap(bySending);

  constructor(order: Order) {
    this.#order = order;
  }

  get size(): number {
    return this.#messages.size;
  }

  get delayed(): readonly QueuedMessage[] {
    return this.#delayed.values();
  }

  get inFlight(): readonly QueuedMessage[] {
    return this.#inFlight.values();
  }

  /** When the next message becomes visible; infinity when none will. */
  get nextVisibleAt(): number {
    return Math.min(
      this.#delayed.first?.visibleAt ?? Number.POSITIVE_INFINITY,
      this.#inFlight.first?.visibleAt ?? Number.POSITIVE_INFINITY,
    );
  }

  get(id: string): QueuedMessage | undefined {
    return this.#messages.get(id);
  }

  all(): QueuedMessage[] {
    return [...this.#messages.values()];
  }

  add(message: QueuedMessage): void {
    if (message.state === 'delayed') this.#delayed.add(message);
    this.#messages.set(message.content.id, message);
    this.#bySending.add(message);
    this.#order.add(message);
  }

  remove(message: QueuedMessage): void {
    this.#delayed.remove(message);
    this.#inFlight.remove(message);
    this.#messages.delete(message.content.id);
    this.#bySending.remove(message);
    this.#order.remove(message);
  }

  /** Changes a message's state. */
  move(message: QueuedMessage, state: MessageState, visibleAt: number): void {
    this.#delayed.remove(message);
    this.#inFlight.remove(message);
    message.state = state;
    message.visibleAt = visibleAt;
    if (state === 'delayed') this.#delayed.add(message);
    if (state === 'in flight') this.#inFlight.add(message);
    this.#order.changed(message);
  }

  /** Makes visible what is due. */
  surface(now: number): void {
    for (const heap of [this.#delayed, this.#inFlight]) {
      for (let first = heap.first; first && first.visibleAt <= now; first = heap.first) {
        this.move(first, 'visible', first.visibleAt);
      }
    }
  }

  /** Removes the oldest messages that were sent by `latest`, all of one instant; none when there are none. */
  removeOldest(latest: number): QueuedMessage[] {
    const removed: QueuedMessage[] = [];
    const sentAt = this.#bySending.first?.sentAt ?? Number.POSITIVE_INFINITY;
    if (sentAt > latest) return removed;
    for (let first = this.#bySending.first; first?.sentAt === sentAt; first = this.#bySending.first) {
      this.remove(first);
      removed.push(first);
    }
    return removed;
  }

  /** Moves every deadline, all alike. */
  shift(ms: number): void {
    for (const message of [...this.delayed, ...this.inFlight]) message.visibleAt += ms;
  }
}

function byVisibility(a: QueuedMessage, b: QueuedMessage): boolean {
  return a.visibleAt < b.visibleAt || (a.visibleAt === b.visibleAt && a.serial < b.serial);
}

function bySending(a: QueuedMessage, b: QueuedMessage): boolean {
  return a.sentAt < b.sentAt || (a.sentAt === b.sentAt && a.serial < b.serial);
}
