import type { AmazonopensearchserviceIndexRotationPeriod as Period } from '@aws-sdk/client-firehose';
import type { FirehoseOptions } from '../../options.ts';

export const ROTATION_PERIODS: readonly Period[] = ['NoRotation', 'OneHour', 'OneDay', 'OneWeek', 'OneMonth'];

export const DEFAULT_ROTATION_PERIOD: Period = 'OneDay';

/** How weeks are counted: AWS's pages contradict each other. */
export type WeekOptions = Pick<FirehoseOptions, 'weeks' | 'weekYear'>;

const DAY_MS = 86_400_000;
const SATURDAY = 6;
const THURSDAY = 4;

/**
 * The index of a record by its arrival, in UTC
 * (https://docs.aws.amazon.com/firehose/latest/dev/basic-deliver.html#es-index-rotation).
 *
 * @param arrival ms since the epoch
 */
export function rotatedIndex(name: string, period: Period, arrival: number, options: WeekOptions): string {
  const [date = '', time = ''] = new Date(arrival).toISOString().split('T');
  switch (period) {
    case 'NoRotation':
      return name;
    case 'OneHour':
      return `${name}-${date}-${time.slice(0, 2)}`;
    case 'OneDay':
      return `${name}-${date}`;
    case 'OneWeek':
      return `${name}-${weekOf(arrival, options)}`;
    case 'OneMonth':
      return `${name}-${date.slice(0, -'-dd'.length)}`;
  }
}

/**
 * `2016-w09`. AWS states that weeks begin on Sunday and that the first week of a year is the first that holds a Saturday
 * of it. So a week is of the year of its Saturday, and that Saturday's number in its year is the week's. ISO weeks begin
 * on Monday and follow their Thursday in the same way.
 */
function weekOf(arrival: number, { weeks, weekYear }: WeekOptions): string {
  const day = new Date(arrival).getUTCDay();
  const daysToPivot = weeks === 'saturday' ? SATURDAY - day : THURSDAY - (day === 0 ? 7 : day);
  const pivot = arrival + daysToPivot * DAY_MS;
  const pivotYear = new Date(pivot).getUTCFullYear();
  const dayOfYear = Math.floor((pivot - Date.UTC(pivotYear, 0, 1)) / DAY_MS);
  const week = Math.floor(dayOfYear / 7) + 1;
  const year = weekYear === 'week' ? pivotYear : new Date(arrival).getUTCFullYear();
  return `${year}-w${String(week).padStart(2, '0')}`;
}
