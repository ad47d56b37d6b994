import type { Lock } from '../../../clock/index.ts';

/** As often as AWS's SDKs try by default. */
const ATTEMPTS = 3;
const PAUSE_MS = 1000;
/** What no second attempt changes. */
const FINAL = new Set(['QueueDoesNotExist', 'NoSuchBucket', 'AccessDenied', 'AccessDeniedException']);

/** Does what may fail in passing, a few times on the clock. Rejects with the last error. */
export async function persist<T>(lock: Lock, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === ATTEMPTS || (error instanceof Error && FINAL.has(error.name))) throw error;
      await lock.sleep(PAUSE_MS, signal);
    }
  }
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

/** Lets time go by; false when the signal came first. */
export async function pause(lock: Lock, ms: number, signal: AbortSignal): Promise<boolean> {
  await lock.sleep(ms, signal).catch(() => undefined);
  return !signal.aborted;
}
