import type { Readings, Target } from './measurement.ts';
import { type Summary, summarize } from './statistics.ts';

/** What came of a measurement. */
export interface Verdict {
  readonly ours: Summary;
  readonly rival?: Summary;
  /** Ours divided by the rival's. */
  readonly ratio?: number;
  /** Undefined without a target. */
  readonly met?: boolean;
}

export function judge(target: Target | undefined, readings: Readings): Verdict {
  const ours = summarize(readings.ours);
  const rival = readings.rival === undefined ? undefined : summarize(readings.rival);
  return {
    ours,
    ...(rival === undefined ? {} : { rival, ratio: ours.median / rival.median }),
    ...(target === undefined ? {} : { met: isMet(target, ours.median, rival?.median) }),
  };
}

function isMet(target: Target, ours: number, rival: number | undefined): boolean {
  if (target.of === 'ours') return ours <= target.atMost;
  if (rival === undefined) throw new Error(`A target for the ${target.of} needs a rival's readings.`);
  if (target.of === 'difference') return ours - rival <= target.atMost;
  const ratio = ours / rival;
  return 'atLeast' in target ? ratio >= target.atLeast : ratio <= target.atMost;
}
