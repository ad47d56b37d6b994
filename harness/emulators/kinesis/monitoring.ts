import { checkNames } from './inputs.ts';
import { METRICS } from './limits.ts';
import type { StreamNames } from './streams.ts';
import { Violations } from './violations.ts';

export type ShardMetric = (typeof METRICS)[number];

/** The metrics that a request names; `ALL` stands for every one. */
export function readMetrics(
  input: StreamNames & { readonly ShardLevelMetrics?: readonly string[] | undefined },
): readonly ShardMetric[] {
  const { ShardLevelMetrics: given } = input;
  const violations = new Violations();
  checkNames(violations, input);
  if (violations.required('shardLevelMetrics', given)) {
    violations.size('shardLevelMetrics', given.length, 1, METRICS.length);
    for (const [at, metric] of given.entries()) {
      violations.oneOf(`shardLevelMetrics.${at + 1}.member`, metric, [...METRICS, 'ALL']);
    }
  }
  violations.raise();
  return given?.includes('ALL') ? METRICS : (given as readonly ShardMetric[]);
}

/** In the order of their names, whichever way they were given. */
export function shownMetrics(metrics: ReadonlySet<ShardMetric>): ShardMetric[] {
  return [...metrics].sort();
}
