import {
  createFrameFormats,
  DAY,
  type FrameFormats,
  HOUR,
  LOCALES,
  MINUTE,
  SECOND,
} from '../../../page-kit/page/format.ts';
import type { Language } from '../../../page-kit/page/texts.ts';

/** How numbers and times are written in one language; times are those of the reader's time zone. */
export interface Formats extends FrameFormats {
  /** Two decimals below 100, one below 1,000, then none. */
  value(value: number): string;
  /** `12 s ago`. */
  ago(ms: number): string;
}

export function createFormats(language: Language): Formats {
  const locale = LOCALES[language];
  const integer = new Intl.NumberFormat(locale);
  const decimals = [2, 1, 0].map(
    (digits) => new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits }),
  );
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' });
  return {
    ...createFrameFormats(language),
    value(value) {
      const size = Math.abs(value);
      return (decimals[size < 100 ? 0 : size < 1000 ? 1 : 2] ?? integer).format(value);
    },
    ago(ms) {
      if (Math.abs(ms) < MINUTE) return relative.format(-Math.round(ms / SECOND), 'second');
      if (Math.abs(ms) < HOUR) return relative.format(-Math.round(ms / MINUTE), 'minute');
      if (Math.abs(ms) < DAY) return relative.format(-Math.round(ms / HOUR), 'hour');
      return relative.format(-Math.round(ms / DAY), 'day');
    },
  };
}
