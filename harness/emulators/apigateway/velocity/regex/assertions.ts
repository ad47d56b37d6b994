import { known } from './code-set.ts';
import type { Assertion } from './syntax.ts';

const isTerminator = (unit: string | undefined): boolean => unit !== undefined && /[\n\r\u0085\u2028\u2029]/.test(unit);

export const atStart: Assertion = (_text, at) => at === 0;
export const atEnd: Assertion = (text, at) => at === text.length;
export const afterLastMatch: Assertion = (_text, at, last) => at === last;

/** `^` with MULTILINE: Java never finds it at the very end, not even of an empty text. */
export function atLineStart(unixLines: boolean): Assertion {
  return (text, at) => {
    if (at === text.length) return false;
    if (at === 0) return true;
    const before = text[at - 1];
    if (unixLines) return before === '\n';
    return isTerminator(before) && !(before === '\r' && text[at] === '\n');
  };
}

/** `$` with MULTILINE. */
export function atLineEnd(unixLines: boolean): Assertion {
  return (text, at) => {
    if (at === text.length) return true;
    if (unixLines) return text[at] === '\n';
    return isTerminator(text[at]) && !(text[at] === '\n' && text[at - 1] === '\r');
  };
}

/** `$` and `\Z`: at the end, or before a line terminator that ends the text. */
export function beforeEnd(unixLines: boolean): Assertion {
  return (text, at) => {
    if (at === text.length) return true;
    const rest = text.slice(at, at + 3);
    if (unixLines) return rest === '\n';
    if (rest === '\r\n') return true;
    return rest.length === 1 && isTerminator(rest) && !(rest === '\n' && text[at - 1] === '\r');
  };
}

const WORD = known('\\p{L}\\p{Nd}_');
const MARK = known('\\p{Mn}');
const BASE = known('\\p{L}\\p{Nd}');

/** `\b`: up to Java 18 of Unicode's letters and digits, and of marks that stand on one. */
export const atBoundary: Assertion = (text, at) => isWordBefore(text, at) !== isWordAt(text, at);
export const atNoBoundary: Assertion = (text, at) => !atBoundary(text, at, 0);

function isWordAt(text: string, at: number): boolean {
  if (at >= text.length) return false;
  const code = text.codePointAt(at) ?? 0;
  return WORD.has(code) || (MARK.has(code) && hasBase(text, at));
}

function isWordBefore(text: string, at: number): boolean {
  if (at === 0) return false;
  const from = isLow(text.charCodeAt(at - 1)) && at > 1 && isHigh(text.charCodeAt(at - 2)) ? at - 2 : at - 1;
  const code = text.codePointAt(from) ?? 0;
  return WORD.has(code) || (MARK.has(code) && hasBase(text, from));
}

function hasBase(text: string, from: number): boolean {
  for (let at = from; at >= 0; at--) {
    const code = text.codePointAt(at) ?? 0;
    if (BASE.has(code)) return true;
    if (!MARK.has(code)) return false;
  }
  return false;
}

export const isHigh = (unit: number): boolean => (unit & 0xfc00) === 0xd800;
export const isLow = (unit: number): boolean => (unit & 0xfc00) === 0xdc00;
