import type { Language } from './texts.ts';

const LOCALES = { ko: 'ko-KR', en: 'en-GB' } as const;
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How numbers and times are written in one language; times are those of the reader's time zone. */
export interface Formats {
  /** Two decimals below 100, one below 1,000, then none. */
  value(value: number): string;
  count(count: number): string;
  /** `14:03:22`. */
  time(ms: number): string;
  /** Date, hour, minute and second. */
  dateTime(ms: number): string;
  /** `12 s ago`. */
  ago(ms: number): string;
  /** The length of a stretch of time: `15 min`. */
  duration(ms: number): string;
  /** Labels of a time axis whose marks are so far apart. */
  ticks(times: readonly number[], apart: number): string[];
}

export function createFormats(language: Language): Formats {
  const locale = LOCALES[language];
  const decimals = [2, 1, 0].map(
    (digits) => new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits }),
  );
  const integer = new Intl.NumberFormat(locale);
  const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  const hourMinute = new Intl.DateTimeFormat(locale, clock);
  const hourSecond = new Intl.DateTimeFormat(locale, { ...clock, second: '2-digit' });
  const day = new Intl.DateTimeFormat(locale, { month: 'short', day: 'numeric' });
  const full = new Intl.DateTimeFormat(locale, {
    ...{ year: 'numeric', month: '2-digit', day: '2-digit' },
    ...{ ...clock, second: '2-digit' },
  });
  const unit = (name: string, count: number, unitDisplay: 'short' | 'long' | 'narrow' = 'short') =>
    new Intl.NumberFormat(locale, { style: 'unit', unit: name, unitDisplay, maximumFractionDigits: 1 }).format(count);
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' });
  const isMidnight = (ms: number) => {
    const date = new Date(ms);
    return date.getHours() === 0 && date.getMinutes() === 0 && date.getSeconds() === 0;
  };
  return {
    value(value) {
      const size = Math.abs(value);
      return (decimals[size < 100 ? 0 : size < 1000 ? 1 : 2] ?? integer).format(value);
    },
    count: (count) => integer.format(count),
    time: (ms) => hourSecond.format(ms),
    dateTime: (ms) => full.format(ms),
    ago(ms) {
      if (Math.abs(ms) < MINUTE) return relative.format(-Math.round(ms / SECOND), 'second');
      if (Math.abs(ms) < HOUR) return relative.format(-Math.round(ms / MINUTE), 'minute');
      if (Math.abs(ms) < DAY) return relative.format(-Math.round(ms / HOUR), 'hour');
      return relative.format(-Math.round(ms / DAY), 'day');
    },
    duration(ms) {
      if (ms < MINUTE) return unit('second', ms / SECOND);
      if (ms < HOUR) return unit('minute', ms / MINUTE);
      if (ms < DAY) return unit('hour', ms / HOUR);
      return unit('day', ms / DAY);
    },
    ticks: (times, apart) =>
      times.map((time) => {
        if (apart >= DAY || isMidnight(time)) return day.format(time);
        return (apart >= MINUTE ? hourMinute : hourSecond).format(time);
      }),
  };
}
