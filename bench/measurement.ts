import type { Parts } from './parts.ts';

export type Unit = 'ms' | 's' | 'MiB' | '/s';

/** What a measurement has to reach. Without one it is recorded, not judged. */
export type Target =
  /** Ours divided by the rival's, medians. */
  | { readonly of: 'ratio'; readonly atLeast: number }
  | { readonly of: 'ratio'; readonly atMost: number }
  /** Ours less the rival's, medians, in the measurement's unit. */
  | { readonly of: 'difference'; readonly atMost: number }
  | { readonly of: 'ours'; readonly atMost: number };

/** One row of the table. */
export interface Measurement {
  /** What the filter looks at: `gateway`. */
  readonly name: string;
  /** What is measured, in one sentence. */
  readonly title: string;
  /** What it is held against; undefined when it stands by itself. */
  readonly rival?: string;
  readonly unit: Unit;
  readonly target?: Target;
  /** True: it takes minutes, and runs with `--cold` only. */
  readonly cold?: boolean;
  /** True: it needs a Docker daemon, and is left out where none answers. */
  readonly docker?: boolean;
  measure(context: MeasureContext): Promise<Readings>;
}

export interface Readings {
  /** In the measurement's unit, one a round. */
  readonly ours: readonly number[];
  readonly rival?: readonly number[];
  /** What else is worth knowing: `p99 4.1 ms, directly 3.2 ms`. */
  readonly notes?: readonly string[];
}

export interface MeasureContext {
  /** How often the sides take turns: ours, rival, ours, rival, … */
  readonly rounds: number;
  /** How long a side is under load in one round. */
  readonly roundMs: number;
  /** The number for an honest reading, or a small one where the run only shows that everything works. */
  amount(full: number, quick: number): number;
  /** Servers and load clients; all of them end with the measurement. */
  readonly parts: Parts;
  /** Aborts at Ctrl-C. */
  readonly signal: AbortSignal;
  progress(message: string): void;
}
