import { errors } from '../errors.ts';
import type { Violations } from '../violations.ts';
import type { BufferingHints } from './destination.ts';

export interface HintsRange {
  readonly min: number;
  readonly max: number;
  readonly default: number;
}

/** What a kind of destination allows (https://docs.aws.amazon.com/firehose/latest/dev/buffering-hints.html). */
export interface HintsLimits {
  readonly sizeInMBs: HintsRange;
  readonly intervalInSeconds: HintsRange;
}

interface GivenHints {
  readonly SizeInMBs?: number | undefined;
  readonly IntervalInSeconds?: number | undefined;
}

export function checkHints(path: string, hints: GivenHints | undefined, limits: HintsLimits, to: Violations): void {
  const { sizeInMBs: size, intervalInSeconds: interval } = limits;
  to.range(`${path}.sizeInMBs`, hints?.SizeInMBs, size.min, size.max);
  to.range(`${path}.intervalInSeconds`, hints?.IntervalInSeconds, interval.min, interval.max);
}

/** @throws InvalidArgumentException for a size without an interval, or the other way round */
export function readHints(hints: GivenHints | undefined, limits: HintsLimits): BufferingHints {
  const { SizeInMBs: size, IntervalInSeconds: interval } = hints ?? {};
  if ((size === undefined) !== (interval === undefined)) {
    throw errors.invalid('BufferingHints: SizeInMBs and IntervalInSeconds must be specified together');
  }
  return {
    sizeInMBs: size ?? limits.sizeInMBs.default,
    intervalInSeconds: interval ?? limits.intervalInSeconds.default,
  };
}
