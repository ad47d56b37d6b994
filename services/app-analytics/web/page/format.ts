import { createFrameFormats, type FrameFormats, LOCALES } from '../../../page-kit/page/format.ts';
import type { Language } from '../../../page-kit/page/texts.ts';

/** How numbers and times are written in one language; times are those of the reader's time zone. */
export interface Formats extends FrameFormats {
  /** `12.4 %`. */
  share(part: number, whole: number): string;
  /** `1.2 MB`, in steps of 1,000. */
  bytes(count: number): string;
  /** The time alone on the day of `now`, else with the date. */
  near(ms: number, now: number): string;
}

export function createFormats(language: Language): Formats {
  const frame = createFrameFormats(language);
  const percent = new Intl.NumberFormat(LOCALES[language], { style: 'percent', maximumFractionDigits: 1 });
  return {
    ...frame,
    share: (part, whole) => percent.format(whole === 0 ? 0 : part / whole),
    bytes(count) {
      if (count < 1e3) return frame.unit('byte', count);
      if (count < 1e6) return frame.unit('kilobyte', count / 1e3);
      if (count < 1e9) return frame.unit('megabyte', count / 1e6);
      return frame.unit('gigabyte', count / 1e9);
    },
    near: (ms, now) =>
      new Date(ms).toDateString() === new Date(now).toDateString()
        ? frame.time(ms)
        : `${frame.day(ms)} ${frame.time(ms)}`,
  };
}
