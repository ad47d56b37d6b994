import type { Lock } from '../../../clock/index.ts';
import { AwsError } from '../../../edge/aws-error.ts';
import type { Log } from '../../../edge/emulator.ts';
import type { FunctionRevision, Invocation, InvocationOutcome, LambdaHost } from '../model.ts';

/** How one attempt to run a function ended. */
export type Attempt =
  | { readonly kind: 'returned'; readonly outcome: InvocationOutcome }
  /** The handler threw, timed out or crashed. */
  | { readonly kind: 'function-error'; readonly outcome: InvocationOutcome; readonly reason: string }
  /** The function did not run: 429. */
  | { readonly kind: 'throttled'; readonly reason: string }
  /** Lambda itself failed, and nobody knows whether the function ran: 500. */
  | { readonly kind: 'system-error'; readonly reason: string };

export async function attemptOnce(
  host: LambdaHost,
  revision: FunctionRevision,
  invocation: Invocation,
  lock: Lock,
  log: Log,
): Promise<Attempt> {
  try {
    const outcome = await host.invoke(revision, invocation, lock);
    if (outcome.functionError === undefined) return { kind: 'returned', outcome };
    return { kind: 'function-error', outcome, reason: describeFunctionError(outcome) };
  } catch (error) {
    if (error instanceof AwsError) {
      const kind = error.status === 429 ? 'throttled' : 'system-error';
      return { kind, reason: `${error.code}: ${error.message}` };
    }
    log.error(`${revision.name}: the invocation ${invocation.requestId} failed.`, error);
    return { kind: 'system-error', reason: String(error) };
  }
}

/** `Error: no such table`, from the payload that runtimes send for an error. */
function describeFunctionError(outcome: InvocationOutcome): string {
  const { errorType, errorMessage } = errorOf(outcome);
  return [errorType, errorMessage].filter((part) => part !== undefined && part !== '').join(': ') || 'function error';
}

/** What a function's error payload says of itself, where it says anything. */
export function errorOf({ payload }: InvocationOutcome): { errorType?: string; errorMessage?: string } {
  const value = parseJson(payload);
  if (typeof value !== 'object' || value === null) return {};
  const { errorType, errorMessage } = value as Record<string, unknown>;
  return {
    ...(typeof errorType === 'string' ? { errorType } : {}),
    ...(typeof errorMessage === 'string' ? { errorMessage } : {}),
  };
}

/** Undefined when it is no JSON. */
export function parseJson(text: Buffer | string): unknown {
  try {
    return JSON.parse(text.toString());
  } catch {
    return undefined;
  }
}
