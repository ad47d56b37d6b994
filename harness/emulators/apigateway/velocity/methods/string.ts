import type { Budget } from '../budget.ts';
import { JavaException } from '../error.ts';
import { javaPattern, replaceMatches, split } from '../regex/index.ts';
import { toJavaString } from '../text.ts';
import { int, JavaChar, JavaList, type Value } from '../values.ts';
import { fits, intAt, isInt, stringAt } from './arguments.ts';

/** The methods of java.lang.String. */
export function stringMethod(self: string, name: string, args: readonly Value[], budget: Budget): Value | undefined {
  if (args.length === 0) return withoutArguments(self, name);
  return WITH_ARGUMENTS.get(name)?.(self, args, budget);
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

type Method = (self: string, args: readonly Value[], budget: Budget) => Value | undefined;

const WITH_ARGUMENTS: ReadonlyMap<string, Method> = new Map<string, Method>([
  ['charAt', charAt],
  ['codePointAt', codePointAt],
  ['compareTo', compareTo],
  ['compareToIgnoreCase', ofText((self, other) => int(order(fold(self), fold(other))))],
  ['concat', concat],
  ['contains', ofText((self, part) => self.includes(part))],
  ['contentEquals', ofText((self, other) => self === other)],
  ['endsWith', ofText((self, end) => self.endsWith(end))],
  ['equalsIgnoreCase', equalsIgnoreCase],
  ['format', format],
  ['indexOf', indexOf],
  ['lastIndexOf', lastIndexOf],
  ['matches', matches],
  ['repeat', repeat],
  ['replace', replace],
  ['replaceAll', (self, args, budget) => replacePattern(self, args, true, budget)],
  ['replaceFirst', (self, args, budget) => replacePattern(self, args, false, budget)],
  ['split', splitBy],
  ['startsWith', startsWith],
  ['subSequence', (self, args) => (args.length === 2 ? substring(self, args) : undefined)],
  ['substring', substring],
  ['valueOf', textOf],
]);

/** A method of one String or CharSequence, which fails for null. */
function ofText(method: (self: string, argument: string) => Value): Method {
  return (self, args) => (fits(args, 's') ? method(self, stringAt(args, 0)) : undefined);
}

function equalsIgnoreCase(self: string, args: readonly Value[]): Value | undefined {
  const [other] = args;
  return fits(args, 's') ? typeof other === 'string' && fold(self) === fold(other) : undefined;
}

function compareTo(self: string, args: readonly Value[]): Value | undefined {
  if (args.length !== 1) return undefined;
  if (!fits(args, 's')) throw new JavaException('java.lang.ClassCastException');
  return int(order(self, stringAt(args, 0)));
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

function startsWith(self: string, args: readonly Value[]): Value | undefined {
  if (!fits(args, 's') && !fits(args, 'si')) return undefined;
  const from = args.length === 2 ? intAt(args, 1) : 0;
  return from >= 0 && self.startsWith(stringAt(args, 0), from) && from <= self.length;
}

function indexOf(self: string, args: readonly Value[]): Value | undefined {
  if (!isSearch(args)) return undefined;
  return int(self.indexOf(wanted(args), args.length === 2 ? intAt(args, 1) : 0));
}

function lastIndexOf(self: string, args: readonly Value[]): Value | undefined {
  if (!isSearch(args)) return undefined;
  const from = args.length === 2 ? intAt(args, 1) : self.length;
  return int(from < 0 ? -1 : self.lastIndexOf(wanted(args), from));
}

function isSearch(args: readonly Value[]): boolean {
  return fits(args, 's') || fits(args, 'si') || fits(args, 'i') || fits(args, 'ii');
}

/** What `indexOf` looks for: a text, or a character by its number. */
function wanted(args: readonly Value[]): string {
  return isInt(args[0]) ? codePoint(intAt(args, 0)) : stringAt(args, 0);
}

function codePoint(value: number): string {
  // No string contains what is no code point; a lone surrogate pair half that cannot occur twice stands for it.
  return value >= 0 && value <= 0x10ffff ? String.fromCodePoint(value) : '\udfff\ud800\udfff';
}

function charAt(self: string, args: readonly Value[]): Value | undefined {
  if (!fits(args, 'i')) return undefined;
  const index = intAt(args, 0);
  if (index < 0 || index >= self.length) throw outOfBounds(`String index out of range: ${index}`);
  return new JavaChar(self[index] ?? '');
}

function codePointAt(self: string, args: readonly Value[]): Value | undefined {
  if (!fits(args, 'i')) return undefined;
  const index = intAt(args, 0);
  if (index < 0 || index >= self.length) throw outOfBounds(`Index ${index} out of bounds for length ${self.length}`);
  return int(self.codePointAt(index) ?? 0);
}

function substring(self: string, args: readonly Value[]): Value | undefined {
  if (!fits(args, 'i') && !fits(args, 'ii')) return undefined;
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

function concat(self: string, args: readonly Value[], budget: Budget): Value | undefined {
  if (!fits(args, 's')) return undefined;
  const added = stringAt(args, 0);
  budget.length(self.length + added.length);
  return self + added;
}

function repeat(self: string, args: readonly Value[], budget: Budget): Value | undefined {
  if (!fits(args, 'i')) return undefined;
  const count = intAt(args, 0);
  if (count < 0) throw new JavaException('java.lang.IllegalArgumentException', `count is negative: ${count}`);
  budget.length(self.length * count);
  return self.repeat(count);
}

function replace(self: string, args: readonly Value[], budget: Budget): Value | undefined {
  const [first, second] = args;
  if (args.length === 2 && first instanceof JavaChar && second instanceof JavaChar) {
    return self.split(first.unit).join(second.unit);
  }
  if (!fits(args, 'ss')) return undefined;
  const [target, replacement] = [stringAt(args, 0), stringAt(args, 1)];
  const pieces = target === '' ? self.length + 1 : self.split(target).length - 1;
  budget.length(self.length + pieces * (replacement.length - target.length));
  return target === ''
    ? self.split('').reduce((text, unit) => text + unit + replacement, replacement)
    : self.split(target).join(replacement);
}

function matches(self: string, args: readonly Value[], budget: Budget): Value | undefined {
  if (!fits(args, 's')) return undefined;
  return javaPattern(stringAt(args, 0)).matches(self, (steps) => budget.matching(steps));
}

function replacePattern(self: string, args: readonly Value[], all: boolean, budget: Budget): Value | undefined {
  if (!fits(args, 'ss')) return undefined;
  const work = (steps: number): void => budget.matching(steps);
  return replaceMatches(stringAt(args, 0), self, stringAt(args, 1), all, work, (units) => budget.match(units));
}

function splitBy(self: string, args: readonly Value[], budget: Budget): Value | undefined {
  if (!fits(args, 's') && !fits(args, 'si')) return undefined;
  const limit = args.length === 2 ? intAt(args, 1) : 0;
  const work = (steps: number): void => budget.matching(steps);
  return new JavaList(
    split(stringAt(args, 0), self, limit, work, () => budget.elements(1)),
    'array',
  );
}

function textOf(_self: string, args: readonly Value[]): Value | undefined {
  const [value = null] = args;
  return args.length === 1 && value !== null ? toJavaString(value) : undefined;
}

function format(): never {
  throw new JavaException('java.lang.UnsupportedOperationException', 'String.format is not emulated');
}
