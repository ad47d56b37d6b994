import type { Language } from './texts.ts';

export const LOCALES = { ko: 'ko-KR', en: 'en-GB' } as const;
/** Hours and minutes, `00:00` to `23:59`. */
const CLOCK = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** How every page writes numbers and times in one language; times are those of the reader's time zone. */
export interface FrameFormats {
  count(count: number): string;
  /** `14:03:22`. */
  time(ms: number): string;
  /** `14:03`. */
  minute(ms: number): string;
  /** Month and day. */
  day(ms: number): string;
  /** Date, hour, minute and second. */
  dateTime(ms: number): string;
  /** The length of a stretch of time: `15 min`. */
  duration(ms: number): string;
  /** A number with its unit, as ECMA-402 names it: `kilobyte`. */
  unit(name: string, count: number): string;
  /** Labels of a time axis whose marks are so far apart. */
  ticks(times: readonly number[], apart: number): string[];
}

export function createFrameFormats(language: Language): FrameFormats {
  const locale = LOCALES[language];
  const integer = new Intl.NumberFormat(locale);
  const hourMinute = new Intl.DateTimeFormat(locale, CLOCK);
  const hourSecond = new Intl.DateTimeFormat(locale, { ...CLOCK, second: '2-digit' });
  const day = new Intl.DateTimeFormat(locale, { month: 'short', day: 'numeric' });
  const full = new Intl.DateTimeFormat(locale, {
    ...{ year: 'numeric', month: '2-digit', day: '2-digit' },
    ...{ ...CLOCK, second: '2-digit' },
  });
  const unit = (name: string, count: number) =>
    new Intl.NumberFormat(locale, { style: 'unit', unit: name, unitDisplay: 'short', maximumFractionDigits: 1 }).format(
      count,
    );
  const isMidnight = (ms: number) => {
    const date = new Date(ms);
    return date.getHours() === 0 && date.getMinutes() === 0 && date.getSeconds() === 0;
  };
  return {
    count: (count) => integer.format(count),
    time: (ms) => hourSecond.format(ms),
    minute: (ms) => hourMinute.format(ms),
    day: (ms) => day.format(ms),
    dateTime: (ms) => full.format(ms),
    duration(ms) {
      if (ms < MINUTE) return unit('second', ms / SECOND);
      if (ms < HOUR) return unit('minute', ms / MINUTE);
      if (ms < DAY) return unit('hour', ms / HOUR);
      return unit('day', ms / DAY);
    },
    unit,
    ticks: (times, apart) =>
      times.map((time) => {
        if (apart >= DAY || isMidnight(time)) return day.format(time);
        return (apart >= MINUTE ? hourMinute : hourSecond).format(time);
      }),
  };
}
