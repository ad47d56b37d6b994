import { double, INT_MAX, int, integer, JavaNumber, LONG_MAX, LONG_MIN, type NumberType } from './values.ts';

/** An operator on numbers that Velocity cannot carry out in this way; the caller says where. */
export class UnsupportedArithmetic extends Error {}

export type MathOperator = '+' | '-' | '*' | '/' | '%';

/** Java's BigInteger ends where memory does; a loop that squares would take minutes to get there. */
const MAX_INTEGER_BITS = 65_536;

const RANK: Readonly<Record<NumberType, number>> = { int: 0, long: 1, big: 2, double: 3 };

/**
 * Velocity's arithmetic: whole numbers stay whole (`7 / 2` is 3), the result takes the wider operand's type and grows
 * to Long and BigInteger when it does not fit; with a Double all is Double. Division by zero gives null.
 */
export function arithmetic(operator: MathOperator, left: JavaNumber, right: JavaNumber): JavaNumber | null {
  const divides = operator === '/' || operator === '%';
  if (divides && Number(right.value) === 0) return null;
  if (left.type === 'double' || right.type === 'double') {
    if (left.type === 'big' || right.type === 'big') {
      throw new UnsupportedArithmetic('arithmetic between a BigInteger and a Double (a BigDecimal) is not supported');
    }
    return double(onDoubles(operator, Number(left.value), Number(right.value)));
  }
  if (left.type === 'int' && right.type === 'int') {
    const result = onDoubles(operator, Number(left.value), Number(right.value));
    const whole = operator === '/' ? Math.trunc(result) : result;
    if (Math.abs(whole) <= INT_MAX) return int(whole + 0); // never the -0 of a Double
  }
  return wrap(onIntegers(operator, left, right), RANK[left.type] > RANK[right.type] ? left.type : right.type);
}

function onDoubles(operator: MathOperator, left: number, right: number): number {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
    case '%':
      return left % right;
  }
}

function onIntegers(operator: MathOperator, left: JavaNumber, right: JavaNumber): bigint {
  const a = BigInt(left.value);
  const b = BigInt(right.value);
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '%': {
      const remainder = a % b;
      if (left.type !== 'big' && right.type !== 'big') return remainder;
      if (b < 0n) throw new UnsupportedArithmetic('a BigInteger modulo a negative number is an ArithmeticException');
      return remainder < 0n ? remainder + b : remainder; // BigInteger.mod is never negative
    }
  }
}

function wrap(value: bigint, type: NumberType): JavaNumber {
  if (type === 'int') return integer(value);
  if (type === 'long' && value >= LONG_MIN && value <= LONG_MAX) return new JavaNumber('long', value);
  if (BigInt.asIntN(MAX_INTEGER_BITS, value) !== value) {
    throw new UnsupportedArithmetic(`a whole number of more than ${MAX_INTEGER_BITS} bits is too large`);
  }
  return new JavaNumber('big', value);
}

/** Below, equal or above; NaN compares as equal to everything, as in Velocity. */
export function compareNumbers(left: JavaNumber, right: JavaNumber): -1 | 0 | 1 {
  if (typeof left.value === 'number' && typeof right.value === 'number') {
    return left.value < right.value ? -1 : left.value > right.value ? 1 : 0;
  }
  const doubles = left.type === 'double' || right.type === 'double';
  const a = doubles ? Number(left.value) : BigInt(left.value);
  const b = doubles ? Number(right.value) : BigInt(right.value);
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Java's `Number.intValue()`. */
export function intValue(number: JavaNumber): number {
  if (number.type !== 'double') return Number(BigInt.asIntN(32, BigInt(number.value)));
  const value = Number(number.value);
  if (Number.isNaN(value)) return 0;
  return Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, Math.trunc(value)));
}

/** Java's `Number.longValue()`. */
export function longValue(number: JavaNumber): bigint {
  if (number.type !== 'double') return BigInt.asIntN(64, BigInt(number.value));
  const value = Number(number.value);
  if (Number.isNaN(value)) return 0n;
  if (value >= 2 ** 63) return LONG_MAX;
  return value <= -(2 ** 63) ? LONG_MIN : BigInt(Math.trunc(value));
}
