import { AwsError } from '../../../edge/aws-error.ts';
import type { FunctionRevision } from '../model.ts';

/** An error's `Reason`, see the API's ThrottleReason. */
export type ThrottleReason = 'ConcurrentInvocationLimitExceeded' | 'ReservedFunctionConcurrentInvocationLimitExceeded';

/** 429, with AWS's own text. */
export function throttled(reason: ThrottleReason): AwsError {
  return new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429, { Reason: reason, Type: 'User' });
}

/** Counts the invocations under way, of each function and of those that share what is not reserved. */
export class Admission {
  readonly #accountConcurrency: number;
  readonly #running = new Map<string, number>();
  #unreserved = 0;

  constructor(accountConcurrency: number) {
    this.#accountConcurrency = accountConcurrency;
  }

  /** Why one more invocation may not begin; undefined when it may. */
  refusal({ arn, reservedConcurrency }: FunctionRevision): ThrottleReason | undefined {
    if (reservedConcurrency === undefined) {
      return this.#unreserved < this.#accountConcurrency ? undefined : 'ConcurrentInvocationLimitExceeded';
    }
    const full = (this.#running.get(arn) ?? 0) >= reservedConcurrency;
    return full ? 'ReservedFunctionConcurrentInvocationLimitExceeded' : undefined;
  }

  /** Begins an invocation. Returns how many of the function run now, and what to call when this one has ended. */
  enter({ arn, reservedConcurrency }: FunctionRevision): { readonly running: number; leave(): void } {
    const running = (this.#running.get(arn) ?? 0) + 1;
    this.#running.set(arn, running);
    const shared = reservedConcurrency === undefined ? 1 : 0;
    this.#unreserved += shared;
    return {
      running,
      leave: () => {
        this.#unreserved -= shared;
        const left = (this.#running.get(arn) ?? 1) - 1;
        if (left === 0) this.#running.delete(arn);
        else this.#running.set(arn, left);
      },
    };
  }
}
