/** What a row says of repeated readings of one thing. */
export interface Summary {
  readonly median: number;
  /** The spread: the smallest and the largest reading. */
  readonly min: number;
  readonly max: number;
  readonly count: number;
}

/** The value below which the fraction `q` (0 to 1) of the readings lie, interpolated between the two nearest. */
export function quantile(readings: readonly number[], q: number): number {
  const sorted = readings.toSorted((a, b) => a - b);
  const position = (sorted.length - 1) * q;
  const below = sorted[Math.floor(position)];
  const above = sorted[Math.ceil(position)];
  if (below === undefined || above === undefined) throw new RangeError('There is no quantile of no readings.');
  return below + (above - below) * (position - Math.floor(position));
}

export function median(readings: readonly number[]): number {
  return quantile(readings, 0.5);
}

export function summarize(readings: readonly number[]): Summary {
  return {
    median: median(readings),
    min: quantile(readings, 0),
    max: quantile(readings, 1),
    count: readings.length,
  };
}
