import { JavaPattern } from '../velocity/regex/index.ts';
import type { Effort } from './effort.ts';

/**
 * ECMA 262 patterns, each read once. They are matched by the same counted matcher as templates' patterns, since
 * JavaScript's own would let a pattern such as `(a+)+$` stand the server still.
 */
export class Patterns {
  readonly #read = new Map<string, JavaPattern>();

  /** Whether the pattern is found anywhere in the text. */
  finds(pattern: string, text: string, effort: Effort): boolean {
    let read = this.#read.get(pattern);
    if (!read) {
      read = new JavaPattern(toJava(pattern));
      this.#read.set(pattern, read);
    }
    effort.spend(1 + text.length);
    return read.find(text, undefined, (steps) => effort.spend(steps)) !== undefined;
  }
}

export function isPattern(pattern: string): boolean {
  try {
    new RegExp(pattern);
    new JavaPattern(toJava(pattern));
    return true;
  } catch {
    return false;
  }
}

/** Writes an ECMA 262 pattern as Java would, which gives a meaning of its own to `$`, and to `[` and `&&` in a class. */
export function toJava(pattern: string): string {
  let result = '';
  let inClass = false;
  for (let at = 0; at < pattern.length; at++) {
    const unit = pattern[at] as string;
    if (unit === '\\') {
      const escaped = pattern[++at] ?? '';
      result += escaped === 'v' ? '\\x0B' : escaped === '/' ? '/' : `\\${escaped}`;
    } else if (inClass) {
      if (unit === ']') inClass = false;
      result += unit === '[' || unit === '&' ? `\\${unit}` : unit;
    } else if (pattern.startsWith('[]', at)) {
      result += '(?!)';
      at += 1;
    } else if (pattern.startsWith('[^]', at)) {
      result += '[\\s\\S]';
      at += 2;
    } else {
      if (unit === '[') inClass = true;
      result += unit === '$' ? '\\z' : unit;
    }
  }
  return result;
}
