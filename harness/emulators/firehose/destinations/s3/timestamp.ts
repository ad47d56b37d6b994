import { errors } from '../../errors.ts';

/** The fields of an instant in one time zone. */
export interface DateFields {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
}

/**
 * The fields of `instant` (ms since the epoch) in `timeZone`, an IANA name. The machine's own zone has no say in it.
 */
export function dateFields(instant: number, timeZone = 'UTC'): DateFields {
  const date = new Date(instant);
  if (timeZone === 'UTC') {
    return {
      year: date.getUTCFullYear(),
      month: date.getUTCMonth() + 1,
      day: date.getUTCDate(),
      hour: date.getUTCHours(),
      minute: date.getUTCMinutes(),
      second: date.getUTCSeconds(),
      millisecond: date.getUTCMilliseconds(),
    };
  }
  const parts = new Map(formatter(timeZone).map(({ type, value }) => [type, Number(value)]));
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
  return {
    year: part('year'),
    month: part('month'),
    day: part('day'),
    hour: part('hour'),
    minute: part('minute'),
    second: part('second'),
    millisecond: date.getUTCMilliseconds(),
  };

  function formatter(zone: string): Intl.DateTimeFormatPart[] {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      calendar: 'gregory',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    }).formatToParts(date);
  }
}

export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

export type TimestampFormat = (fields: DateFields) => string;

interface Letter {
  /** How often it may be repeated. */
  readonly max: number;
  readonly value: (fields: DateFields) => number;
}

/** The letters of Java's DateTimeFormatter that are numbers whatever the locale. */
const LETTERS: Readonly<Record<string, Letter>> = {
  y: { max: 19, value: (fields) => fields.year },
  u: { max: 19, value: (fields) => fields.year },
  M: { max: 2, value: (fields) => fields.month },
  d: { max: 2, value: (fields) => fields.day },
  D: { max: 3, value: dayOfYear },
  H: { max: 2, value: (fields) => fields.hour },
  h: { max: 2, value: (fields) => ((fields.hour + 11) % 12) + 1 },
  m: { max: 2, value: (fields) => fields.minute },
  s: { max: 2, value: (fields) => fields.second },
};

/**
 * Reads a pattern of Java's DateTimeFormatter (its documentation's "Patterns for Formatting and Parsing"). A letter
 * whose output depends on a locale, on a calendar of weeks or on a zone's name is refused by name, as is everything
 * that Java refuses.
 */
export function parseTimestampFormat(pattern: string): TimestampFormat {
  const refuse = (why: string) => errors.invalid(`The timestamp format '${pattern}' ${why}.`);
  if (pattern === '') throw refuse('is empty');
  const parts: (string | TimestampFormat)[] = [];
  for (const [token] of pattern.matchAll(/'(?:[^']|'')*'?|([A-Za-z])\1*|[^A-Za-z']+/g)) {
    const [letter = ''] = token;
    if (letter === "'") {
      if (token.split("'").length % 2 === 0) throw refuse('has a quote that is not closed');
      parts.push(token === "''" ? "'" : token.slice(1, -1).replaceAll("''", "'"));
    } else if (/[A-Za-z]/.test(letter)) {
      parts.push(number(token, refuse));
    } else {
      const reserved = /[[\]{}#]/.exec(token);
      if (reserved) throw refuse(`uses '${reserved[0]}', which naetmul does not support`);
      parts.push(token);
    }
  }
  return (fields) => parts.map((part) => (typeof part === 'string' ? part : part(fields))).join('');
}

function number(token: string, refuse: (why: string) => Error): TimestampFormat {
  const [name = ''] = token;
  const width = token.length;
  if (name === 'S') {
    if (width > 9) throw refuse(`has too many pattern letters: ${name}`);
    return (fields) => String(fields.millisecond).padStart(3, '0').padEnd(9, '0').slice(0, width);
  }
  const letter = LETTERS[name];
  // From the 100th day of a year on, DD fails in Java 8 and has three digits in newer ones.
  if (!letter || (name === 'M' && width > 2) || (name === 'D' && width === 2)) {
    throw refuse(`uses '${token}', which naetmul does not support`);
  }
  if (width > letter.max) throw refuse(`has too many pattern letters: ${name}`);
  if ((name === 'y' || name === 'u') && width === 2) {
    return (fields) => String(letter.value(fields) % 100).padStart(2, '0');
  }
  return (fields) => String(letter.value(fields)).padStart(width, '0');
}

function dayOfYear({ year, month, day }: DateFields): number {
  return (Date.UTC(year, month - 1, day) - Date.UTC(year, 0, 1)) / 86_400_000 + 1;
}
