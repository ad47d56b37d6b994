import type { Run } from '../harness/engines/index.ts';
import type { Measurement } from './measurement.ts';
import { Parts } from './parts.ts';
import type { Row } from './report.ts';
import { judge } from './verdict.ts';

/** How much a run takes upon itself. */
export interface Effort {
  readonly rounds: number;
  readonly roundMs: number;
  readonly quick: boolean;
}

/** Measures and judges. One that fails is a row too: the others are worth having without it. */
export async function runMeasurement(
  measurement: Measurement,
  effort: Effort,
  run: Run,
  signal: AbortSignal,
  progress: (message: string) => void,
): Promise<Row> {
  const { measure, cold: _cold, docker: _docker, ...row } = measurement;
  try {
    await using parts = new Parts(run, signal, progress);
    const { notes = [], ...readings } = await measure({
      rounds: effort.rounds,
      roundMs: effort.roundMs,
      amount: (full, quick) => (effort.quick ? quick : full),
      parts,
      signal,
      progress,
    });
    return { ...row, readings, verdict: judge(measurement.target, readings), notes };
  } catch (error) {
    return { ...row, notes: [], failure: error instanceof Error ? error.message : String(error) };
  }
}
