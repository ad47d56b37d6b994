import type { AsyncSettings } from '../../functions/model.ts';
import type { Attempt } from '../attempt.ts';

/** The waits before the second and the third attempt (Lambda developer guide, "Asynchronous invocation"). */
const RETRY_DELAYS_MS = [60_000, 120_000] as const;
/** Throttled events and those that Lambda itself failed: from 1 second, doubling, to 5 minutes (same page). */
const SETBACK_INITIAL_MS = 1000;
const SETBACK_MAX_MS = 300_000;

/** Why an event is given up, in the words of destination records. */
export type GiveUpCondition = 'RetriesExhausted' | 'EventAgeExceeded' | 'ZeroReservedConcurrency';

/** How often an event was tried. */
export interface Tries {
  /** When it was queued, ms since the epoch. */
  readonly acceptedAt: number;
  /** Retries after errors of the function. */
  readonly retries: number;
  /** Throttles and errors of Lambda since the function last ran. */
  readonly setbacks: number;
}

export type NextStep =
  | { readonly kind: 'retry'; readonly delayMs: number; readonly tries: Tries }
  | { readonly kind: 'give-up'; readonly condition: GiveUpCondition };

/**
 * What comes after a failed attempt. An event whose next attempt would come at its maximum age or later is given up at
 * once: AWS looks ahead.
 */
export function nextStep(
  failure: Exclude<Attempt['kind'], 'returned'>,
  tries: Tries,
  settings: Pick<AsyncSettings, 'maximumRetryAttempts' | 'maximumEventAgeMs'>,
  now: number,
): NextStep {
  const isOfFunction = failure === 'function-error';
  if (isOfFunction && tries.retries >= settings.maximumRetryAttempts) {
    return { kind: 'give-up', condition: 'RetriesExhausted' };
  }
  const delayMs = isOfFunction
    ? (RETRY_DELAYS_MS[tries.retries] ?? RETRY_DELAYS_MS[1])
    : Math.min(SETBACK_INITIAL_MS * 2 ** tries.setbacks, SETBACK_MAX_MS);
  if (now + delayMs - tries.acceptedAt >= settings.maximumEventAgeMs) {
    return { kind: 'give-up', condition: 'EventAgeExceeded' };
  }
  const next = isOfFunction
    ? { ...tries, retries: tries.retries + 1, setbacks: 0 }
    : { ...tries, setbacks: tries.setbacks + 1 };
  return { kind: 'retry', delayMs, tries: next };
}
