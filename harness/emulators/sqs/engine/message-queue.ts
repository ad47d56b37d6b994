import type { Clock, Timer } from '../../../clock/index.ts';
import { MAX_IN_FLIGHT, MAX_VISIBILITY_TIMEOUT } from '../limits.ts';
import type { MessageContent, QueuedMessage } from './message.ts';
import { FifoOrder, type Order, StandardOrder } from './order.ts';
import { Shelf } from './shelf.ts';
import type { WaitingRoom } from './waiting-room.ts';

/** What a queue's attributes say about time; milliseconds. */
export interface QueueTimes {
  readonly visibilityMs: number;
  readonly retentionMs: number;
  readonly delayMs: number;
}

export interface Redrive {
  readonly maxReceiveCount: number;
  readonly deadLetters: MessageQueue;
}

export interface MessageQueueOptions {
  readonly name: string;
  readonly arn: string;
  readonly fifo: boolean;
  readonly clock: Clock;
  readonly times: QueueTimes;
  readonly room: WaitingRoom;
  /** What becomes of messages that are received too often; undefined as long as they stay. */
  redrive(): Redrive | undefined;
  /** Told of messages that were kept as long as they may be, until the instant `at`. */
  expired(messages: readonly QueuedMessage[], at: number): void;
  /** Told of messages that have just gone to the dead-letter queue. */
  deadLettered(messages: readonly QueuedMessage[], deadLetters: MessageQueue): void;
}

/** What became of a message whose deletion or visibility was asked for under a receipt handle. */
export type HandleOutcome = 'done' | 'no such message' | 'superseded' | 'expired' | 'beyond the limit';

/**
 * One queue's messages: who may see which, and when. No I/O.
 *
 * After whatever lets more be received, `deliver` is to be called, once the ledger has been told; those who wait learn of
 * nothing before. One timer of the clock stands for whatever becomes visible next. Retention needs none: what is past it
 * is found by whoever looks next, and dated as it happened; otherwise virtual time would run days ahead as soon as
 * nothing else is to be done.
 */
export class MessageQueue {
  readonly name: string;
  readonly arn: string;
  readonly fifo: boolean;
  times: QueueTimes;
  readonly #options: MessageQueueOptions;
  readonly #clock: Clock;
  readonly #order: Order;
  readonly #shelf: Shelf;
  #serial = 0;
  #timer: Timer | undefined;
  #timerDue = 0;
  #lastSeen = Number.NEGATIVE_INFINITY;

  constructor(options: MessageQueueOptions) {
    this.#options = options;
    this.name = options.name;
    this.arn = options.arn;
    this.fifo = options.fifo;
    this.times = options.times;
    this.#clock = options.clock;
    this.#order = options.fifo ? new FifoOrder() : new StandardOrder();
    this.#shelf = new Shelf(this.#order);
    options.room.deliver = () => this.deliver();
  }

  /** How many messages are in which state. */
  counts(): { readonly visible: number; readonly delayed: number; readonly inFlight: number } {
    this.#settle();
    const [delayed, inFlight] = [this.#shelf.delayed.length, this.#shelf.inFlight.length];
    return { visible: this.#shelf.size - delayed - inFlight, delayed, inFlight };
  }

  /** True when nothing can be received because too much is being processed. */
  get isFull(): boolean {
    return this.#shelf.inFlight.length >= MAX_IN_FLIGHT;
  }

  /** The ids of all messages. */
  ids(): string[] {
    this.#settle();
    return this.#shelf.all().map((message) => message.content.id);
  }

  /** Adds a new message. */
  put(content: MessageContent, delayMs = this.times.delayMs): QueuedMessage {
    const now = this.#settle();
    return this.#add({
      content,
      sentAt: now,
      visibleAt: now + delayMs,
      receiveCount: 0,
      firstReceivedAt: undefined,
      deadLetterSource: undefined,
    });
  }

  /** Adds a message that another queue gave up on. */
  bury(content: MessageContent, from: QueuedMessage, source: string): QueuedMessage {
    const now = this.#settle();
    const { receiveCount, firstReceivedAt } = from;
    // A standard queue's message keeps its time of sending, so that it may expire soon; a FIFO queue's is sent anew
    // (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html).
    const sentAt = this.fifo ? now : from.sentAt;
    return this.#add({ content, sentAt, visibleAt: now, receiveCount, firstReceivedAt, deadLetterSource: source });
  }

  /** Takes up to `max` visible messages into flight. */
  receive(max: number, visibilityMs = this.times.visibilityMs): QueuedMessage[] {
    this.#options.room.settleClaim();
    const taken = this.take(max, visibilityMs);
    this.deliver();
    return taken;
  }

  /** As `receive`, for one who is being served by `deliver`. */
  take(max: number, visibilityMs = this.times.visibilityMs): QueuedMessage[] {
    const now = this.#settle();
    const taken: QueuedMessage[] = [];
    const dead: QueuedMessage[] = [];
    const redrive = this.#options.redrive();
    for (const message of this.isFull ? [] : this.#order.candidates()) {
      if (redrive && message.receivesHere >= redrive.maxReceiveCount) {
        this.#shelf.remove(message);
        dead.push(message);
        continue;
      }
      message.receiveCount++;
      message.receivesHere++;
      message.firstReceivedAt ??= now;
      message.receivedAt = now;
      this.#shelf.move(message, 'in flight', now + visibilityMs);
      taken.push(message);
      if (taken.length === max || this.isFull) break;
    }
    if (redrive && dead.length > 0) this.#options.deadLettered(dead, redrive.deadLetters);
    return taken;
  }

  /** @param receive which of the message's receives the handle is of */
  delete(id: string, receive: number): HandleOutcome {
    this.#settle();
    const message = this.#shelf.get(id);
    if (!message) return 'no such message';
    if (message.receivesHere !== receive) return this.fifo ? 'expired' : 'superseded';
    if (this.fifo && message.state !== 'in flight') return 'expired';
    this.#shelf.remove(message);
    return 'done';
  }

  /** @param visibilityMs counts from now; 0 makes the message visible at once */
  changeVisibility(id: string, receive: number, visibilityMs: number): HandleOutcome {
    const now = this.#settle();
    const message = this.#shelf.get(id);
    if (!message) return 'no such message';
    if (message.receivesHere !== receive) return 'superseded';
    if (message.state !== 'in flight') return 'expired';
    if (now + visibilityMs > (message.receivedAt ?? now) + MAX_VISIBILITY_TIMEOUT * 1000) return 'beyond the limit';
    this.#shelf.move(message, 'in flight', now + visibilityMs);
    return 'done';
  }

  /** Takes everything out, whatever its state. */
  drain(): QueuedMessage[] {
    this.#settle();
    const all = this.#shelf.all();
    for (const message of all) this.#shelf.remove(message);
    this.deliver();
    return all;
  }

  /** The visible messages that would be received next. */
  visible(max: number): QueuedMessage[] {
    this.#settle();
    return this.#order.peek(max);
  }

  /** Takes a message out for good. */
  extract(message: QueuedMessage): void {
    this.#shelf.remove(message);
    this.deliver();
  }

  /** Changes the delay of messages that are delayed already, as AWS does in FIFO queues only. */
  delayAnew(delayMs: number): void {
    this.#settle();
    for (const message of [...this.#shelf.delayed]) {
      this.#shelf.move(message, 'delayed', message.sentAt + delayMs);
    }
  }

  /** Lets those who wait have what can be received. */
  deliver(): void {
    this.#options.room.wake(() => this.#ready());
    this.#settle();
    this.#arm();
  }

  /** Forgets everything. */
  close(): void {
    this.#timer?.cancel();
    this.#options.room.deliver = () => undefined;
  }

  /** How many receivers could be served now. */
  #ready(): number {
    this.#settle();
    return this.isFull ? 0 : this.#order.ready;
  }

  #add(message: Omit<QueuedMessage, 'serial' | 'state' | 'receivesHere' | 'receivedAt'>): QueuedMessage {
    const serial = this.#serial++;
    const state = message.visibleAt > this.#clock.now() ? 'delayed' : 'visible';
    const queued: QueuedMessage = { ...message, serial, state, receivesHere: 0, receivedAt: undefined };
    this.#shelf.add(queued);
    return queued;
  }

  /** Brings every message's state up to now. */
  #settle(): number {
    const now = this.#clock.now();
    if (now < this.#lastSeen) this.#goBack(this.#lastSeen - now);
    this.#lastSeen = now;
    this.#shelf.surface(now);
    const { retentionMs } = this.times;
    const expired = () => this.#shelf.removeOldest(now - retentionMs);
    for (let together = expired(); together[0]; together = expired()) {
      this.#options.expired(together, together[0].sentAt + retentionMs);
    }
    return now;
  }

  /** The clock went back: everything keeps what it had left to wait, at least. */
  #goBack(ms: number): void {
    this.#lastSeen = this.#clock.now();
    this.#shelf.shift(-ms);
  }

  /**
   * Sets the one timer to what becomes visible next. Only `deliver` may: what another method finds to have become
   * visible is delivered when the timer goes off that was set for it.
   */
  #arm(): void {
    const next = this.#shelf.nextVisibleAt;
    if (this.#timer && this.#timerDue === next) return;
    this.#timer?.cancel();
    this.#timer = undefined;
    if (next === Number.POSITIVE_INFINITY) return;
    this.#timerDue = next;
    this.#timer = this.#clock.setTimer(`SQS ${this.name}: a message becomes visible`, next - this.#clock.now(), () => {
      this.#timer = undefined;
      // A timer keeps what it had left to wait when the clock goes back, so it is the one to know by how much.
      const early = next - this.#clock.now();
      if (early > 0) this.#goBack(early);
      this.deliver();
    });
  }
}
