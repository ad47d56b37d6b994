import type { Lock } from '../../../clock/index.ts';
import { AwsError } from '../../../edge/aws-error.ts';
import type { Log } from '../../../edge/emulator.ts';
import type { Faults } from '../../../faults/index.ts';
import type { Ledger } from '../../../ledger/index.ts';
import type { FunctionRevision, Invocation, InvocationOutcome, LambdaHost } from '../model.ts';
import { type Admission, type ThrottleReason, throttled } from './admission.ts';
import { outcomeOf, payloadOf } from './endings.ts';
import type { Environment, EnvironmentParts } from './environment.ts';
import { type FaultKind, faultKind } from './faults.ts';
import { EnvironmentsGone, type Fleet } from './fleet.ts';
import type { FunctionMetrics } from './function-metrics.ts';
import { type Run, run } from './run.ts';

export interface HostParts {
  readonly fleet: Fleet;
  readonly admission: Admission;
  readonly metrics: FunctionMetrics;
  readonly ledger: Ledger;
  readonly faults: Faults;
  readonly log: Log;
  readonly environments: EnvironmentParts;
}

/** Lets invocations in, runs them, and writes down what became of them. */
export class Host implements LambdaHost {
  readonly #parts: HostParts;
  readonly #running = new Set<Promise<unknown>>();

  constructor(parts: HostParts) {
    this.#parts = parts;
  }

  // The caller's lock is held all the while, so there is nothing to do with it.
  async invoke(revision: FunctionRevision, invocation: Invocation, _lock: Lock): Promise<InvocationOutcome> {
    const { admission, faults, metrics } = this.#parts;
    const struck = faults.strike(placeOf(revision));
    const fault = faultKind(struck);
    if (struck !== undefined && fault === undefined) {
      this.#parts.log.warn(
        `lambda/${revision.name} knows no fault ${struck}; the invocation runs as if there were none.`,
      );
    }
    const refusal = fault === 'throttle' ? throttleReason(revision) : admission.refusal(revision);
    if (refusal !== undefined) {
      metrics.throttled(revision.name);
      this.#note(revision, invocation, { outcome: 'throttled', reason: refusal, ...(fault && { fault }) });
      throw throttled(refusal);
    }
    const admitted = admission.enter(revision);
    metrics.began(revision.name, admitted.running);
    const running = this.#run(revision, invocation, fault);
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
      admitted.leave();
    }
  }

  retire(arn: string): Promise<void> {
    return this.#parts.fleet.retire(arn);
  }

  async clear(): Promise<void> {
    await this.#parts.fleet.clear();
    await Promise.allSettled(this.#running);
  }

  async stop(): Promise<void> {
    await this.#parts.fleet.stop();
    await Promise.allSettled(this.#running);
  }

  async #run(
    revision: FunctionRevision,
    invocation: Invocation,
    fault: FaultKind | undefined,
  ): Promise<InvocationOutcome> {
    const { fleet, environments, log } = this.#parts;
    let environment: Environment | undefined;
    let ran: Run;
    try {
      environment = await fleet.acquire(revision);
      ran = await run(environment, invocation, fault, environments);
      if (environment.ended) throw new EnvironmentsGone();
    } catch (error) {
      if (!(error instanceof EnvironmentsGone)) {
        log.error(`An environment of ${revision.name} failed.`, error);
        if (environment !== undefined) await environment.reset();
      }
      this.#note(revision, invocation, { outcome: 'unknown: the host gave up' });
      throw serviceException();
    } finally {
      if (environment !== undefined) fleet.release(environment);
    }
    return this.#tell(revision, invocation, fault, ran);
  }

  #tell(
    revision: FunctionRevision,
    invocation: Invocation,
    fault: FaultKind | undefined,
    { ending, handler, durationMs, cold, logTail }: Run,
  ): InvocationOutcome {
    const failed = ending.kind !== 'returned';
    this.#parts.metrics.ended(revision.name, durationMs, failed);
    this.#note(revision, invocation, {
      outcome: outcomeOf(ending, fault, handler),
      durationMs: Math.round(durationMs * 100) / 100,
      cold,
      ...(fault && { fault }),
    });
    if (fault === 'lose-response' && handler !== undefined) throw serviceException();
    return {
      payload: payloadOf(ending, invocation.requestId, revision.timeoutMs),
      functionError: failed ? 'Unhandled' : undefined,
      logTail,
      executedVersion: '$LATEST',
    };
  }

  #note(revision: FunctionRevision, invocation: Invocation, detail: Readonly<Record<string, unknown>>): void {
    const { requestId, attempt, ids, cause } = invocation;
    this.#parts.ledger.append({
      where: placeOf(revision),
      what: 'noted',
      ...(ids === undefined ? {} : { ids }),
      cause,
      detail: { requestId, ...(attempt === undefined ? {} : { attempt }), ...detail },
    });
  }
}

function placeOf({ name }: FunctionRevision): string {
  return `lambda/${name}`;
}

function throttleReason({ reservedConcurrency }: FunctionRevision): ThrottleReason {
  return reservedConcurrency === undefined
    ? 'ConcurrentInvocationLimitExceeded'
    : 'ReservedFunctionConcurrentInvocationLimitExceeded';
}

function serviceException(): AwsError {
  const message = 'The AWS Lambda service encountered an internal error.';
  return new AwsError('ServiceException', message, 500, { Message: message, Type: 'Service' });
}
