import { NaetmulError } from '../errors.ts';

/** What goes wrong, where, and at which of the next events there. */
export interface FaultRule {
  /** The place, as the ledger names it: `lambda/collector-worker`. */
  readonly at: string;
  /** What goes wrong; each place says which kinds it knows. */
  readonly kind: string;
  /** Which of the events from now on is the first to be struck; 1 is the next. Default 1. */
  readonly nth?: number;
  /** How many events in a row are struck, from the nth on. Default 1. */
  readonly times?: number;
}

/** What components see: they ask at each event whether it is to go wrong. */
export interface Faults {
  /** Counts one event at the place, and says which fault strikes it, if any. */
  strike(at: string): string | undefined;
}

interface Armed {
  readonly rule: FaultRule;
  seen: number;
}

/** Faults by the n-th event rather than by time, so that a story goes wrong in the same way each time it is told. */
export class FaultPlan implements Faults {
  readonly #armed: Armed[] = [];

  add(rule: FaultRule): void {
    this.#armed.push({ rule, seen: 0 });
  }

  /** Everything goes right from now on. */
  clear(): void {
    this.#armed.length = 0;
  }

  strike(at: string): string | undefined {
    let struck: string | undefined;
    for (const armed of this.#armed) {
      const { nth = 1, times = 1 } = armed.rule;
      if (armed.rule.at !== at || armed.seen >= nth + times - 1) continue;
      armed.seen++;
      if (armed.seen >= nth) struck ??= armed.rule.kind;
    }
    return struck;
  }
}

/**
 * @param kinds what can go wrong, by the first part of a place's name
 * @throws NaetmulError UNKNOWN_FAULT, which names what there is
 */
export function checkFault({ at, kind }: FaultRule, kinds: Readonly<Record<string, readonly string[]>>): void {
  const [service = ''] = at.split('/', 1);
  const known = kinds[service];
  if (known?.includes(kind)) return;
  throw new NaetmulError('UNKNOWN_FAULT', `Nothing at ${at} can go wrong as "${kind}".`, {
    remedy: known ? `There are: ${known.join(', ')}.` : `Faults are known at: ${Object.keys(kinds).join(', ')}.`,
  });
}
