import { NaetmulError } from '../errors.ts';
import type { Machine } from './machine.ts';

/** How many takings and releases are remembered for diagnostics. */
const HISTORY_LENGTH = 64;

export interface HeldLock {
  readonly name: string;
  readonly since: number;
}

/** Who is busy. Virtual time moves only while nobody is. */
export class Locks {
  readonly #machine: Machine;
  readonly #held = new Set<HeldLock>();
  /** The latest `HISTORY_LENGTH` lines; the oldest one is written over next. */
  readonly #history: string[] = [];
  #remembered = 0;
  #idle: PromiseWithResolvers<void> | undefined;
  /** Counts the locks ever taken by anything but a poll. */
  activity = 0;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  get free(): boolean {
    return this.#held.size === 0;
  }

  list(): HeldLock[] {
    return [...this.#held];
  }

  /** Oldest first. */
  history(): readonly string[] {
    const oldest = this.#remembered % HISTORY_LENGTH;
    return [...this.#history.slice(oldest), ...this.#history.slice(0, oldest)];
  }

  has(held: HeldLock): boolean {
    return this.#held.has(held);
  }

  take(name: string, quiet: boolean): HeldLock {
    const held: HeldLock = { name, since: this.#machine.monotonic() };
    this.#held.add(held);
    if (!quiet) this.activity++;
    this.#remember(`+ ${name}`);
    return held;
  }

  release(held: HeldLock): void {
    if (!this.#held.delete(held)) {
      throw new NaetmulError('UNBALANCED_UNLOCK', `The clock's lock "${held.name}" was released twice.`, {
        blame: 'naetmul',
        remedy: `Its recent history: ${this.history().join(' | ')}`,
      });
    }
    this.#remember(`- ${held.name}`);
    if (this.free) {
      this.#idle?.resolve();
      this.#idle = undefined;
    }
  }

  /** Resolves once nobody has held a lock for two turns of the event loop, so that a continuation can take its own. */
  async settled(): Promise<void> {
    for (let quietTurns = 0; quietTurns < 2; ) {
      if (this.free) {
        quietTurns++;
        await this.#machine.turn();
      } else {
        quietTurns = 0;
        this.#idle ??= Promise.withResolvers<void>();
        await this.#idle.promise;
      }
    }
    if (!this.free) await this.settled();
  }

  #remember(line: string): void {
    this.#history[this.#remembered % HISTORY_LENGTH] = line;
    this.#remembered++;
  }
}
