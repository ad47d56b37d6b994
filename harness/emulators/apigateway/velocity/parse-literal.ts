import type { Cursor } from './cursor.ts';
import { double, integer, type JavaNumber } from './values.ts';

/** The directive-state token after which a newline belongs to the directive. */
export const WHITESPACE = /[ \t\r\n]+/y;

const FLOAT = /-?(?:\d+\.(?!\.)\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+)/y;
const INTEGER = /-?\d+/y;

/** A minus belongs to the number that follows it at once, so `5-3` is two numbers side by side, which is an error. */
export function takeNumber(cursor: Cursor): JavaNumber | undefined {
  const float = cursor.take(FLOAT);
  if (float !== undefined) return double(Number(float));
  const whole = cursor.take(INTEGER);
  return whole === undefined ? undefined : integer(BigInt(whole));
}

export function takeInteger(cursor: Cursor): JavaNumber | undefined {
  return cursor.peek(FLOAT) === undefined ? takeNumber(cursor) : undefined;
}

export interface StringLiteral {
  readonly text: string;
  /** Double quotes and something to interpolate. */
  readonly interpolates: boolean;
}

/** A quoted string; the quote itself is written twice within it, a backslash is a backslash, `\uXXXX` works in "". */
export function takeString(cursor: Cursor): StringLiteral | undefined {
  const quote = cursor.next;
  if (quote !== '"' && quote !== "'") return undefined;
  const start = cursor.offset;
  const end = endOfString(cursor.source, start, quote);
  if (end === -1) return cursor.fail('A string is not closed');
  cursor.offset = end;
  const written = cursor.source.slice(start + 1, end - 1);
  const text = quote === '"' ? unescapeUnicode(written, cursor, start) : written;
  return { text: text.replaceAll(quote + quote, quote), interpolates: quote === '"' && /[$#]/.test(written) };
}

/** The longest token wins: a doubled quote goes on only if the string is closed further on. */
function endOfString(source: string, start: number, quote: string): number {
  let end = -1;
  let at = source.indexOf(quote, start + 1);
  while (at !== -1) {
    end = at + 1;
    if (source[end] !== quote) return end;
    at = source.indexOf(quote, end + 1);
  }
  return end;
}

function unescapeUnicode(text: string, cursor: Cursor, start: number): string {
  return text.replace(/\\u(.{0,4})/gs, (_match, digits: string) => {
    if (!/^[0-9a-fA-F]{4}$/.test(digits))
      cursor.fail(`"\\u${digits}" is not a Unicode escape of four hex digits`, start);
    return String.fromCharCode(Number.parseInt(digits, 16));
  });
}
