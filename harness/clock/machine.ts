import { setTimeout as setTimeoutPromise } from 'node:timers/promises';

/**
 * The machine's own time. Everything under `harness/` that needs real time (a boot deadline, a retry against a real
 * server, the virtual clock itself) goes through this object, so that a test can hand in another one.
 */
export interface Machine {
  /** Milliseconds since the Unix epoch, as the machine has them. */
  now(): number;
  /** Milliseconds from an arbitrary origin, never going back; with fractions. For measuring durations. */
  monotonic(): number;
  /** Resolves after `ms` of real time; rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Calls `callback` once after `ms` of real time. The timer does not keep the process alive. */
  setTimer(ms: number, callback: () => void): MachineTimer;
  /** Resolves after the callbacks that are ready now have run. */
  turn(): Promise<void>;
}

export interface MachineTimer {
  cancel(): void;
}

/** Node's largest delay; a longer one would fire at once. */
const MAX_DELAY_MS = 2 ** 31 - 1;

export const machine: Machine = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms, signal) => setTimeoutPromise(Math.min(ms, MAX_DELAY_MS), undefined, signal ? { signal } : {}),
  setTimer(ms, callback) {
    const handle = setTimeout(callback, Math.min(Math.max(ms, 0), MAX_DELAY_MS));
    handle.unref();
    return { cancel: () => clearTimeout(handle) };
  },
  turn: () => new Promise((resolve) => setImmediate(resolve)),
};
