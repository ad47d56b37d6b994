import type { Lock } from '../../../../clock/index.ts';
import { type EntryNumber, ids, type LedgerId } from '../../../../ledger/index.ts';
import type { KinesisMapping } from '../../functions/model.ts';
import type { InvocationOutcome } from '../../model.ts';
import { attemptOnce } from '../attempt.ts';
import { judgeBatchResponse } from '../batch-response.ts';
import type { EventParts } from '../contract.ts';
import type { Destinations } from '../destinations.ts';
import { functionName, placeOf } from '../names.ts';
import { reasonOf } from '../persist.ts';
import { kinesisEvent, type StreamRecord } from './event.ts';
import { failureRecord } from './failure-record.ts';
import type { BatchOutcome, DiscardCondition } from './shard-line.ts';

const OK = 'OK';
const FAILED = 'PROBLEM: Function call failed';

export interface ShardRunsParts {
  readonly parts: EventParts;
  readonly destinations: Destinations;
  /** As it is now. */
  readonly mapping: () => KinesisMapping;
  readonly streamName: string;
  readonly shardId: string;
  /** How a run ended, as `LastProcessingResult` shows it. */
  readonly ended: (result: string) => void;
}

/** Runs batches of a shard, and tells of those that are given up. */
export class ShardRuns {
  readonly #parts: ShardRunsParts;
  #taken: EntryNumber | undefined;
  #requestId: string | undefined;
  #outcome: InvocationOutcome | undefined;

  constructor(parts: ShardRunsParts) {
    this.#parts = parts;
  }

  async invoke(records: readonly StreamRecord[], attempt: number, lock: Lock): Promise<BatchOutcome> {
    const { parts, shardId, ended } = this.#parts;
    const { functions, host, random, log, clock, metrics } = parts;
    const mapping = this.#parts.mapping();
    const revision = functions.find(mapping.functionArn);
    if (!revision) {
      ended(FAILED);
      return { kind: 'not-invoked' };
    }
    if (attempt === 1) this.#taken = this.#note('noted', records, { messages: records.length });
    const age = clock.now() - (records.at(-1)?.arrival ?? clock.now());
    metrics.count('AWS/Lambda', 'IteratorAge', { FunctionName: revision.name }, Math.max(0, age), 'Milliseconds');
    this.#requestId = random.uuid();
    const invocation = {
      requestId: this.#requestId,
      payload: kinesisEvent(mapping, revision.role, shardId, records),
      cause: this.#taken,
      ids: this.#idsOf(records),
      attempt,
    };
    const run = await attemptOnce(host, revision, invocation, lock, log);
    this.#outcome = run.kind === 'returned' || run.kind === 'function-error' ? run.outcome : undefined;
    if (run.kind !== 'returned') {
      ended(FAILED);
      this.#noteRetry(records, attempt, run.reason);
      return { kind: run.kind === 'function-error' ? 'failure' : 'not-invoked' };
    }
    const outcome = this.#judge(mapping, run.outcome, records, attempt);
    ended(outcome.kind === 'success' ? OK : FAILED);
    return outcome;
  }

  async discard(
    records: readonly StreamRecord[],
    condition: DiscardCondition,
    invokeCount: number,
    lock: Lock,
    signal: AbortSignal,
  ): Promise<void> {
    const { parts, destinations, shardId } = this.#parts;
    const mapping = this.#parts.mapping();
    const requestId = this.#requestId ?? parts.random.uuid();
    const details = { condition, attempts: invokeCount };
    if (mapping.onFailure === undefined) {
      this.#note('lost', records, { ...details, reason: `${condition} and no destination` });
      return;
    }
    const invocation = { requestId, invokeCount, outcome: this.#outcome };
    const record = failureRecord(mapping, shardId, records, condition, invocation, parts.clock.now());
    try {
      const into = await destinations.deliver(mapping.onFailure, record, this.#taken, lock, signal);
      this.#note('dead-lettered', records, details, [into]);
    } catch (error) {
      signal.throwIfAborted();
      const trouble = `${mapping.onFailure} (${reasonOf(error)})`;
      const dimensions = { FunctionName: functionName(mapping.functionArn) };
      parts.metrics.count('AWS/Lambda', 'DestinationDeliveryFailures', dimensions, 1);
      parts.log.warn(`${dimensions.FunctionName}: a record could not be delivered to ${trouble}`);
      this.#note('lost', records, { ...details, reason: `${condition} and could not be delivered to ${trouble}` });
    }
  }

  #judge(
    mapping: KinesisMapping,
    { payload }: InvocationOutcome,
    records: readonly StreamRecord[],
    attempt: number,
  ): BatchOutcome {
    if (!mapping.reportBatchItemFailures) return { kind: 'success' };
    const verdict = judgeBatchResponse(payload, new Set(records.map(({ sequenceNumber }) => sequenceNumber)));
    if (verdict.kind === 'success') return verdict;
    if (verdict.kind === 'failure') {
      this.#noteRetry(records, attempt, verdict.reason);
      return { kind: 'failure' };
    }
    // The records are in the order of their numbers: the first that failed has the lowest.
    const from = records.findIndex(({ sequenceNumber }) => verdict.failed.has(sequenceNumber));
    this.#noteRetry(records.slice(from), attempt, 'reported in batchItemFailures');
    return { kind: 'partial', checkpoint: records[from]?.sequenceNumber ?? '' };
  }

  /** A day of attempts need not be told one by one: the 1st, 2nd, 4th, 8th … are. */
  #noteRetry(records: readonly StreamRecord[], attempt: number, reason: string): void {
    if ((attempt & (attempt - 1)) === 0) this.#note('retried', records, { attempt, reason });
  }

  #note(
    what: 'noted' | 'retried' | 'dead-lettered' | 'lost',
    records: readonly StreamRecord[],
    detail: Record<string, unknown>,
    into?: readonly LedgerId[],
  ): EntryNumber {
    const { parts, shardId } = this.#parts;
    const { uuid, functionArn } = this.#parts.mapping();
    return parts.ledger.append({
      where: placeOf(functionArn),
      what,
      ids: this.#idsOf(records),
      ...(into ? { into } : {}),
      cause: what === 'noted' ? undefined : this.#taken,
      detail: { mapping: uuid, shardId, ...detail },
    });
  }

  #idsOf(records: readonly StreamRecord[]): LedgerId[] {
    return records.map(({ sequenceNumber }) => ids.record(this.#parts.streamName, sequenceNumber));
  }
}
