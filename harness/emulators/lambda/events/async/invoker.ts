import type { Lock, Timer } from '../../../../clock/index.ts';
import { type EntryNumber, type Held, ids, type LedgerId } from '../../../../ledger/index.ts';
import type { FunctionRevision, InvocationOutcome } from '../../model.ts';
import { type Attempt, attemptOnce, errorOf } from '../attempt.ts';
import type { AsyncEvent, AsyncInvoker, EventParts } from '../contract.ts';
import { Destinations } from '../destinations.ts';
import { functionName, placeOf } from '../names.ts';
import { persist, reasonOf } from '../persist.ts';
import { Queues } from '../queues.ts';
import { deadLetterAttributes, destinationRecord } from './destination-record.ts';
import { type GiveUpCondition, nextStep, type Tries } from './schedule.ts';

/** How many events of one function run at once. AWS has as many as the concurrency allows. */
const MAX_PARALLEL = 10;

const WHY: Readonly<Record<GiveUpCondition, string>> = {
  RetriesExhausted: 'retries exhausted',
  EventAgeExceeded: 'maximum event age exceeded',
  ZeroReservedConcurrency: 'reserved concurrency is 0',
};

interface Pending {
  readonly event: AsyncEvent;
  readonly accepted: EntryNumber;
  tries: Tries;
  /** How often the function ran, or may have run. */
  invocations: number;
  /** Of the last run that ended in an error of the function. */
  failed: InvocationOutcome | undefined;
}

/** The events of one function. */
interface Line {
  readonly ready: Pending[];
  running: number;
}

/** Lambda's queue of asynchronous invocations, one for each function. */
export class Invoker implements AsyncInvoker {
  readonly #parts: EventParts;
  readonly #queues: Queues;
  readonly #destinations: Destinations;
  readonly #lines = new Map<string, Line>();
  readonly #pending = new Map<string, Set<Pending>>();
  readonly #timers = new Set<Timer>();
  readonly #running = new Set<Promise<void>>();
  #abort = new AbortController();

  constructor(parts: EventParts) {
    this.#parts = parts;
    this.#queues = new Queues(parts.aws);
    this.#destinations = new Destinations(parts, this.#queues, (event) => this.enqueue(event));
  }

  enqueue(event: AsyncEvent): void {
    const { clock, ledger } = this.#parts;
    const accepted = ledger.append({
      where: placeOf(event.functionArn),
      what: 'accepted',
      ids: [ids.request(event.requestId)],
      cause: event.cause,
    });
    const tries = { acceptedAt: clock.now(), retries: 0, setbacks: 0 };
    const pending: Pending = { event, accepted, tries, invocations: 0, failed: undefined };
    this.#count(event, 'AsyncEventsReceived', 1);
    this.#pendingOf(event).add(pending);
    this.#ready(pending);
  }

  held(): Held[] {
    return [...this.#pending].map(([where, all]) => ({
      where,
      ids: [...all].map(({ event }) => ids.request(event.requestId)),
    }));
  }

  async stop(): Promise<void> {
    this.#abort.abort(new Error('stopped'));
    for (const timer of this.#timers) timer.cancel();
    this.#timers.clear();
    for (const line of this.#lines.values()) line.ready.length = 0;
    await Promise.all(this.#running);
  }

  async clear(): Promise<void> {
    await this.stop();
    this.#pending.clear();
    this.#lines.clear();
    this.#abort = new AbortController();
  }

  #ready(pending: Pending): void {
    if (this.#abort.signal.aborted) return;
    const { functionArn } = pending.event;
    const line = this.#lines.get(functionArn) ?? { ready: [], running: 0 };
    this.#lines.set(functionArn, line);
    line.ready.push(pending);
    this.#pump(functionArn, line);
  }

  #pump(functionArn: string, line: Line): void {
    const { clock, functions } = this.#parts;
    const limit = Math.min(functions.find(functionArn)?.reservedConcurrency || MAX_PARALLEL, MAX_PARALLEL);
    while (line.running < limit) {
      const pending = line.ready.shift();
      if (!pending) return;
      line.running++;
      const run = clock.run(`lambda ${functionName(functionArn)} asynchronous`, async (lock) => {
        try {
          await this.#attempt(pending, lock);
        } finally {
          line.running--;
          // Under this lock, so that time does not move before the next one has its own.
          this.#pump(functionArn, line);
        }
      });
      this.#track(run);
    }
  }

  async #attempt(pending: Pending, lock: Lock): Promise<void> {
    const { event, tries } = pending;
    const { host, functions, clock, log } = this.#parts;
    const { functionArn, requestId } = event;
    const revision = functions.find(functionArn);
    if (!revision) return this.#lose(pending, 'the function was deleted');
    if (revision.reservedConcurrency === 0) return await this.#giveUp(pending, 'ZeroReservedConcurrency', lock);
    this.#count(event, 'AsyncEventAge', clock.now() - tries.acceptedAt, 'Milliseconds');
    const attempt = await attemptOnce(host, revision, this.#invocation(pending), lock, log);
    if (!this.#isPending(pending)) return;
    if (attempt.kind !== 'throttled') pending.invocations++;
    if (attempt.kind === 'returned') return await this.#succeed(pending, attempt.outcome, lock);
    if (attempt.kind === 'function-error') pending.failed = attempt.outcome;
    const next = nextStep(attempt.kind, tries, functions.asyncSettings(functionArn), clock.now());
    if (next.kind === 'give-up') return await this.#giveUp(pending, next.condition, lock, attempt);
    pending.tries = next.tries;
    this.#note(pending, 'retried', { requestId, reason: attempt.reason, delayMs: next.delayMs });
    this.#later(pending, revision, next.delayMs);
  }

  #invocation({ event, accepted, invocations }: Pending) {
    const { requestId, payload, clientContext, traceId } = event;
    const about: readonly LedgerId[] = [ids.request(requestId), ...(event.ids ?? [])];
    return { requestId, payload, clientContext, traceId, cause: accepted, ids: about, attempt: invocations + 1 };
  }

  #later(pending: Pending, revision: FunctionRevision, delayMs: number): void {
    if (this.#abort.signal.aborted) return;
    const timer = this.#parts.clock.setTimer(`lambda ${revision.name} asynchronous retry`, delayMs, () => {
      this.#timers.delete(timer);
      this.#ready(pending);
    });
    this.#timers.add(timer);
  }

  async #succeed(pending: Pending, outcome: InvocationOutcome, lock: Lock): Promise<void> {
    const { event, invocations } = pending;
    const consumed = this.#note(pending, 'consumed', { attempt: invocations });
    this.#forget(pending);
    const { onSuccess } = this.#parts.functions.asyncSettings(event.functionArn);
    if (onSuccess === undefined) return;
    const record = destinationRecord(event, 'Success', invocations, outcome, this.#parts.clock.now());
    try {
      const into = await this.#destinations.deliver(onSuccess, record, consumed, lock, this.#abort.signal);
      this.#note(pending, 'noted', { destination: onSuccess, condition: 'Success' }, [into]);
    } catch (error) {
      this.#failedDelivery(event, 'DestinationDeliveryFailures', onSuccess, error);
    }
  }

  /** To the dead-letter queue, the destination for failures, or both; to neither means lost. */
  async #giveUp(pending: Pending, condition: GiveUpCondition, lock: Lock, attempt?: Attempt): Promise<void> {
    const { event, accepted, invocations, failed } = pending;
    const { deadLetterArn, onFailure } = this.#parts.functions.asyncSettings(event.functionArn);
    const signal = this.#abort.signal;
    const into: LedgerId[] = [];
    const troubles: string[] = [];
    const deliver = async (arn: string, metric: string, send: () => Promise<LedgerId>) => {
      try {
        into.push(await send());
      } catch (error) {
        troubles.push(this.#failedDelivery(event, metric, arn, error));
      }
    };
    if (deadLetterArn !== undefined) {
      const attributes = deadLetterAttributes(event.requestId, ...errorFor(attempt, failed));
      const send = () => this.#queues.send(deadLetterArn, event.payload.toString(), attributes, accepted);
      const persistent = async () => ids.message(await persist(lock, signal, send));
      await deliver(deadLetterArn, 'DeadLetterErrors', persistent);
    }
    if (onFailure !== undefined) {
      const record = destinationRecord(event, condition, invocations, failed, this.#parts.clock.now());
      const send = () => this.#destinations.deliver(onFailure, record, accepted, lock, signal);
      await deliver(onFailure, 'DestinationDeliveryFailures', send);
    }
    if (!this.#isPending(pending) || (signal.aborted && into.length === 0)) return;
    const why = attempt && attempt.kind !== 'returned' ? `${WHY[condition]}: ${attempt.reason}` : WHY[condition];
    if (into.length === 0) {
      const gone = troubles.length > 0 ? `could not be delivered to ${troubles.join(' nor ')}` : 'no destination';
      this.#lose(pending, `${WHY[condition]} and ${gone}`, why);
      return;
    }
    this.#count(event, 'AsyncEventsDropped', 1);
    this.#note(pending, 'dead-lettered', { reason: why, attempts: invocations }, into);
    this.#forget(pending);
  }

  #lose(pending: Pending, reason: string, last?: string): void {
    this.#count(pending.event, 'AsyncEventsDropped', 1);
    this.#note(pending, 'lost', { reason, attempts: pending.invocations, ...(last === undefined ? {} : { last }) });
    this.#parts.log.warn(`${functionName(pending.event.functionArn)}: an event is lost: ${reason}`);
    this.#forget(pending);
  }

  #failedDelivery(event: AsyncEvent, metric: string, arn: string, error: unknown): string {
    const trouble = `${arn} (${reasonOf(error)})`;
    this.#count(event, metric, 1);
    this.#parts.log.warn(`${functionName(event.functionArn)}: a record could not be delivered to ${trouble}`);
    return trouble;
  }

  #note(
    pending: Pending,
    what: 'retried' | 'consumed' | 'dead-lettered' | 'lost' | 'noted',
    detail: Record<string, unknown>,
    into?: readonly LedgerId[],
  ): EntryNumber {
    const { event, accepted, invocations } = pending;
    return this.#parts.ledger.append({
      where: placeOf(event.functionArn),
      what,
      ids: [ids.request(event.requestId)],
      ...(into ? { into } : {}),
      cause: accepted,
      detail: what === 'retried' ? { attempt: invocations, ...detail } : detail,
    });
  }

  #pendingOf({ functionArn }: AsyncEvent): Set<Pending> {
    const where = placeOf(functionArn);
    const all = this.#pending.get(where) ?? new Set<Pending>();
    this.#pending.set(where, all);
    return all;
  }

  #isPending(pending: Pending): boolean {
    return this.#pending.get(placeOf(pending.event.functionArn))?.has(pending) === true;
  }

  #forget(pending: Pending): void {
    this.#pending.get(placeOf(pending.event.functionArn))?.delete(pending);
  }

  #count(event: AsyncEvent, metric: string, value: number, unit?: string): void {
    const dimensions = { FunctionName: functionName(event.functionArn) };
    this.#parts.metrics.count('AWS/Lambda', metric, dimensions, value, unit);
  }

  #track(run: Promise<void>): void {
    this.#running.add(run);
    const done = () => void this.#running.delete(run);
    run.then(done, (error) => {
      done();
      this.#parts.log.error('An asynchronous invocation failed.', error);
    });
  }
}

/** A dead-letter queue's ErrorCode and ErrorMessage: the function's, or else what Lambda answered instead. */
function errorFor(attempt: Attempt | undefined, failed: InvocationOutcome | undefined): [number, string | undefined] {
  if (failed) return [200, errorOf(failed).errorMessage];
  if (attempt?.kind === 'system-error') return [500, attempt.reason];
  return [429, attempt?.kind === 'throttled' ? attempt.reason : 'Rate Exceeded.'];
}
