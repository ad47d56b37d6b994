/** The fields of an instant in one time zone. */
export interface DateFields {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
  /** An IANA name. */
  readonly zone: string;
  /** What the zone is ahead of UTC at this instant. */
  readonly offsetSeconds: number;
}

/**
 * The fields of `instant` (ms since the epoch) in `zone`, an IANA name. The machine's own zone has no say in it.
 */
export function dateFields(instant: number, zone = 'UTC'): DateFields {
  const date = new Date(instant);
  const millisecond = date.getUTCMilliseconds();
  if (zone === 'UTC') {
    return {
      year: date.getUTCFullYear(),
      month: date.getUTCMonth() + 1,
      day: date.getUTCDate(),
      hour: date.getUTCHours(),
      minute: date.getUTCMinutes(),
      second: date.getUTCSeconds(),
      millisecond,
      zone,
      offsetSeconds: 0,
    };
  }
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    calendar: 'gregory',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const parts = new Map(format.formatToParts(date).map(({ type, value }) => [type, Number(value)]));
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
  const [year, month, day] = [part('year'), part('month'), part('day')];
  const [hour, minute, second] = [part('hour'), part('minute'), part('second')];
  const local = Date.UTC(year, month - 1, day, hour, minute, second, millisecond);
  return { year, month, day, hour, minute, second, millisecond, zone, offsetSeconds: (local - instant) / 1000 };
}
