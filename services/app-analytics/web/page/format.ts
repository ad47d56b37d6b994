import type { Language } from './texts.ts';

const LOCALES = { ko: 'ko-KR', en: 'en-GB' } as const;
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How numbers and times are written in one language; times are those of the reader's time zone. */
export interface Formats {
  count(count: number): string;
  /** `12.4 %`. */
  share(part: number, whole: number): string;
  /** `1.2 MB`, in steps of 1,000. */
  bytes(count: number): string;
  /** `14:03:22`. */
  time(ms: number): string;
  /** `14:03`. */
  minute(ms: number): string;
  /** Date, hour, minute and second. */
  dateTime(ms: number): string;
  /** The time alone on the day of `now`, else with the date. */
  near(ms: number, now: number): string;
  /** The length of a stretch of time: `15 min`. */
  duration(ms: number): string;
  /** Labels of a time axis whose marks are so far apart. */
  ticks(times: readonly number[], apart: number): string[];
}

export function createFormats(language: Language): Formats {
  const locale = LOCALES[language];
  const integer = new Intl.NumberFormat(locale);
  const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  const hourMinute = new Intl.DateTimeFormat(locale, clock);
  const hourSecond = new Intl.DateTimeFormat(locale, { ...clock, second: '2-digit' });
  const day = new Intl.DateTimeFormat(locale, { month: 'short', day: 'numeric' });
  const full = new Intl.DateTimeFormat(locale, {
    ...{ year: 'numeric', month: '2-digit', day: '2-digit' },
    ...{ ...clock, second: '2-digit' },
  });
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });
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
    share: (part, whole) => percent.format(whole === 0 ? 0 : part / whole),
    bytes(count) {
      if (count < 1e3) return unit('byte', count);
      if (count < 1e6) return unit('kilobyte', count / 1e3);
      if (count < 1e9) return unit('megabyte', count / 1e6);
      return unit('gigabyte', count / 1e9);
    },
    time: (ms) => hourSecond.format(ms),
    minute: (ms) => hourMinute.format(ms),
    dateTime: (ms) => full.format(ms),
    near: (ms, now) =>
      new Date(ms).toDateString() === new Date(now).toDateString()
        ? hourSecond.format(ms)
        : `${day.format(ms)} ${hourSecond.format(ms)}`,
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
