import { Chain, type Link } from './chain.ts';
import type { QueuedMessage } from './message.ts';

/** In which order a queue gives its messages away. */
export interface Order {
  /** How many receivers could be served at once. */
  readonly ready: number;
  add(message: QueuedMessage): void;
  /** The message's state has changed. */
  changed(message: QueuedMessage): void;
  remove(message: QueuedMessage): void;
  /** Visible messages, the next to be received first. Whoever asks for another has taken or removed the one before. */
  candidates(): Iterable<QueuedMessage>;
  /** The first visible messages, all of one group. */
  peek(max: number): QueuedMessage[];
}

/**
 * A standard queue's: in the order in which they became visible, so that a message that nobody can process does not
 * keep others waiting. AWS promises no order at all.
 */
export class StandardOrder implements Order {
  readonly #visible = new Chain<QueuedMessage>();

  get ready(): number {
    return this.#visible.size;
  }

  add(message: QueuedMessage): void {
    if (message.state === 'visible') this.#visible.append(message);
  }

  changed(message: QueuedMessage): void {
    this.remove(message);
    this.add(message);
  }

  remove(message: QueuedMessage): void {
    if (this.#visible.has(message)) this.#visible.remove(message);
  }

  *candidates(): Generator<QueuedMessage> {
    for (let first = this.#visible.first; first; first = this.#visible.first) yield first;
  }

  peek(max: number): QueuedMessage[] {
    return visibleFrom(this.#visible.first, max);
  }
}

interface Group extends Link {
  readonly id: string;
  readonly messages: Chain<QueuedMessage>;
}

/**
 * A FIFO queue's: within a group in the order of sending, and never past a message that is in flight. A receive takes
 * as much of one group as it can before it turns to the next one
 * (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-understanding-logic.html).
 */
export class FifoOrder implements Order {
  readonly #groups = new Map<string, Group>();
  /** Groups whose oldest message is visible, in the order in which they became so. */
  readonly #ready = new Chain<Group>();

  get ready(): number {
    return this.#ready.size;
  }

  add(message: QueuedMessage): void {
    const id = message.content.groupId ?? '';
    let group = this.#groups.get(id);
    if (!group) {
      group = { id, messages: new Chain() };
      this.#groups.set(id, group);
    }
    group.messages.append(message);
    this.#refresh(group);
  }

  changed(message: QueuedMessage): void {
    const group = this.#groups.get(message.content.groupId ?? '');
    if (group) this.#refresh(group);
  }

  remove(message: QueuedMessage): void {
    const group = this.#groups.get(message.content.groupId ?? '');
    if (!group?.messages.has(message)) return;
    group.messages.remove(message);
    this.#refresh(group);
    if (group.messages.size === 0) this.#groups.delete(group.id);
  }

  *candidates(): Generator<QueuedMessage> {
    for (let group = this.#ready.first; group; group = this.#ready.first) {
      let message = group.messages.first;
      while (message?.state === 'visible') {
        const after = message.after as QueuedMessage | undefined;
        yield message;
        message = after;
      }
    }
  }

  peek(max: number): QueuedMessage[] {
    return visibleFrom(this.#ready.first?.messages.first, max);
  }

  #refresh(group: Group): void {
    const isReady = group.messages.first?.state === 'visible';
    if (isReady === this.#ready.has(group)) return;
    if (isReady) this.#ready.append(group);
    else this.#ready.remove(group);
  }
}

function visibleFrom(first: QueuedMessage | undefined, max: number): QueuedMessage[] {
  const found: QueuedMessage[] = [];
  let message = first;
  while (message?.state === 'visible' && found.length < max) {
    found.push(message);
    message = message.after as QueuedMessage | undefined;
  }
  return found;
}
