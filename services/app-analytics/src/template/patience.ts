/**
 * How long to wait before each further try, in ms: 35 s in all. AWS needs some seconds until a new role's rights are
 * known everywhere, and until the name of a new domain is.
 */
export const DELAYS: readonly number[] = [1_000, 2_000, 4_000, 8_000, 10_000, 10_000];

export interface Patience {
  /** One for each further try. */
  readonly delays: readonly number[];
  readonly sleep: (ms: number) => Promise<void>;
  /** Whether an error may be gone the next time. */
  readonly mayPass: (error: unknown) => boolean;
  readonly onFailure: (error: unknown, waitMs: number) => void;
}

/** Tries until it works, the error is one that stays, or the delays are used up; then rejects with the last error. */
export async function patiently<T>(task: () => Promise<T>, options: Patience): Promise<T> {
  const { sleep, mayPass, onFailure } = options;
  for (const delay of options.delays) {
    try {
      return await task();
    } catch (error) {
      if (!mayPass(error)) throw error;
      onFailure(error, delay);
      await sleep(delay);
    }
  }
  return task();
}
