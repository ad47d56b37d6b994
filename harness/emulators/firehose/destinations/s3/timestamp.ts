import { errors } from '../../errors.ts';
import { LETTERS, type TimestampFormat, UNSUPPORTED_LETTERS } from './timestamp-letters.ts';

export type { TimestampFormat } from './timestamp-letters.ts';

/** Quoted text, a letter repeated, brackets around what is optional, or text that stands for itself. */
const TOKEN = /'(?:[^']|'')*'?|([A-Za-z])\1*|[^A-Za-z']/g;

/**
 * Reads a pattern of Java's DateTimeFormatter. For messages, `member` is the prefix that has it, `Prefix` or
 * `ErrorOutputPrefix`, and `configuration` the member of the request that has the prefix.
 *
 * @throws InvalidArgumentException for what Java refuses, and for letters that naetmul does not know
 */
export function parseTimestampFormat(pattern: string, member: string, configuration: string): TimestampFormat {
  // AWS says this of every letter that it refuses, and was not heard on other mistakes.
  const refusal = () => errors.invalid(`Invalid conversion character used in the value of the expression in ${member}`);
  if (pattern === '') throw refusal();
  const parts: TimestampFormat[] = [];
  let depth = 0;
  let padding = 0;
  for (const [token] of pattern.matchAll(TOKEN)) {
    const [first = ''] = token;
    if (padding > 0 && !/[A-Za-z]/.test(first)) throw refusal();
    if (first === "'") {
      if (token.split("'").length % 2 === 0) throw refusal();
      const text = token === "''" ? "'" : token.slice(1, -1).replaceAll("''", "'");
      parts.push(() => text);
    } else if (first === 'p') {
      if (padding > 0) throw refusal();
      padding = token.length;
    } else if (/[A-Za-z]/.test(first)) {
      if (UNSUPPORTED_LETTERS.includes(first)) {
        throw errors.unsupported(`The letter ${first} in a timestamp expression of ${configuration}.${member}`);
      }
      const format = LETTERS[first]?.(token.length);
      if (!format) throw refusal();
      parts.push(padded(format, padding));
      padding = 0;
    } else if (first === '[') {
      depth++;
    } else if (first === ']') {
      if (depth-- === 0) throw refusal();
    } else if (/[{}#]/.test(first)) {
      throw refusal();
    } else {
      parts.push(() => first);
    }
  }
  if (padding > 0) throw refusal();
  return (fields) => parts.map((part) => part(fields)).join('');
}

/** What `pp` does to the letter behind it: spaces before its value. */
function padded(format: TimestampFormat, width: number): TimestampFormat {
  return width === 0 ? format : (fields) => format(fields).padStart(width, ' ');
}
