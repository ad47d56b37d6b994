import type { Budget } from '../budget.ts';
import { JavaException } from '../error.ts';
import { javaPattern, replaceMatches, split } from '../regex/index.ts';
import { toJavaString } from '../text.ts';
import { int, JavaChar, JavaList, type Value } from '../values.ts';
import { fits, intAt, isInt, stringAt } from './arguments.ts';

/** The methods of java.lang.String. */
export function stringMethod(self: string, name: string, args: readonly Value[], budget: Budget): Value | undefined {
  if (args.length === 0) return withoutArguments(self, name);
  if (name === 'format')
    throw new JavaException('java.lang.UnsupportedOperationException', 'String.format is not emulated');
  if (name === 'valueOf' && args.length === 1 && args[0] !== null) return toJavaString(args[0] as Value);
  return (
    compare(self, name, args) ??
    search(self, name, args) ??
    cut(self, name, args) ??
    build(self, name, args, budget) ??
    withPattern(self, name, args, budget)
  );
}

function withoutArguments(self: string, name: string): Value | undefined {
  switch (name) {
    case 'length':
      return int(self.length);
    case 'isEmpty':
      return self === '';
    case 'isBlank':
      return self.trim() === '';
    case 'trim':
      return self.replace(/^[\0-\x20]+|[\0-\x20]+$/g, '');
    case 'strip':
      return self.trim();
    case 'stripLeading':
      return self.trimStart();
    case 'stripTrailing':
      return self.trimEnd();
    case 'toLowerCase':
      return self.toLowerCase();
    case 'toUpperCase':
      return self.toUpperCase();
    case 'toString':
    case 'intern':
      return self;
    default:
      return undefined;
  }
}

function compare(self: string, name: string, args: readonly Value[]): Value | undefined {
  const [first] = args;
  if (name === 'compareTo' && args.length === 1 && !fits(args, 's')) {
    throw new JavaException('java.lang.ClassCastException');
  }
  if (!fits(args, 's')) return undefined;
  switch (name) {
    case 'equalsIgnoreCase':
      return typeof first === 'string' && fold(self) === fold(first);
    case 'compareTo':
      return int(order(self, stringAt(args, 0)));
    case 'compareToIgnoreCase':
      return int(order(fold(self), fold(stringAt(args, 0))));
    case 'contentEquals':
      return self === stringAt(args, 0);
    default:
      return undefined;
  }
}

/** Java compares character by character in upper, then in lower case, and never changes the length. */
function fold(text: string): string {
  return Array.from({ length: text.length }, (_, index) => {
    const unit = text[index] ?? '';
    const upper = unit.toUpperCase();
    const lower = (upper.length === 1 ? upper : unit).toLowerCase();
    return lower.length === 1 ? lower : unit;
  }).join('');
}

function order(left: string, right: string): number {
  const shared = Math.min(left.length, right.length);
  for (let index = 0; index < shared; index++) {
    const difference = left.charCodeAt(index) - right.charCodeAt(index);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

function search(self: string, name: string, args: readonly Value[]): Value | undefined {
  const wanted = isInt(args[0]) ? codePoint(intAt(args, 0)) : args[0];
  const from = args.length === 2 ? intAt(args, 1) : undefined;
  switch (name) {
    case 'contains':
      return fits(args, 's') ? self.includes(stringAt(args, 0)) : undefined;
    case 'startsWith':
      if (!fits(args, 's') && !fits(args, 'si')) return undefined;
      return (from ?? 0) >= 0 && self.startsWith(stringAt(args, 0), from) && (from ?? 0) <= self.length;
    case 'endsWith':
      return fits(args, 's') ? self.endsWith(stringAt(args, 0)) : undefined;
    case 'indexOf':
      if (!isSearch(args)) return undefined;
      return int(self.indexOf(wanted === null ? stringAt(args, 0) : String(wanted), from));
    case 'lastIndexOf':
      if (!isSearch(args)) return undefined;
      if (from !== undefined && from < 0) return int(-1);
      return int(self.lastIndexOf(wanted === null ? stringAt(args, 0) : String(wanted), from));
    default:
      return undefined;
  }
}

function isSearch(args: readonly Value[]): boolean {
  return fits(args, 's') || fits(args, 'si') || fits(args, 'i') || fits(args, 'ii');
}

function codePoint(value: number): string {
  // No string contains what is no code point; a lone surrogate pair half that cannot occur twice stands for it.
  return value >= 0 && value <= 0x10ffff ? String.fromCodePoint(value) : '\udfff\ud800\udfff';
}

function cut(self: string, name: string, args: readonly Value[]): Value | undefined {
  if (name === 'charAt' && fits(args, 'i')) {
    const index = intAt(args, 0);
    if (index < 0 || index >= self.length) throw outOfBounds(`String index out of range: ${index}`);
    return new JavaChar(self[index] ?? '');
  }
  if (name === 'codePointAt' && fits(args, 'i')) {
    const index = intAt(args, 0);
    if (index < 0 || index >= self.length) throw outOfBounds(`Index ${index} out of bounds for length ${self.length}`);
    return int(self.codePointAt(index) ?? 0);
  }
  if (
    (name !== 'substring' && name !== 'subSequence') ||
    !(fits(args, 'ii') || (name === 'substring' && fits(args, 'i')))
  ) {
    return undefined;
  }
  const begin = intAt(args, 0);
  const end = args.length === 2 ? intAt(args, 1) : self.length;
  if (begin < 0 || end > self.length || begin > end) {
    throw outOfBounds(`begin ${begin}, end ${end}, length ${self.length}`);
  }
  return self.slice(begin, end);
}

function outOfBounds(message: string): JavaException {
  return new JavaException('java.lang.StringIndexOutOfBoundsException', message);
}

function build(self: string, name: string, args: readonly Value[], budget: Budget): Value | undefined {
  const [first, second] = args;
  if (name === 'concat' && fits(args, 's')) {
    const added = stringAt(args, 0);
    budget.length(self.length + added.length);
    return self + added;
  }
  if (name === 'repeat' && fits(args, 'i')) {
    const count = intAt(args, 0);
    if (count < 0) throw new JavaException('java.lang.IllegalArgumentException', `count is negative: ${count}`);
    budget.length(self.length * count);
    return self.repeat(count);
  }
  if (name === 'replace' && fits(args, 'ss')) {
    const [target, replacement] = [stringAt(args, 0), stringAt(args, 1)];
    const pieces = target === '' ? self.length + 1 : self.split(target).length - 1;
    budget.length(self.length + pieces * (replacement.length - target.length));
    return target === ''
      ? self.split('').reduce((text, unit) => text + unit + replacement, replacement)
      : self.split(target).join(replacement);
  }
  if (name === 'replace' && first instanceof JavaChar && second instanceof JavaChar) {
    return self.split(first.unit).join(second.unit);
  }
  return undefined;
}

function withPattern(self: string, name: string, args: readonly Value[], budget: Budget): Value | undefined {
  const room = (units: number): void => budget.match(units);
  const work = (steps: number): void => budget.matching(steps);
  if (name === 'matches' && fits(args, 's')) return javaPattern(stringAt(args, 0)).matches(self, work);
  if ((name === 'replaceAll' || name === 'replaceFirst') && fits(args, 'ss')) {
    return replaceMatches(stringAt(args, 0), self, stringAt(args, 1), name === 'replaceAll', work, room);
  }
  if (name === 'split' && (fits(args, 's') || fits(args, 'si'))) {
    const parts = split(stringAt(args, 0), self, args.length === 2 ? intAt(args, 1) : 0, work, () =>
      budget.elements(1),
    );
    return new JavaList(parts, 'array');
  }
  return undefined;
}
