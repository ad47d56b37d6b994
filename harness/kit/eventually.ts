import { machine } from '../clock/index.ts';
import type { ControlClient } from '../control/client.ts';
import { describeEntry } from './describe.ts';

/** How long real servers may take, in ms of real time. What takes virtual time is moved by the story, not waited for. */
const DEFAULT_WITHIN_MS = 15_000;
const FIRST_PAUSE_MS = 10;
const LONGEST_PAUSE_MS = 250;
/** How many entries of the ledger a failure shows. */
const EXCERPT = 15;

export interface EventuallyOptions {
  /** Ms of real time. */
  readonly within?: number;
}

/** Calls `look` again and again until it no longer throws, and returns what it returned. */
export type Eventually = <T>(look: () => Promise<T> | T, options?: EventuallyOptions) => Promise<T>;

export function createEventually(bench: ControlClient): Eventually {
  return async (look, options = {}) => {
    const within = options.within ?? DEFAULT_WITHIN_MS;
    const deadline = machine.monotonic() + within;
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      try {
        return await look();
      } catch (error) {
        if (machine.monotonic() + pause > deadline) throw await explain(bench, error, within);
      }
      await machine.sleep(pause);
    }
  };
}

/** The last failure, with what the ledger saw last. */
async function explain(bench: ControlClient, error: unknown, within: number): Promise<Error> {
  const last = error instanceof Error ? error.message : String(error);
  const entries = await bench.ledger(EXCERPT);
  const excerpt = entries.length === 0 ? '  (nothing)' : entries.map((entry) => `  ${describeEntry(entry)}`).join('\n');
  return new Error(`Still not so after ${within / 1000} s: ${last}\nThe ledger's newest entries:\n${excerpt}`, {
    cause: error,
  });
}
