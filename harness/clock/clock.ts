/**
 * `real`: virtual time is the machine's. `held`: time stands until it is moved. `auto`: as held, but whenever nothing
 * holds a lock, time jumps to the next timer that is due.
 */
export type ClockMode = 'real' | 'held' | 'auto';

/** What components see of the clock: they read it, wait on it, and say when they are busy. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  readonly mode: ClockMode;
  /**
   * Calls `callback` once, `delayMs` from now. While the promise it returns is pending, it holds a lock named after
   * the timer, so that virtual time does not run away from work in progress.
   */
  setTimer(name: string, delayMs: number, callback: (lock: Lock) => void | Promise<void>): Timer;
  /**
   * Calls `look` every `intervalMs`, never twice at once. `look` says whether it found anything. A poll that found
   * nothing would find nothing again until something else happens, so virtual time skips such polls; real time does not.
   */
  poll(name: string, intervalMs: number, look: (lock: Lock) => Promise<boolean>): Timer;
  /** Resolves `ms` from now. Whoever holds a lock must sleep on the lock instead, or virtual time stands still. */
  sleep(ms: number, options?: SleepOptions): Promise<void>;
  /** Keeps virtual time from moving until released. */
  lock(name: string): Lock;
  /** Runs `work` under a lock. */
  run<T>(name: string, work: (lock: Lock) => Promise<T>): Promise<T>;
  /** The instant that virtual time showed when the machine's clock showed `machineMs`. */
  fromMachine(machineMs: number): number;
  /** To be called after a real server may have stamped something with the machine's time: see `fromMachine`. */
  noteMachineStamp(): void;
}

/** What the one who drives the bench may do with it besides. */
export interface ClockControl extends Clock {
  /**
   * Moves time to `instant` (ms since the epoch) and holds it there. Forwards, every timer on the way is fired at its
   * own instant, in order, each finished before the next. Backwards, timers keep what they had left to wait.
   */
  travelTo(instant: number): Promise<void>;
  /** `travelTo(now() + ms)`. */
  advance(ms: number): Promise<void>;
  /** Stops time where it is. */
  hold(): Promise<void>;
  /** From now on time jumps by itself, see `ClockMode`. */
  auto(): Promise<void>;
  /** Returns to the machine's time, as `travelTo` would. */
  real(): Promise<void>;
  /** Resolves when nothing holds a lock. */
  settled(): Promise<void>;
  diagnostics(): ClockDiagnostics;
  /** Cancels everything. The clock can still be read. */
  close(): void;
}

export interface SleepOptions {
  readonly signal?: AbortSignal;
  readonly name?: string;
}

export interface Timer {
  readonly name: string;
  cancel(): void;
}

export interface Lock extends Disposable {
  readonly name: string;
  /** Lets time go by for `ms`: gives the lock up, sleeps, and takes it again before resolving. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Gives the lock up while `work` waits for something that needs time to move. */
  suspend<T>(work: () => Promise<T>): Promise<T>;
  release(): void;
}

export interface ClockDiagnostics {
  readonly now: string;
  readonly mode: ClockMode;
  /** Why time stands still, oldest first. */
  readonly locks: readonly { readonly name: string; readonly heldForMs: number }[];
  readonly timers: readonly { readonly name: string; readonly due: string; readonly quiet: boolean }[];
  /** The newest takings (+) and releases (-) of locks, oldest first. */
  readonly history: readonly string[];
}
