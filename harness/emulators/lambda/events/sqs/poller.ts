import type { Message } from '@aws-sdk/client-sqs';
import type { Lock } from '../../../../clock/index.ts';
import type { SqsMapping } from '../../functions/model.ts';
import type { EventParts } from '../contract.ts';
import { messageFilter } from '../filter/index.ts';
import { functionName, placeOf } from '../names.ts';
import { pause, reasonOf } from '../persist.ts';
import type { Queues } from '../queues.ts';
import { BatchRun, deleteMessages, idsOf } from './batch-run.ts';
import { groupsOf, type Received, splitBySize } from './batches.ts';
import { gather, MAX_EMPTY_RECEIVES, PAUSE_MS } from './gathering.ts';
import { Scaling } from './scaling.ts';

/** Reads a queue for a function: receives, invokes, deletes what succeeded. The rest is the queue's business. */
export class SqsPoller {
  readonly #parts: EventParts;
  readonly #queues: Queues;
  readonly #name: string;
  readonly #scaling: Scaling;
  readonly #abort = new AbortController();
  readonly #running = new Set<Promise<void>>();
  #mapping: SqsMapping;
  #passes: (message: Message) => boolean;
  #loop: Promise<void> = Promise.resolve();
  #emptyReceives = 0;
  /** The messages that failed at the newest instant of a failure. */
  readonly #failed = { at: Number.NaN, ids: new Set<string>() };
  #warned = '';

  constructor(mapping: SqsMapping, parts: EventParts, queues: Queues) {
    this.#mapping = mapping;
    this.#parts = parts;
    this.#queues = queues;
    this.#passes = messageFilter(mapping.filterPatterns);
    this.#name = `lambda ${functionName(mapping.functionArn)} polling ${mapping.eventSourceArn.split(':').at(-1)}`;
    this.#scaling = new Scaling(parts.clock, this.#name, () => this.#mapping.maximumConcurrency);
  }

  start(): void {
    this.#loop = this.#poll();
  }

  update(mapping: SqsMapping): void {
    this.#mapping = mapping;
    this.#passes = messageFilter(mapping.filterPatterns);
  }

  /** Receives nothing more. Resolves when the batches that were received have ended. */
  async stop(): Promise<void> {
    this.#abort.abort(new Error('the event source mapping was stopped'));
    await this.#loop;
    await Promise.all(this.#running);
  }

  async #poll(): Promise<void> {
    const { signal } = this.#abort;
    const { queues: watch, clock } = this.#parts;
    while (!signal.aborted) {
      try {
        await this.#scaling.whenFree(signal);
        await this.#whenFunctionExists();
        using lock = await watch.whenReceivable(this.#mapping.eventSourceArn, this.#name, signal);
        if (!signal.aborted) await this.#turn(lock);
      } catch (error) {
        if (signal.aborted) return;
        this.#warn(`${this.#mapping.eventSourceArn} cannot be read: ${reasonOf(error)}`);
        await clock.sleep(PAUSE_MS, { signal, name: this.#name }).catch(() => undefined);
      }
    }
  }

  /** Receives one batch, or one for each message group, and has it run. */
  async #turn(lock: Lock): Promise<void> {
    const mapping = this.#mapping;
    const { signal } = this.#abort;
    const { clock, queues: watch } = this.#parts;
    let received = 0;
    const receive = async (max: number) => {
      const messages = await this.#queues.receive(mapping.eventSourceArn, max);
      received += messages.length;
      return messages;
    };
    const filter = (messages: readonly Message[], held: Lock) => this.#filter(mapping, messages, held);
    const gathered = await gather(mapping, { name: this.#name, clock, watch, receive, filter }, lock, signal);
    this.#warned = '';
    this.#emptyReceives = received === 0 ? this.#emptyReceives + 1 : 0;
    if (this.#emptyReceives > MAX_EMPTY_RECEIVES) await pause(lock, PAUSE_MS, signal);
    for (const sequence of mapping.fifo ? groupsOf(gathered) : splitBySize(gathered).map((batch) => [...batch])) {
      // What was received is run even when the poller is stopped: its receives have been counted.
      if (!this.#scaling.isFree) await lock.suspend(() => this.#scaling.whenFree(new AbortController().signal));
      this.#launch(mapping, sequence);
    }
  }

  /** Runs messages whose order counts, or that fit into one event: batch after batch, as long as all goes well. */
  #launch(mapping: SqsMapping, messages: readonly Received[]): void {
    this.#scaling.take();
    const run = this.#parts.clock
      .run(this.#name, async (lock) => {
        try {
          for (const batch of splitBySize(messages)) if (!(await this.#run(mapping, batch, lock))) break;
        } finally {
          // Under this lock, so that time does not move before the loop has taken its own.
          this.#scaling.release();
        }
      })
      .catch((error) => this.#parts.log.error(`${this.#name}: a batch failed.`, error))
      .finally(() => this.#running.delete(run));
    this.#running.add(run);
  }

  /** Resolves to whether every message succeeded. */
  async #run(mapping: SqsMapping, batch: readonly Received[], lock: Lock): Promise<boolean> {
    const { clock } = this.#parts;
    // A queue with a visibility timeout of 0 gives a failed message back in the same instant, for ever.
    const isBack = this.#failed.at === clock.now() && batch.some(({ id }) => this.#failed.ids.has(id));
    if (isBack) await pause(lock, PAUSE_MS, this.#abort.signal);
    const { failed } = await new BatchRun(mapping, batch, this.#parts, this.#queues, this.#abort.signal).run(lock);
    if (failed.length === 0) {
      this.#scaling.succeeded();
      return true;
    }
    if (!mapping.reportBatchItemFailures) this.#scaling.failed();
    if (this.#failed.at !== clock.now()) {
      this.#failed.at = clock.now();
      this.#failed.ids.clear();
    }
    for (const { id } of failed) this.#failed.ids.add(id);
    return false;
  }

  /** Messages that no filter lets pass are deleted. */
  async #filter(mapping: SqsMapping, messages: readonly Message[], lock: Lock): Promise<readonly Message[]> {
    const { passing = [], filtered = [] } = Object.groupBy(messages, (message) =>
      this.#passes(message) ? 'passing' : 'filtered',
    );
    if (filtered.length > 0) {
      const cause = this.#parts.ledger.append({
        where: placeOf(mapping.functionArn),
        what: 'dropped',
        ids: idsOf(filtered),
        detail: { reason: 'filtered out by the event source mapping', mapping: mapping.uuid },
      });
      await deleteMessages(this.#queues, mapping.eventSourceArn, filtered, cause, lock, this.#abort.signal);
    }
    return passing;
  }

  /** A mapping may outlive its function. */
  async #whenFunctionExists(): Promise<void> {
    const { signal } = this.#abort;
    const { functions, clock } = this.#parts;
    const exists = () => functions.find(this.#mapping.functionArn) !== undefined;
    if (exists()) return;
    this.#warn(`${this.#mapping.functionArn} does not exist`);
    const found = Promise.withResolvers<void>();
    const look = clock.poll(`${this.#name} function`, PAUSE_MS, async () => {
      if (exists()) found.resolve();
      return exists();
    });
    const abort = () => found.resolve();
    signal.addEventListener('abort', abort, { once: true });
    await found.promise;
    signal.removeEventListener('abort', abort);
    look.cancel();
  }

  /** Once for each trouble, not once for each look. */
  #warn(message: string): void {
    if (message !== this.#warned) this.#parts.log.warn(`${this.#name}: ${message}`);
    this.#warned = message;
  }
}
