import { machine } from '../clock/index.ts';

const PAUSE_MS = 10;

export interface Meanwhile<T> {
  readonly result: T;
  /** How often the other thing was done, and how long it took at most, in ms of real time. */
  readonly times: number;
  readonly longestMs: number;
}

/** Does another thing again and again while `work` is under way. Rejects when either does. */
export async function meanwhile<T>(work: () => Promise<T>, again: () => Promise<void> | void): Promise<Meanwhile<T>> {
  let over = false;
  let times = 0;
  let longestMs = 0;
  const repeating = (async () => {
    while (!over) {
      const began = machine.monotonic();
      await again();
      longestMs = Math.max(longestMs, machine.monotonic() - began);
      times++;
      await machine.sleep(PAUSE_MS);
    }
  })();
  const working = work().finally(() => {
    over = true;
  });
  const [result] = await Promise.all([working, repeating]);
  return { result, times, longestMs: Math.round(longestMs) };
}
