import { HostObject, JavaChar, JavaList, JavaMap, JavaNumber, type Value } from './values.ts';

/** A list or map nested deeper than this has no text (in Java the stack overflows somewhere near). */
const MAX_PRINT_DEPTH = 1_000;

/** The longest text a value may have, in UTF-16 units: lists within lists, twice each, would outgrow any memory. */
const MAX_PRINT_LENGTH = 16 * 1024 * 1024;

/** What a list or map counts beside its elements, so that a tree of empty ones is bounded too. */
const NESTED_COST = 24;

/**
 * What Java's `String.valueOf(value)` gives: `{a=1, b=x}`, `[1, 2]`, `1.0E10`, `null`. Throws RangeError where the text
 * would be too long or the value is nested too deeply.
 */
export function toJavaString(value: Value): string {
  return print(value, { depth: 0, room: MAX_PRINT_LENGTH });
}

/** How deep the printer is, and how many more UTF-16 units it may print. */
interface Print {
  depth: number;
  room: number;
}

function print(value: Value, state: Print): string {
  const nested = value instanceof JavaList || value instanceof JavaMap;
  const text = nested ? printNested(value, state) : printScalar(value);
  state.room -= nested ? NESTED_COST : text.length + 2;
  if (state.room < 0) throw new RangeError(`a value's text is longer than ${MAX_PRINT_LENGTH} characters`);
  return text;
}

function printScalar(value: Exclude<Value, JavaList | JavaMap>): string {
  if (typeof value === 'string') return value;
  if (value === null || typeof value === 'boolean') return String(value);
  if (value instanceof JavaNumber) return numberToString(value);
  return value instanceof JavaChar ? value.unit : value.print();
}

function printNested(value: JavaList | JavaMap, state: Print): string {
  if (state.depth >= MAX_PRINT_DEPTH) throw new RangeError(`a value is nested deeper than ${MAX_PRINT_DEPTH} levels`);
  if (value.printer !== undefined) {
    const text = (value.printer as (self: JavaList | JavaMap) => string)(value);
    state.room -= text.length;
    return text;
  }
  // Java prints an array's identity, which differs from run to run.
  if (value instanceof JavaList && value.kind === 'array') return '[Ljava.lang.String;@1b6d3586';
  state.depth++;
  const text = value instanceof JavaList ? printList(value, state) : printMap(value, state);
  state.depth--;
  return text;
}

function printList(list: JavaList, state: Print): string {
  return `[${list.items.map((item) => (item === list ? '(this Collection)' : print(item, state))).join(', ')}]`;
}

function printMap(map: JavaMap, state: Print): string {
  const within = (value: Value): string => (value === map ? '(this Map)' : print(value, state));
  return `{${Array.from(map.entries(), ([key, item]) => `${within(key)}=${within(item)}`).join(', ')}}`;
}

function numberToString(number: JavaNumber): string {
  return number.type === 'double' ? doubleToString(Number(number.value)) : String(number.value);
}

/** `Double.toString`: plain between 10^-3 and 10^7 with at least one decimal, otherwise `d.dddE±n`. */
export function doubleToString(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const sign = value < 0 ? '-' : '';
  // Java wants two digits, of which JavaScript shows the only one that counts.
  if (Math.abs(value) === Number.MIN_VALUE) return `${sign}4.9E-324`;
  const [mantissa = '', exponentText = '0'] = Math.abs(value).toExponential().split('e');
  const digits = mantissa.replace('.', '');
  const exponent = Number(exponentText);
  if (exponent >= 7 || exponent < -3) return `${sign}${digits[0]}.${digits.slice(1) || '0'}E${exponent}`;
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  return `${sign}${whole}.${digits.slice(exponent + 1) || '0'}`;
}

/** The name Java gives the value's class in messages. */
export function classNameOf(value: Value): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return 'java.lang.String';
  if (typeof value === 'boolean') return 'java.lang.Boolean';
  if (value instanceof JavaChar) return 'java.lang.Character';
  if (value instanceof HostObject) return value.className;
  if (value instanceof JavaMap) return 'java.util.LinkedHashMap';
  if (value instanceof JavaList) return LIST_CLASSES[value.kind];
  return NUMBER_CLASSES[value.type];
}

const LIST_CLASSES = {
  ArrayList: 'java.util.ArrayList',
  array: '[Ljava.lang.String;',
  set: 'java.util.LinkedHashMap$LinkedKeySet',
  collection: 'java.util.LinkedHashMap$LinkedValues',
} as const;

const NUMBER_CLASSES = {
  int: 'java.lang.Integer',
  long: 'java.lang.Long',
  big: 'java.math.BigInteger',
  double: 'java.lang.Double',
} as const;
