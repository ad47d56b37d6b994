import type { Lock } from '../../clock/index.ts';
import type { Call, EmulatorContext } from '../../edge/emulator.ts';
import { splitTarget } from '../../edge/route.ts';
import type { MetricSink } from '../../edge/sinks.ts';
import { type Held, ids } from '../../ledger/index.ts';
import { Deduplication } from './engine/deduplication.ts';
import type { MessageContent, QueuedMessage } from './engine/message.ts';
import { MessageQueue, type QueueTimes } from './engine/message-queue.ts';
import { WaitingRoom } from './engine/waiting-room.ts';
import { errors } from './errors.ts';
import { Journal } from './journal.ts';
import { RECREATE_AFTER_MS } from './limits.ts';
import { MoveTasks } from './move-tasks.ts';
import type { Queue } from './queue.ts';
import { applyAttributes, presets, type QueueAttributes } from './queue-attributes.ts';
import { parseQueueUrl, type QueueLocation } from './queue-url.ts';
import { readRedriveAllowPolicy, readRedrivePolicy } from './redrive-policy.ts';

/** Where AWS's own sequence numbers are today: 20 digits. */
const FIRST_SEQUENCE_NUMBER = 18_900_000_000_000_000_000n;
const SEQUENCE_STEP = 256n;

/** All queues, and what the operations share. */
export class Queues {
  readonly context: EmulatorContext;
  readonly journal: Journal;
  readonly moveTasks: MoveTasks;
  readonly #queues = new Map<string, Queue>();
  /** Those who wait for queues, also for queues that are not there yet, by ARN. */
  readonly #rooms = new Map<string, WaitingRoom>();
  /** When queues were deleted whose names may not be taken yet, by ARN. */
  readonly #deleted = new Map<string, number>();
  #sequence = FIRST_SEQUENCE_NUMBER;

  constructor(context: EmulatorContext, metrics: MetricSink) {
    this.context = context;
    this.journal = new Journal(context.ledger, metrics);
    this.moveTasks = new MoveTasks(this);
  }

  find(arn: string): Queue | undefined {
    return this.#queues.get(arn);
  }

  /** The queue of an ARN or of a location. Undefined when there is none. */
  at(location: QueueLocation): Queue | undefined {
    return this.#queues.get(arnOf(location));
  }

  /** The queue that a request means by its `QueueUrl`, or by the address that it was sent to. */
  get(url: string | undefined, call: Call): Queue {
    const address = url ?? addressOf(call);
    if (address === undefined) throw errors.missing('QueueUrl');
    const queue = this.at(parseQueueUrl(address, call));
    if (!queue) throw errors.noSuchQueue(call);
    return queue;
  }

  /** The queues of one account and region, by name. */
  list({ accountId, region }: { readonly accountId: string; readonly region: string }): Queue[] {
    return [...this.#queues.values()]
      .filter((queue) => queue.accountId === accountId && queue.region === region)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** The queues whose dead letters go to the queue of this ARN. */
  sourcesOf(arn: string): Queue[] {
    return [...this.#queues.values()].filter((queue) => queue.redrivePolicy?.deadLetterTargetArn === arn);
  }

  create(location: QueueLocation, fifo: boolean, given: QueueAttributes, tags: Map<string, string>): Queue {
    const arn = arnOf(location);
    const now = this.context.clock.now();
    const deletedAt = this.#deleted.get(arn);
    if (deletedAt !== undefined && Math.abs(now - deletedAt) < RECREATE_AFTER_MS) throw errors.deletedRecently();
    this.#deleted.delete(arn);
    const attributes = presets(fifo);
    const policies = this.readPolicies({ ...location, arn, fifo }, given);
    applyAttributes(attributes, given);
    const place = `sqs/${location.name}`;
    const queue: Queue = {
      ...location,
      id: this.context.random.uuid(),
      arn,
      fifo,
      place,
      dimensions: { QueueName: location.name },
      createdAt: now,
      modifiedAt: now,
      purgedAt: undefined,
      attributes,
      tags,
      redrivePolicy: undefined,
      redriveAllowPolicy: undefined,
      ...policies,
      deduplication: new Deduplication(),
      deduplicatesByGroup: attributes.get('DeduplicationScope') === 'messageGroup',
      gone: new AbortController(),
      messages: new MessageQueue({
        name: location.name,
        arn,
        fifo,
        clock: this.context.clock,
        times: timesOf(attributes),
        room: this.room(arn),
        redrive: () => this.#redriveOf(queue),
        expired: (messages, at) => this.journal.expired(queue, messages, at),
        deadLettered: (messages, deadLetters) => this.#bury(queue, messages, deadLetters),
      }),
    };
    this.#queues.set(arn, queue);
    return queue;
  }

  /** Changes attributes that were read by `readAttributes`. */
  change(queue: Queue, changes: QueueAttributes): void {
    Object.assign(queue, this.readPolicies(queue, changes));
    applyAttributes(queue.attributes, changes);
    queue.modifiedAt = this.context.clock.now();
    const before = queue.messages.times;
    queue.messages.times = timesOf(queue.attributes);
    const { delayMs } = queue.messages.times;
    // In FIFO queues a changed delay is in force for messages that wait already: sqs-delay-queues.html
    if (queue.fifo && delayMs !== before.delayMs) queue.messages.delayAnew(delayMs);
    queue.messages.deliver();
  }

  /** Checks the redrive policies among attributes, and writes them there as AWS does. */
  readPolicies(
    queue: Pick<Queue, 'arn' | 'fifo' | 'accountId' | 'region'>,
    changes: QueueAttributes,
  ): Partial<Pick<Queue, 'redrivePolicy' | 'redriveAllowPolicy'>> {
    const policies: Partial<Pick<Queue, 'redrivePolicy' | 'redriveAllowPolicy'>> = {};
    const [redrive, allow] = [changes.get('RedrivePolicy'), changes.get('RedriveAllowPolicy')];
    if (redrive === '') policies.redrivePolicy = undefined;
    if (allow === '') policies.redriveAllowPolicy = undefined;
    if (allow) policies.redriveAllowPolicy = readRedriveAllowPolicy(allow);
    if (redrive) {
      const isNear = (target: Queue) => target.accountId === queue.accountId && target.region === queue.region;
      const policy = readRedrivePolicy(redrive, queue, (arn) => {
        const target = this.find(arn);
        return target && isNear(target) ? target : undefined;
      });
      policies.redrivePolicy = policy;
      changes.set('RedrivePolicy', JSON.stringify(policy));
    }
    return policies;
  }

  delete(queue: Queue, call: Call): void {
    this.journal.dropped(queue, queue.messages.drain(), call, 'DeleteQueue');
    queue.messages.close();
    this.#queues.delete(queue.arn);
    this.#deleted.set(queue.arn, this.context.clock.now());
    queue.gone.abort();
  }

  room(arn: string): WaitingRoom {
    let room = this.#rooms.get(arn);
    if (!room) {
      room = new WaitingRoom(this.context.clock);
      this.#rooms.set(arn, room);
    }
    return room;
  }

  whenReceivable(queueArn: string, name: string, signal: AbortSignal): Promise<Lock> {
    return this.room(queueArn).watch(name, signal);
  }

  nextSequenceNumber(): string {
    this.#sequence += SEQUENCE_STEP;
    return String(this.#sequence);
  }

  held(): Held[] {
    return [...this.#queues.values()]
      .map(({ place, messages }) => ({ where: place, ids: messages.ids().map((id) => ids.message(id)) }))
      .filter((held) => held.ids.length > 0);
  }

  clear(): void {
    this.moveTasks.clear();
    for (const queue of this.#queues.values()) {
      queue.messages.drain();
      queue.messages.close();
      queue.gone.abort();
    }
    this.#queues.clear();
    this.#deleted.clear();
  }

  #redriveOf({ redrivePolicy }: Queue) {
    const target = redrivePolicy && this.find(redrivePolicy.deadLetterTargetArn);
    return target && { maxReceiveCount: redrivePolicy.maxReceiveCount, deadLetters: target.messages };
  }

  #bury(queue: Queue, messages: readonly QueuedMessage[], deadLetters: MessageQueue): void {
    this.journal.deadLettered(queue, messages, deadLetters.name);
    for (const message of messages) deadLetters.bury(this.#contentOf(message, deadLetters), message, queue.arn);
    deadLetters.deliver();
  }

  /** In a FIFO dead-letter queue the message's own id keeps it apart: sqs-configure-dead-letter-queue-redrive.html */
  #contentOf({ content }: QueuedMessage, { fifo }: MessageQueue): MessageContent {
    return fifo ? { ...content, deduplicationId: content.id, sequenceNumber: this.nextSequenceNumber() } : content;
  }
}

export function arnOf({ region, accountId, name }: QueueLocation): string {
  return `arn:aws:sqs:${region}:${accountId}:${name}`;
}

function timesOf(attributes: QueueAttributes): QueueTimes {
  const ms = (name: string) => Number(attributes.get(name)) * 1000;
  return {
    visibilityMs: ms('VisibilityTimeout'),
    retentionMs: ms('MessageRetentionPeriod'),
    delayMs: ms('DelaySeconds'),
  };
}

/** The queue's URL that a request was sent to; undefined for one that was sent to `/`. */
function addressOf({ request }: Call): string | undefined {
  const { path } = splitTarget(request.target);
  return path === '/' || path === '' ? undefined : `http://${request.headers.host ?? ''}${path}`;
}
