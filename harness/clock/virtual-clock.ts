import { NaetmulError } from '../errors.ts';
import type { ClockControl, ClockDiagnostics, ClockMode, Lock, SleepOptions, Timer } from './clock.ts';
import { formatInstant } from './instant.ts';
import { Locks } from './locks.ts';
import { type Machine, type MachineTimer, machine as realMachine } from './machine.ts';
import type { ClockMirror } from './mirror.ts';
import { type Entry, Schedule } from './schedule.ts';
import { Timeline } from './timeline.ts';

export interface VirtualClockOptions {
  readonly machine?: Machine;
  /** Told of an error that escaped a timer's callback; by default it is thrown as an uncaught exception. */
  readonly onError?: (timer: string, error: unknown) => void;
  /** Where other processes see the time. */
  readonly mirror?: ClockMirror;
}

/** Makes the bench's clock. It starts in `real` mode. */
export function createClock(options: VirtualClockOptions = {}): ClockControl {
  return new VirtualClock(options);
}

class VirtualClock implements ClockControl {
  readonly #machine: Machine;
  readonly #onError: (timer: string, error: unknown) => void;
  readonly #mirror: ClockMirror | undefined;
  readonly #timeline = new Timeline();
  readonly #locks: Locks;
  readonly #schedule: Schedule;
  #mode: ClockMode = 'real';
  /** Virtual now while time stands. */
  #instant = 0;
  #order = 0;
  #lastStamp = Number.NEGATIVE_INFINITY;
  #wake: MachineTimer | undefined;
  #journey: Promise<void> = Promise.resolve();
  #skipping = false;
  #closed = false;

  constructor(options: VirtualClockOptions) {
    this.#machine = options.machine ?? realMachine;
    this.#mirror = options.mirror;
    this.#locks = new Locks(this.#machine);
    this.#schedule = new Schedule(() => this.#locks.activity);
    this.#onError =
      options.onError ??
      ((timer, error) => {
        throw new NaetmulError('TIMER_FAILED', `The timer "${timer}" failed.`, { blame: 'naetmul', cause: error });
      });
  }

  get mode(): ClockMode {
    return this.#mode;
  }

  now(): number {
    return this.#mode === 'real' ? this.#machine.now() : this.#instant;
  }

  fromMachine(machineMs: number): number {
    return this.#timeline.toVirtual(machineMs);
  }

  noteMachineStamp(): void {
    this.#lastStamp = this.#machine.now();
  }

  setTimer(name: string, delayMs: number, callback: (lock: Lock) => void | Promise<void>): Timer {
    // Time that goes from timer to timer never stands between two milliseconds: nobody could write that down.
    const due = Math.ceil(this.now() + Math.max(0, delayMs));
    return this.#add({ name, due, order: this.#order++, fire: callback });
  }

  poll(name: string, intervalMs: number, look: (lock: Lock) => Promise<boolean>): Timer {
    const state = { intervalMs, seenActivity: -1, running: false };
    const entry: Entry = {
      name,
      due: this.now() + intervalMs,
      order: this.#order++,
      poll: state,
      fire: async (lock) => {
        const before = this.#locks.activity;
        const found = await look(lock);
        if (found) this.#locks.activity++;
        state.seenActivity = found ? -1 : before;
      },
    };
    return this.#add(entry);
  }

  sleep(ms: number, options: SleepOptions = {}): Promise<void> {
    const { signal, name = 'sleep' } = options;
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const timer = this.setTimer(name, ms, async () => {
        signal?.removeEventListener('abort', abort);
        resolve();
        // The sleeper's own code runs in this turn, under this timer's lock; it can take a lock of its own in it.
        await this.#machine.turn();
      });
      const abort = () => {
        timer.cancel();
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', abort, { once: true });
    });
  }

  lock(name: string): Lock {
    return this.#makeLock(name, false);
  }

  async run<T>(name: string, work: (lock: Lock) => Promise<T>): Promise<T> {
    using lock = this.lock(name);
    return await work(lock);
  }

  travelTo(instant: number): Promise<void> {
    return this.#enqueue(() => this.#travel(instant));
  }

  advance(ms: number): Promise<void> {
    return this.#enqueue(() => this.#travel(this.now() + ms));
  }

  hold(): Promise<void> {
    return this.#enqueue(async () => this.#standAt(this.now(), 'held'));
  }

  auto(): Promise<void> {
    return this.#enqueue(async () => {
      this.#standAt(this.now(), 'auto');
      void this.#skip();
    });
  }

  real(): Promise<void> {
    return this.#enqueue(async () => {
      if (this.#mode === 'real') return;
      await this.#travel(this.#machine.now());
      await this.#tick();
      this.#mode = 'real';
      const now = this.#machine.now();
      this.#timeline.append(now, now, 1);
      this.#mirror?.show(undefined);
      this.#arm();
    });
  }

  settled(): Promise<void> {
    return this.#locks.settled();
  }

  diagnostics(): ClockDiagnostics {
    const at = this.#machine.monotonic();
    return {
      now: formatInstant(this.now()),
      mode: this.#mode,
      locks: this.#locks.list().map((lock) => ({ name: lock.name, heldForMs: Math.round(at - lock.since) })),
      timers: this.#schedule
        .inOrder()
        .map((entry) => ({ name: entry.name, due: formatInstant(entry.due), quiet: this.#schedule.isQuiet(entry) })),
      history: this.#locks.history(),
    };
  }

  close(): void {
    this.#closed = true;
    this.#schedule.clear();
    this.#wake?.cancel();
  }

  // Entries

  #add(entry: Entry): Timer {
    if (!this.#closed) {
      this.#schedule.add(entry);
      this.#arm();
      if (this.#mode === 'auto') void this.#skip();
    }
    return {
      name: entry.name,
      cancel: () => {
        this.#schedule.delete(entry);
      },
    };
  }

  async #fire(entry: Entry): Promise<void> {
    if (entry.poll) {
      entry.poll.running = true;
      entry.due = Math.max(entry.due, this.now()) + entry.poll.intervalMs;
    } else {
      this.#schedule.delete(entry);
    }
    using lock = this.#makeLock(entry.name, entry.poll !== undefined);
    try {
      await entry.fire(lock);
    } catch (error) {
      this.#onError(entry.name, error);
    } finally {
      if (entry.poll) entry.poll.running = false;
    }
  }

  // Real time

  /** Sets the machine's timer to the earliest entry. */
  #arm(): void {
    this.#wake?.cancel();
    this.#wake = undefined;
    if (this.#mode !== 'real' || this.#closed) return;
    const instant = this.#schedule.nextInstant();
    if (instant === undefined) return;
    this.#wake = this.#machine.setTimer(instant - this.now(), () => this.#fireDue());
  }

  #fireDue(): void {
    if (this.#mode !== 'real') return;
    for (const entry of this.#schedule.dueBy(this.now()))
      void this.#fire(entry).finally(() => entry.poll && this.#arm());
    this.#arm();
  }

  // Virtual time

  /** Journeys happen one after the other. */
  #enqueue(journey: () => Promise<void>): Promise<void> {
    const result = this.#journey.then(journey);
    this.#journey = result.catch(() => undefined);
    return result;
  }

  #standAt(instant: number, mode: 'held' | 'auto'): void {
    this.#mode = mode;
    this.#instant = instant;
    this.#timeline.append(this.#machine.now(), instant, 0);
    this.#mirror?.show(instant);
    this.#arm();
  }

  async #travel(target: number): Promise<void> {
    const mode = this.#mode === 'auto' ? 'auto' : 'held';
    if (target < this.now()) {
      await this.settled();
      this.#schedule.shift(target - this.now());
      await this.#tick();
      this.#standAt(target, mode);
      return;
    }
    this.#standAt(this.now(), mode);
    for (;;) {
      await this.settled();
      const next = this.#schedule.next();
      if (!next || next.due > target) break;
      await this.#stepTo(Math.max(next.due, this.now()), mode);
      await this.#fire(next);
    }
    await this.#stepTo(target, mode);
    await this.settled();
  }

  async #stepTo(instant: number, mode: 'held' | 'auto'): Promise<void> {
    if (instant === this.#instant) return;
    await this.#tick();
    this.#standAt(instant, mode);
  }

  /**
   * Waits until the machine's clock has left the millisecond of the last stamp that a real server gave, so that
   * `fromMachine` cannot take a stamp from before a jump for one from after it.
   */
  async #tick(): Promise<void> {
    while (this.#machine.now() <= this.#lastStamp) await this.#machine.turn();
  }

  /** `auto`: jumps from timer to timer as long as nothing is running. */
  async #skip(): Promise<void> {
    if (this.#skipping) return;
    this.#skipping = true;
    try {
      while (this.#mode === 'auto' && !this.#closed) {
        await this.settled();
        const next = this.#schedule.next();
        if (!next || this.#mode !== 'auto') break;
        await this.#enqueue(async () => {
          if (this.#mode !== 'auto' || !this.#schedule.has(next)) return;
          await this.#stepTo(Math.max(next.due, this.#instant), 'auto');
          await this.#fire(next);
        });
      }
    } finally {
      this.#skipping = false;
    }
  }

  #makeLock(name: string, quiet: boolean): Lock {
    let held = this.#locks.take(name, quiet);
    const release = () => {
      this.#locks.release(held);
      if (this.#mode === 'auto') void this.#skip();
    };
    const suspend = async <T>(work: () => Promise<T>): Promise<T> => {
      release();
      try {
        return await work();
      } finally {
        held = this.#locks.take(name, quiet);
      }
    };
    return {
      name,
      release,
      suspend,
      sleep: (ms, signal) => suspend(() => this.sleep(ms, { name, ...(signal ? { signal } : {}) })),
      [Symbol.dispose]: () => {
        if (this.#locks.has(held)) release();
      },
    };
  }
}
