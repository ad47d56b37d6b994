import type { DetectorSeries, SensorSeries } from '../shared/api.ts';
import type { Sensor } from '../shared/sensors.ts';

/** One column per line. `undefined`: another line's time, drawn over; `null`: a gap. */
export type Column = readonly (number | null | undefined)[];

export interface Lines {
  /** Ms since the epoch, rising. */
  readonly times: readonly number[];
  readonly columns: readonly Column[];
  readonly detectors: readonly string[];
  /** With one detector the columns are average, least and greatest; with more the averages of each. */
  readonly isBand: boolean;
}

/** A line breaks where a detector is silent for so many times as long as it usually is. */
const SILENCE = 4;

/** Puts the lines of all detectors onto one axis. */
export function linesOf(detectors: readonly DetectorSeries[], sensor: Sensor, interval: number): Lines {
  const shown = detectors.filter((detector) => detector.sensors[sensor].time.length > 0);
  const isBand = shown.length === 1;
  const withGaps = shown.map((detector) => {
    const series = detector.sensors[sensor];
    const gaps = gapsOf(series.time, interval);
    const values = isBand ? [series.avg, series.min, series.max] : [series.avg];
    return values.map((column) => places(series, column, gaps));
  });
  const columns = withGaps.flat();
  const times = [...new Set(columns.flatMap((column) => [...column.keys()]))].sort((a, b) => a - b);
  return {
    times,
    columns: columns.map((column) => onAxis(times, column)),
    detectors: shown.map((detector) => detector.groupid),
    isBand,
  };
}

/** A gap goes on until the line's next value, also at the times of other lines. */
function onAxis(times: readonly number[], places: ReadonlyMap<number, number | null>): Column {
  let isGap = false;
  return times.map((time) => {
    const value = places.get(time);
    if (value !== undefined) isGap = value === null;
    return value === undefined && isGap ? null : value;
  });
}

/** Where values stand alone between gaps, so that no line shows them. */
export function lonelyPlaces(column: Column): number[] {
  const known = column.flatMap((value, index) => (value === undefined ? [] : [{ value, index }]));
  const isNone = (at: number) => (known[at]?.value ?? null) === null;
  return known.flatMap(({ value, index }, at) => (value !== null && isNone(at - 1) && isNone(at + 1) ? [index] : []));
}

/** Times at which a line is interrupted. */
export function gapsOf(times: readonly number[], interval: number): number[] {
  const steps = times.slice(1).map((time, index) => time - (times[index] ?? time));
  const usual = [...steps].sort((a, b) => a - b)[Math.floor(steps.length / 2)] ?? interval;
  const longest = Math.max(usual, interval) * SILENCE;
  return steps.flatMap((step, index) => (step > longest ? [(times[index] ?? 0) + interval] : []));
}

function places(series: SensorSeries, values: readonly number[], gaps: readonly number[]): Map<number, number | null> {
  const column = new Map<number, number | null>(gaps.map((time) => [time, null]));
  series.time.forEach((time, index) => {
    column.set(time, values[index] ?? null);
  });
  return column;
}
