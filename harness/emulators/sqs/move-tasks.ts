import type { Timer } from '../../clock/index.ts';
import type { Call } from '../../edge/emulator.ts';
import { causeOf } from '../../edge/headers.ts';
import type { EntryNumber } from '../../ledger/index.ts';
import type { QueuedMessage } from './engine/message.ts';
import { errors } from './errors.ts';
import { MAX_MOVE_RATE, MAX_MOVE_TASKS } from './limits.ts';
import type { Queue } from './queue.ts';
import type { Queues } from './queues.ts';

export interface MoveTask {
  readonly id: string;
  readonly sourceArn: string;
  /** Undefined when each message goes back to where it came from. */
  readonly destinationArn: string | undefined;
  /** Messages per second that the user asked for. */
  readonly rate: number | undefined;
  readonly startedAt: number;
  readonly toMove: number;
  readonly cause: EntryNumber | undefined;
  status: 'RUNNING' | 'COMPLETED' | 'CANCELLED' | 'FAILED';
  moved: number;
  failureReason: string | undefined;
  timer: Timer | undefined;
}

/** From this rate on, messages are moved ten at a time. */
const RATE_OF_BATCHES = 50;
const BATCH = 10;

/**
 * Moves dead letters back at a rate on the clock. Each becomes a new message with an id and a time of sending of its
 * own (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html).
 */
export class MoveTasks {
  readonly #queues: Queues;
  /** By the source's ARN, the newest first. */
  readonly #tasks = new Map<string, MoveTask[]>();

  constructor(queues: Queues) {
    this.#queues = queues;
  }

  list(sourceArn: string): readonly MoveTask[] {
    return this.#tasks.get(sourceArn) ?? [];
  }

  start(source: Queue, destinationArn: string | undefined, rate: number | undefined, call: Call): MoveTask {
    const tasks = this.#tasks.get(source.arn) ?? [];
    if (tasks.some(({ status }) => status === 'RUNNING')) {
      throw errors.invalid(
        'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
      );
    }
    const { context } = this.#queues;
    const task: MoveTask = {
      id: context.random.uuid(),
      sourceArn: source.arn,
      destinationArn,
      rate,
      startedAt: context.clock.now(),
      toMove: source.messages.counts().visible,
      cause: causeOf(call.request),
      status: 'RUNNING',
      moved: 0,
      failureReason: undefined,
      timer: undefined,
    };
    this.#tasks.set(source.arn, [task, ...tasks].slice(0, MAX_MOVE_TASKS));
    this.#wait(task);
    return task;
  }

  cancel(task: MoveTask): void {
    task.timer?.cancel();
    task.status = 'CANCELLED';
  }

  clear(): void {
    for (const task of [...this.#tasks.values()].flat()) task.timer?.cancel();
    this.#tasks.clear();
  }

  #wait(task: MoveTask): void {
    const rate = task.rate ?? MAX_MOVE_RATE;
    const batch = rate < RATE_OF_BATCHES ? 1 : BATCH;
    const { clock } = this.#queues.context;
    task.timer = clock.setTimer('SQS: moving messages', (batch * 1000) / rate, () => this.#step(task, batch));
  }

  #step(task: MoveTask, batch: number): void {
    const source = this.#queues.find(task.sourceArn);
    for (const message of source?.messages.visible(batch) ?? []) {
      const destination = this.#queues.find(task.destinationArn ?? message.deadLetterSource ?? '');
      if (!source || !destination) {
        this.#fail(task);
        return;
      }
      this.#move(source, message, destination, task);
    }
    if (!source) this.#fail(task);
    else if (task.status === 'RUNNING' && source.messages.visible(1).length === 0) task.status = 'COMPLETED';
    if (task.status === 'RUNNING') this.#wait(task);
  }

  #move(source: Queue, message: QueuedMessage, destination: Queue, task: MoveTask): void {
    source.messages.extract(message);
    const added = destination.messages.put({
      ...message.content,
      id: this.#queues.context.random.uuid(),
      sequenceNumber: destination.fifo ? this.#queues.nextSequenceNumber() : undefined,
    });
    task.moved++;
    this.#queues.journal.moved(source, message, destination, added, task.cause);
    destination.messages.deliver();
  }

  #fail(task: MoveTask): void {
    task.status = 'FAILED';
    task.failureReason = 'AWS.SimpleQueueService.NonExistentQueue';
  }
}

/** What a caller gets to cancel a task by. */
export function taskHandle({ id, sourceArn }: Pick<MoveTask, 'id' | 'sourceArn'>): string {
  return Buffer.from(JSON.stringify({ taskId: id, sourceArn })).toString('base64');
}

export function readTaskHandle(handle: string): Pick<MoveTask, 'id' | 'sourceArn'> {
  try {
    const { taskId, sourceArn } = JSON.parse(Buffer.from(handle, 'base64').toString()) as Record<string, unknown>;
    if (typeof taskId === 'string' && typeof sourceArn === 'string') return { id: taskId, sourceArn };
  } catch {
    // It is no handle of ours, which is said below.
  }
  throw errors.invalid('Value for parameter TaskHandle is invalid.');
}
