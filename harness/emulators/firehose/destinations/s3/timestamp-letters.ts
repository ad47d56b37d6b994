import type { DateFields } from './date-fields.ts';

export type TimestampFormat = (fields: DateFields) => string;

/** Gives what a letter repeated `width` times stands for; undefined when Java refuses that many. */
type Letter = (width: number) => TimestampFormat | undefined;

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const ORDINALS = ['1st', '2nd', '3rd', '4th'];
const DAY_MS = 86_400_000;
/** The modified Julian day of 1 January 1970. */
const EPOCH_MODIFIED_JULIAN_DAY = 40_587;

/**
 * The letters of Java's DateTimeFormatter ("Patterns for Formatting and Parsing"), in American English: weeks begin on
 * Sunday, and the week of 1 January is the first. Years are those after Christ up to 9999.
 */
export const LETTERS: Readonly<Record<string, Letter>> = {
  G: (width) => text(width, () => ['AD', 'Anno Domini', 'A']),
  u: (width) => year(width, (fields) => fields.year),
  y: (width) => year(width, (fields) => fields.year),
  Y: (width) => year(width, (fields) => weekOf(fields).year),
  D: (width) => number(width, 3, dayOfYear),
  M: month,
  L: month,
  d: (width) => number(width, 2, (fields) => fields.day),
  Q: quarter,
  q: quarter,
  w: (width) => number(width, 2, (fields) => weekOf(fields).week),
  W: (width) => number(width, 1, weekOfMonth),
  E: (width) => text(width, dayNames),
  e: (width) => (width <= 2 ? number(width, 2, dayOfWeek) : text(width, dayNames)),
  c: (width) => (width <= 2 ? number(width, 1, dayOfWeek) : text(width, dayNames)),
  a: (width) => (width === 1 ? ({ hour }) => (hour < 12 ? 'AM' : 'PM') : undefined),
  h: (width) => number(width, 2, ({ hour }) => ((hour + 11) % 12) + 1),
  K: (width) => number(width, 2, ({ hour }) => hour % 12),
  k: (width) => number(width, 2, ({ hour }) => ((hour + 23) % 24) + 1),
  H: (width) => number(width, 2, (fields) => fields.hour),
  m: (width) => number(width, 2, (fields) => fields.minute),
  s: (width) => number(width, 2, (fields) => fields.second),
  S: (width) => (width <= 9 ? (fields) => nanoseconds(fields).padStart(9, '0').slice(0, width) : undefined),
  A: (width) => number(width, 19, millisecondOfDay),
  n: (width) => number(width, 19, (fields) => Number(nanoseconds(fields))),
  N: (width) => number(width, 19, (fields) => millisecondOfDay(fields) * 1_000_000),
  g: (width) => number(width, 19, (fields) => dayNumber(fields) + EPOCH_MODIFIED_JULIAN_DAY),
  V: (width) => (width === 2 ? (fields) => fields.zone : undefined),
  O: (width) => (width === 1 || width === 4 ? (fields) => localizedOffset(fields, width === 1) : undefined),
  X: (width) => (width <= 5 ? (fields) => offset(fields, width, 'Z') : undefined),
  x: (width) => (width <= 5 ? (fields) => offset(fields, width) : undefined),
  Z: zoneOffset,
};

/** Letters of Java's whose output differs between its versions, or comes from its own names of zones and times of day. */
export const UNSUPPORTED_LETTERS = 'BFvz';

function number(width: number, max: number, value: (fields: DateFields) => number): TimestampFormat | undefined {
  return width <= max ? (fields) => String(value(fields)).padStart(width, '0') : undefined;
}

function year(width: number, value: (fields: DateFields) => number): TimestampFormat | undefined {
  if (width === 2) return (fields) => String(value(fields) % 100).padStart(2, '0');
  return number(width, 19, value);
}

/** Up to three letters the short form, four the full one, five the narrow one. */
function text(
  width: number,
  forms: (fields: DateFields) => readonly [short: string, full: string, narrow: string],
): TimestampFormat | undefined {
  if (width > 5) return undefined;
  return (fields) => forms(fields)[Math.max(width - 3, 0)] as string;
}

function month(width: number): TimestampFormat | undefined {
  if (width <= 2) return number(width, 2, (fields) => fields.month);
  return text(width, (fields) => namesOf(MONTHS[fields.month - 1] as string));
}

function quarter(width: number): TimestampFormat | undefined {
  const value = (fields: DateFields) => Math.ceil(fields.month / 3);
  if (width <= 2) return number(width, 2, value);
  return text(width, (fields) => {
    const quarterOfYear = value(fields);
    return [`Q${quarterOfYear}`, `${ORDINALS[quarterOfYear - 1]} quarter`, String(quarterOfYear)];
  });
}

function dayNames(fields: DateFields): readonly [string, string, string] {
  return namesOf(DAYS[dayOfWeek(fields) - 1] as string);
}

function namesOf(full: string): readonly [string, string, string] {
  return [full.slice(0, 3), full, full.slice(0, 1)];
}

/** Days since 1 January 1970 in the fields' own zone. */
function dayNumber({ year: fullYear, month: monthOfYear, day }: DateFields): number {
  return Date.UTC(fullYear, monthOfYear - 1, day) / DAY_MS;
}

/** 1 is Sunday. */
function dayOfWeek(fields: DateFields): number {
  return new Date(dayNumber(fields) * DAY_MS).getUTCDay() + 1;
}

function dayOfYear(fields: DateFields): number {
  return dayNumber(fields) - Date.UTC(fields.year, 0, 1) / DAY_MS + 1;
}

function weekOf(fields: DateFields): { readonly year: number; readonly week: number } {
  const saturday = dayNumber(fields) + 7 - dayOfWeek(fields);
  const yearOfSaturday = new Date(saturday * DAY_MS).getUTCFullYear();
  const dayOfSaturday = saturday - Date.UTC(yearOfSaturday, 0, 1) / DAY_MS;
  return { year: yearOfSaturday, week: Math.floor(dayOfSaturday / 7) + 1 };
}

function weekOfMonth(fields: DateFields): number {
  return Math.ceil((fields.day + 7 - dayOfWeek(fields)) / 7);
}

function nanoseconds({ millisecond }: DateFields): string {
  return String(millisecond * 1_000_000);
}

function millisecondOfDay({ hour, minute, second, millisecond }: DateFields): number {
  return ((hour * 60 + minute) * 60 + second) * 1000 + millisecond;
}

function zoneOffset(width: number): TimestampFormat | undefined {
  if (width <= 3) return (fields) => offset(fields, 2);
  if (width === 4) return (fields) => localizedOffset(fields, false);
  return width === 5 ? (fields) => offset(fields, 5, 'Z') : undefined;
}

/** `+09`, `+0900` or `+09:00` for one to three letters; four and five add seconds where there are any. */
function offset({ offsetSeconds }: DateFields, width: number, zero?: string): string {
  if (offsetSeconds === 0 && zero !== undefined) return zero;
  const { sign, hours, minutes, seconds } = split(offsetSeconds);
  if (width === 1) return `${sign}${hours}${minutes === '00' ? '' : minutes}`;
  const colon = width === 3 || width === 5 ? ':' : '';
  return `${sign}${hours}${colon}${minutes}${width >= 4 && seconds !== '00' ? `${colon}${seconds}` : ''}`;
}

/** `GMT+9` in short, `GMT+09:00` in full. */
function localizedOffset({ offsetSeconds }: DateFields, short: boolean): string {
  if (offsetSeconds === 0) return 'GMT';
  const { sign, hours, minutes, seconds } = split(offsetSeconds);
  const tail = seconds === '00' ? '' : `:${seconds}`;
  if (!short) return `GMT${sign}${hours}:${minutes}${tail}`;
  return `GMT${sign}${Number(hours)}${minutes === '00' && tail === '' ? '' : `:${minutes}${tail}`}`;
}

function split(offsetSeconds: number): { sign: string; hours: string; minutes: string; seconds: string } {
  const total = Math.abs(offsetSeconds);
  const pad = (value: number) => String(Math.floor(value)).padStart(2, '0');
  return {
    sign: offsetSeconds < 0 ? '-' : '+',
    hours: pad(total / 3600),
    minutes: pad((total / 60) % 60),
    seconds: pad(total % 60),
  };
}
