/** The four gas sensors of a detector, in the order in which they are shown. */
export const SENSORS = ['co', 'no2', 'c2h5oh', 'h2'] as const;

export type Sensor = (typeof SENSORS)[number];

/** From this value of NO₂ on there is a warning: "the code wins", 88 itself is one. */
export const NO2_WARNING = 88;

/** How a reading's text becomes a number, as Python's `float` and OpenSearch read it; undefined for all else. */
export function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'string' || !/^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$/i.test(value)) return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}
