import type { Dimension as DimensionInput } from '@aws-sdk/client-cloudwatch';
import { invalidValue, missing } from './errors.ts';
import { type Dimension, MINUTE_MS, type StatisticSet } from './store.ts';

/** Dimensions per metric: API_MetricDatum.html */
const MAX_DIMENSIONS = 30;
/** Characters: API_Dimension.html, API_PutMetricData.html */
const MAX_DIMENSION_NAME_LENGTH = 255;
const MAX_DIMENSION_VALUE_LENGTH = 1024;
const MAX_NAME_LENGTH = 255;

/** API_StandardUnit: the units that CloudWatch knows. */
export const UNITS: ReadonlySet<string> = new Set([
  ...['Seconds', 'Microseconds', 'Milliseconds', 'Percent', 'Count', 'Count/Second', 'None'],
  ...['Bytes', 'Kilobytes', 'Megabytes', 'Gigabytes', 'Terabytes'].flatMap((unit) => [unit, `${unit}/Second`]),
  ...['Bits', 'Kilobits', 'Megabits', 'Gigabits', 'Terabits'].flatMap((unit) => [unit, `${unit}/Second`]),
]);

export const STATISTICS = ['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum'] as const;
export type Statistic = (typeof STATISTICS)[number];

export function checkName(parameter: string, value: string | undefined): string {
  if (value === undefined) throw missing(parameter);
  if (value.length === 0 || value.length > MAX_NAME_LENGTH) {
    throw invalidValue(`The value ${value} for parameter ${parameter} is invalid.`);
  }
  return value;
}

export function checkUnit(parameter: string, unit: string | undefined): void {
  if (unit !== undefined && !UNITS.has(unit)) {
    throw invalidValue(`The value ${unit} for parameter ${parameter} is invalid.`);
  }
}

export function checkDimensions(parameter: string, dimensions: readonly DimensionInput[] | undefined): Dimension[] {
  if ((dimensions?.length ?? 0) > MAX_DIMENSIONS) {
    throw invalidValue(`The collection ${parameter} must not have a size greater than ${MAX_DIMENSIONS}.`);
  }
  return (dimensions ?? []).map(({ Name: name, Value: value }, at) => {
    const here = `${parameter}.member.${at + 1}`;
    if (name === undefined) throw missing(`${here}.Name`);
    if (value === undefined) throw missing(`${here}.Value`);
    checkLength(`${here}.Name`, name, MAX_DIMENSION_NAME_LENGTH);
    checkLength(`${here}.Value`, value, MAX_DIMENSION_VALUE_LENGTH);
    return { name, value };
  });
}

/** Periods finer than a minute are not kept. Returns milliseconds. */
export function checkPeriod(parameter: string, seconds: number | undefined): number {
  if (seconds === undefined) throw missing(parameter);
  if (!Number.isInteger(seconds) || seconds < 1) {
    throw invalidValue(`The parameter ${parameter} must be greater than or equal to 1.`);
  }
  if (seconds % 60 !== 0) throw invalidValue(`The parameter ${parameter} must be a multiple of 60.`);
  return seconds * 1000;
}

/** A range in ms since the epoch, `from` rounded down to a minute as CloudWatch does, `to` exclusive. */
export function checkRange(start: Date | undefined, end: Date | undefined): { from: number; to: number } {
  if (!start) throw missing('StartTime');
  if (!end) throw missing('EndTime');
  if (start.getTime() >= end.getTime()) {
    throw invalidValue('The parameter StartTime must be less than the parameter EndTime.');
  }
  return { from: Math.floor(start.getTime() / MINUTE_MS) * MINUTE_MS, to: end.getTime() };
}

export function statisticOf(set: StatisticSet, statistic: Statistic): number {
  switch (statistic) {
    case 'SampleCount':
      return set.sampleCount;
    case 'Average':
      return set.sum / set.sampleCount;
    case 'Sum':
      return set.sum;
    case 'Minimum':
      return set.minimum;
    case 'Maximum':
      return set.maximum;
  }
}

function checkLength(parameter: string, text: string, max: number): void {
  if (text.length === 0 || text.length > max) {
    throw invalidValue(`The value ${text} for parameter ${parameter} is invalid.`);
  }
}
