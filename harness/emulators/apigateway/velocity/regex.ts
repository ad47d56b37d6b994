import { JavaException } from './error.ts';
import { translate } from './regex-translate.ts';

const CACHE_SIZE = 200;
const cache = new Map<string, RegExp>();

/** A Java pattern as a RegExp with the flags `gu`. Throws PatternSyntaxException where Java's meaning cannot be kept. */
function compile(pattern: string, whole = false): RegExp {
  const key = `${whole}${pattern}`;
  const known = cache.get(key);
  if (known !== undefined) return known;
  let compiled: RegExp;
  try {
    const translated = translate(pattern);
    compiled = new RegExp(whole ? `^(?:${translated})$` : translated, 'gu');
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new JavaException('java.util.regex.PatternSyntaxException', `${error.message} near "${pattern}"`);
  }
  if (cache.size >= CACHE_SIZE) cache.clear();
  cache.set(key, compiled);
  return compiled;
}

/** `String.matches`: the whole text. */
export function matchesWhole(pattern: string, text: string): boolean {
  const whole = compile(pattern, true);
  whole.lastIndex = 0;
  return whole.test(text);
}

/** `String.replaceAll` and `replaceFirst`. `room` is told at each match how many UTF-16 units there are so far. */
export function replaceMatches(
  pattern: string,
  text: string,
  replacement: string,
  all: boolean,
  room: (units: number) => void,
): string {
  const parts: string[] = [];
  let length = 0;
  let end = 0;
  for (const match of text.matchAll(compile(pattern))) {
    room(length);
    const part = text.slice(end, match.index) + expand(replacement, match);
    parts.push(part);
    length += part.length;
    end = match.index + match[0].length;
    if (!all) break;
  }
  return parts.join('') + text.slice(end);
}

/** Java's replacement text: `$1`, `${name}`, and a backslash before what stands for itself. */
function expand(replacement: string, match: RegExpExecArray): string {
  let result = '';
  for (let at = 0; at < replacement.length; at++) {
    const unit = replacement[at];
    if (unit === '\\') {
      at++;
      if (at === replacement.length) throw illegal('character to be escaped is missing');
      result += replacement[at];
    } else if (unit === '$') {
      const [text, length] = group(replacement.slice(at + 1), match);
      result += text;
      at += length;
    } else {
      result += unit;
    }
  }
  return result;
}

function group(after: string, match: RegExpExecArray): [text: string, length: number] {
  const named = /^\{([a-zA-Z][a-zA-Z0-9]*)\}/.exec(after);
  if (named !== null) {
    const name = named[1] ?? '';
    if (!Object.hasOwn(match.groups ?? {}, name)) throw illegal(`No group with name {${name}}`);
    return [match.groups?.[name] ?? '', named[0].length];
  }
  if (after === '') throw illegal('Illegal group reference: group index is missing');
  if (!/^[0-9]/.test(after))
    throw illegal(after.startsWith('{') ? "named capturing group is missing trailing '}'" : 'Illegal group reference');
  let length = 1;
  if (Number(after[0]) >= match.length)
    throw new JavaException('java.lang.IndexOutOfBoundsException', `No group ${after[0]}`);
  while (/^[0-9]$/.test(after[length] ?? '') && Number(after.slice(0, length + 1)) < match.length) length++;
  return [match[Number(after.slice(0, length))] ?? '', length];
}

function illegal(message: string): JavaException {
  return new JavaException('java.lang.IllegalArgumentException', message);
}

/** `String.split`: at most `limit` parts if it is positive; trailing empty parts are dropped if it is 0. */
export function split(pattern: string, text: string, limit: number): string[] {
  const parts: string[] = [];
  let end = 0;
  for (const match of text.matchAll(compile(pattern))) {
    if (limit > 0 && parts.length === limit - 1) break;
    const matchEnd = match.index + match[0].length;
    if (matchEnd === 0) continue; // no empty part comes of an empty match at the beginning
    parts.push(text.slice(end, match.index));
    end = matchEnd;
  }
  if (parts.length === 0 && end === 0) return [text];
  parts.push(text.slice(end));
  if (limit === 0) while (parts.length > 0 && parts.at(-1) === '') parts.pop();
  return parts;
}
