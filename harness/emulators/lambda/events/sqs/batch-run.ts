import type { Message } from '@aws-sdk/client-sqs';
import type { Lock } from '../../../../clock/index.ts';
import { type EntryNumber, ids, type LedgerId } from '../../../../ledger/index.ts';
import type { SqsMapping } from '../../functions/model.ts';
import { type Attempt, attemptOnce } from '../attempt.ts';
import { type BatchVerdict, judgeBatchResponse } from '../batch-response.ts';
import type { EventParts } from '../contract.ts';
import { placeOf } from '../names.ts';
import { pause } from '../persist.ts';
import { MAX_ENTRIES, type Queues } from '../queues.ts';
import type { Received } from './batches.ts';
import { eventOf } from './event.ts';

/** Between two attempts of an invocation that was throttled: from this, doubling. AWS does not document its own. */
const THROTTLE_INITIAL_MS = 1000;
const THROTTLE_MAX_MS = 60_000;
/** A deletion that fails is tried again after 1, 2, 4 and 8 seconds. */
const DELETE_ATTEMPTS = 5;
const DELETE_RETRY_MS = 1000;

/** What one batch of messages goes through. */
export class BatchRun {
  readonly #mapping: SqsMapping;
  readonly #batch: readonly Received[];
  readonly #parts: EventParts;
  readonly #queues: Queues;
  readonly #signal: AbortSignal;

  /** @param signal ends what waits for another attempt */
  constructor(mapping: SqsMapping, batch: readonly Received[], parts: EventParts, queues: Queues, signal: AbortSignal) {
    this.#mapping = mapping;
    this.#batch = batch;
    this.#parts = parts;
    this.#queues = queues;
    this.#signal = signal;
  }

  /**
   * Invokes the function, and deletes what it did. What failed stays in the queue, which shows it again when its
   * visibility timeout is over.
   */
  async run(lock: Lock): Promise<{ readonly failed: readonly Received[] }> {
    const { ledger } = this.#parts;
    const { uuid, functionArn, eventSourceArn } = this.#mapping;
    const where = placeOf(functionArn);
    const taken = ledger.append({
      where,
      what: 'noted',
      ids: idsOf(this.#messages),
      detail: { mapping: uuid, source: eventSourceArn, messages: this.#batch.length, receives: this.#receives },
    });
    const verdict = await this.#invoke(taken, lock);
    const isFailed = ({ id }: Received) =>
      verdict.kind === 'failure' || (verdict.kind === 'partial' && verdict.failed.has(id));
    const failed = this.#batch.filter(isFailed);
    const done = this.#batch.filter((message) => !isFailed(message)).map(({ message }) => message);
    if (failed.length > 0) {
      const reason = verdict.kind === 'failure' ? verdict.reason : 'reported in batchItemFailures';
      ledger.append({
        where,
        what: 'retried',
        ids: idsOf(failed.map(({ message }) => message)),
        cause: taken,
        detail: { attempt: this.#receives, reason, until: 'visible again in the queue' },
      });
    }
    await deleteMessages(this.#queues, eventSourceArn, done, taken, lock, this.#signal);
    return { failed };
  }

  get #messages(): Message[] {
    return this.#batch.map(({ message }) => message);
  }

  /** How often the message that was received most often was. */
  get #receives(): number {
    return Math.max(...this.#messages.map(({ Attributes }) => Number(Attributes?.ApproximateReceiveCount ?? 1)));
  }

  async #invoke(cause: EntryNumber, lock: Lock): Promise<BatchVerdict> {
    const { functions, host, random, log, clock } = this.#parts;
    const payload = eventOf(this.#batch.map(({ record }) => record));
    for (let throttles = 0; ; throttles++) {
      const revision = functions.find(this.#mapping.functionArn);
      if (!revision) return { kind: 'failure', reason: 'the function does not exist' };
      const invocation = {
        requestId: random.uuid(),
        payload,
        cause,
        ids: idsOf(this.#messages),
        attempt: this.#receives,
      };
      const attempt = await attemptOnce(host, revision, invocation, lock, log);
      if (attempt.kind !== 'throttled') return this.#judge(attempt);
      const delayMs = Math.min(THROTTLE_INITIAL_MS * 2 ** throttles, THROTTLE_MAX_MS);
      if (clock.now() + delayMs >= (await this.#visibleAgainAt())) {
        return { kind: 'failure', reason: `${attempt.reason} Until the visibility timeout was over.` };
      }
      if (!(await pause(lock, delayMs, this.#signal))) return { kind: 'failure', reason: attempt.reason };
    }
  }

  #judge(attempt: Exclude<Attempt, { kind: 'throttled' }>): BatchVerdict {
    if (attempt.kind !== 'returned') return { kind: 'failure', reason: attempt.reason };
    if (!this.#mapping.reportBatchItemFailures) return { kind: 'success' };
    return judgeBatchResponse(attempt.outcome.payload, new Set(this.#batch.map(({ id }) => id)));
  }

  /** When the first of the batch's messages may be received by somebody else. */
  async #visibleAgainAt(): Promise<number> {
    const received = Math.min(...this.#batch.map(({ receivedAt }) => receivedAt));
    try {
      return received + (await this.#queues.visibilityTimeoutMs(this.#mapping.eventSourceArn));
    } catch {
      // A queue that does not say so is not to be kept waiting for.
      return received;
    }
  }
}

/** Deletes messages, ten at a time, and tries those again that the queue failed to delete. */
export async function deleteMessages(
  queues: Queues,
  queueArn: string,
  messages: readonly Message[],
  cause: EntryNumber,
  lock: Lock,
  signal: AbortSignal,
): Promise<void> {
  let left = messages;
  for (let attempt = 0; left.length > 0 && attempt < DELETE_ATTEMPTS; attempt++) {
    if (attempt > 0 && !(await pause(lock, DELETE_RETRY_MS * 2 ** (attempt - 1), signal))) return;
    const failed: Message[] = [];
    for (let from = 0; from < left.length; from += MAX_ENTRIES) {
      const entries = left.slice(from, from + MAX_ENTRIES);
      try {
        failed.push(...(await queues.delete(queueArn, entries, cause)));
      } catch {
        failed.push(...entries);
      }
    }
    left = failed;
  }
}

/** The ledger's names of messages. */
export function idsOf(messages: readonly Message[]): LedgerId[] {
  return messages.map(({ MessageId = '' }) => ids.message(MessageId));
}
