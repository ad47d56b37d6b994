import { HostObject, JavaChar, JavaList, JavaMap, JavaNumber, type Value } from './values.ts';

/** A list or map nested deeper than this has no text (in Java the stack overflows somewhere near). */
const MAX_PRINT_DEPTH = 1_000;

/** What Java's `String.valueOf(value)` gives: `{a=1, b=x}`, `[1, 2]`, `1.0E10`, `null`. */
export function toJavaString(value: Value): string {
  return print(value, 0);
}

function print(value: Value, depth: number): string {
  if (typeof value === 'string') return value;
  if (value === null || typeof value === 'boolean') return String(value);
  if (value instanceof JavaNumber) return numberToString(value);
  if (value instanceof JavaChar) return value.unit;
  if (value instanceof HostObject) return value.print();
  if (depth >= MAX_PRINT_DEPTH) throw new RangeError(`a value is nested deeper than ${MAX_PRINT_DEPTH} levels`);
  if (value.printer !== undefined) return (value.printer as (self: JavaList | JavaMap) => string)(value);
  if (value instanceof JavaList) {
    // Java prints an array's identity, which differs from run to run.
    if (value.kind === 'array') return '[Ljava.lang.String;@1b6d3586';
    return `[${value.items.map((item) => (item === value ? '(this Collection)' : print(item, depth + 1))).join(', ')}]`;
  }
  const parts: string[] = [];
  for (const [key, item] of value.entries()) {
    const text = item === value ? '(this Map)' : print(item, depth + 1);
    parts.push(`${key === value ? '(this Map)' : print(key, depth + 1)}=${text}`);
  }
  return `{${parts.join(', ')}}`;
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
