import { JavaException } from '../error.ts';
import { isHigh, isLow } from './assertions.ts';
import { Matcher, type Work } from './match.ts';
import { parsePattern } from './parse.ts';
import { assemble, type Program } from './program.ts';

export type { Work } from './match.ts';

const CACHE_SIZE = 200;
const MAX_CACHED_LENGTH = 1_000;
const cache = new Map<string, JavaPattern>();

/** A match: where it begins and ends, and what its groups hold. */
export class Match {
  readonly start: number;
  readonly end: number;
  readonly #text: string;
  readonly #slots: Int32Array | undefined;

  constructor(text: string, start: number, end: number, slots: Int32Array | undefined) {
    this.start = start;
    this.end = end;
    this.#text = text;
    this.#slots = slots;
  }

  /** By number, group 0 first; undefined for one that took no part. */
  group(number: number): string | undefined {
    if (number === 0) return this.#text.slice(this.start, this.end);
    const [from = -1, to = -1] = [this.#slots?.[2 * number], this.#slots?.[2 * number + 1]];
    return from < 0 || to < 0 ? undefined : this.#text.slice(from, to);
  }
}

/** A pattern of java.util.regex, matched as Java 17 does, in steps that are counted. */
export class JavaPattern {
  readonly #program: Program;
  /** The text, if it is nothing but text. */
  readonly #literal: string | undefined;
  /** The unit every match begins with, if there is one. */
  readonly #firstUnit: string | undefined;
  /** It could match characters beyond the Basic Multilingual Plane. */
  readonly #seesPairs: boolean;

  constructor(pattern: string, flags = '') {
    this.#program = assemble(parsePattern(pattern, flags));
    const { code, groups } = this.#program;
    const units = code.slice(0, -1).map((step) => (step.op === 'unit' ? String.fromCharCode(step.unit) : undefined));
    this.#firstUnit = units[0];
    this.#seesPairs = code.some((step) => (step.op === 'set' || step.op === 'run') && step.set.has(BEYOND_BMP));
    const isLiteral = groups === 0 && units.length > 0 && units.every((unit) => unit !== undefined);
    this.#literal = isLiteral ? units.join('') : undefined;
  }

  get groups(): number {
    return this.#program.groups;
  }

  groupNamed(name: string): number | undefined {
    return this.#program.names.get(name);
  }

  /** Whether the whole text matches. */
  matches(text: string, work: Work): boolean {
    if (this.#literal !== undefined) return text === this.#literal;
    return new Matcher(this.#program, text, 0, work).matchAt(0, true) >= 0;
  }

  /** The match after another, or the first, as `Matcher.find` finds it. */
  find(text: string, after: Match | undefined, work: Work): Match | undefined {
    const last = after?.end ?? 0;
    const from = last === after?.start ? last + 1 : last;
    return from > text.length ? undefined : this.#findFrom(text, from, last, work);
  }

  /** Java passes over pairs of surrogates whole where the pattern could match one. */
  #stepAt(text: string, at: number): number {
    if (!this.#seesPairs || !isHigh(text.charCodeAt(at))) return 1;
    return isLow(text.charCodeAt(at + 1)) ? 2 : 1;
  }

  #findFrom(text: string, from: number, last: number, work: Work): Match | undefined {
    if (this.#literal !== undefined) {
      const start = text.indexOf(this.#literal, from);
      return start === -1 ? undefined : new Match(text, start, start + this.#literal.length, undefined);
    }
    if (this.#firstUnit !== undefined && !text.includes(this.#firstUnit, from)) return undefined;
    const matcher = new Matcher(this.#program, text, last, work);
    for (let start = from; start <= text.length; start += this.#stepAt(text, start)) {
      if (this.#firstUnit !== undefined) start = text.indexOf(this.#firstUnit, start);
      if (start === -1) return undefined;
      const end = matcher.matchAt(start);
      if (end >= 0) return new Match(text, start, end, matcher.slots);
    }
    return undefined;
  }
}

/** A character that only sets without end hold: no set that is written in plain characters has it. */
const BEYOND_BMP = 0x1f600;

/** A pattern, read once for as long as it is in use. Throws PatternSyntaxException as a JavaException. */
export function javaPattern(pattern: string): JavaPattern {
  const known = cache.get(pattern);
  if (known !== undefined) return known;
  const compiled = new JavaPattern(pattern);
  if (cache.size >= CACHE_SIZE) cache.clear();
  if (pattern.length <= MAX_CACHED_LENGTH) cache.set(pattern, compiled);
  return compiled;
}

/** `String.replaceAll` and `replaceFirst`. `room` is told at each match how many UTF-16 units there are so far. */
export function replaceMatches(
  pattern: string,
  text: string,
  replacement: string,
  all: boolean,
  work: Work,
  room: (units: number) => void,
): string {
  const compiled = javaPattern(pattern);
  const parts: string[] = [];
  let length = 0;
  let end = 0;
  for (
    let match = compiled.find(text, undefined, work);
    match !== undefined;
    match = compiled.find(text, match, work)
  ) {
    room(length);
    const part = text.slice(end, match.start) + expand(replacement, match, compiled);
    parts.push(part);
    length += part.length;
    end = match.end;
    if (!all) break;
  }
  return parts.join('') + text.slice(end);
}

/** Java's replacement text: `$1`, `${name}`, and a backslash before what stands for itself. */
function expand(replacement: string, match: Match, pattern: JavaPattern): string {
  if (!/[\\$]/.test(replacement)) return replacement;
  let result = '';
  for (let at = 0; at < replacement.length; at++) {
    const unit = replacement[at];
    if (unit === '\\') {
      at++;
      if (at === replacement.length) throw illegal('character to be escaped is missing');
      result += replacement[at];
    } else if (unit === '$') {
      const { number, length } = groupReference(replacement, at + 1, pattern);
      result += match.group(number) ?? '';
      at += length;
    } else {
      result += unit;
    }
  }
  return result;
}

function groupReference(replacement: string, at: number, pattern: JavaPattern): { number: number; length: number } {
  const named = /^\{([a-zA-Z][a-zA-Z0-9]*)\}/.exec(replacement.slice(at));
  if (named !== null) {
    const number = pattern.groupNamed(named[1] ?? '');
    if (number === undefined) throw illegal(`No group with name {${named[1]}}`);
    return { number, length: named[0].length };
  }
  const first = replacement[at];
  if (first === undefined) throw illegal('Illegal group reference: group index is missing');
  if (!/[0-9]/.test(first))
    throw illegal(first === '{' ? "named capturing group is missing trailing '}'" : 'Illegal group reference');
  let number = Number(first);
  if (number > pattern.groups) throw new JavaException('java.lang.IndexOutOfBoundsException', `No group ${first}`);
  let length = 1;
  while (
    /[0-9]/.test(replacement[at + length] ?? '') &&
    number * 10 + Number(replacement[at + length]) <= pattern.groups
  ) {
    number = number * 10 + Number(replacement[at + length]);
    length++;
  }
  return { number, length };
}

function illegal(message: string): JavaException {
  return new JavaException('java.lang.IllegalArgumentException', message);
}

/**
 * `String.split`: at most `limit` parts if it is positive; trailing empty parts are dropped if it is 0. `onPart` is told
 * of each part.
 */
export function split(pattern: string, text: string, limit: number, work: Work, onPart: () => void): string[] {
  const parts: string[] = [];
  const compiled = javaPattern(pattern);
  let end = 0;
  for (
    let match = compiled.find(text, undefined, work);
    match !== undefined;
    match = compiled.find(text, match, work)
  ) {
    if (limit > 0 && parts.length === limit - 1) break;
    if (match.end === 0) continue; // no empty part comes of an empty match at the beginning
    onPart();
    parts.push(text.slice(end, match.start));
    end = match.end;
  }
  if (parts.length === 0 && end === 0) return [text];
  parts.push(text.slice(end));
  if (limit === 0) while (parts.length > 0 && parts.at(-1) === '') parts.pop();
  return parts;
}
