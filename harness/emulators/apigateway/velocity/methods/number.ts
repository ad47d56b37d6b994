import { javaHashCode } from '../equality.ts';
import { JavaException } from '../error.ts';
import { compareNumbers, intValue, longValue } from '../numbers.ts';
import { toJavaString } from '../text.ts';
import { double, INT_MAX, INT_MIN, int, type JavaChar, JavaNumber, LONG_MAX, LONG_MIN, type Value } from '../values.ts';

export function numberMethod(self: JavaNumber, name: string, args: readonly Value[]): Value | undefined {
  const [first] = args;
  if (args.length === 0) return conversion(self, name);
  if (name === 'compareTo' && args.length === 1) {
    if (first instanceof JavaNumber && first.type === self.type) return int(compareNumbers(self, first));
    throw new JavaException(first === null ? 'java.lang.NullPointerException' : 'java.lang.ClassCastException');
  }
  if (args.length === 1 && typeof first === 'string') return parse(self, name, first);
  if (name === 'valueOf' && first === null) throw new JavaException('java.lang.NumberFormatException', 'null');
  if (args.length !== 1 || !(first instanceof JavaNumber)) return undefined;
  if (self.type === 'double' && (name === 'isNaN' || name === 'isInfinite'))
    return conversion(double(Number(first.value)), name);
  if (name === 'valueOf' && self.type === 'double' && first.type !== 'big') return double(Number(first.value));
  if (name === 'valueOf' && self.type === 'long' && first.type === 'int') {
    return new JavaNumber('long', BigInt(first.value));
  }
  return first.type === self.type && self.type !== 'big' ? ofAnother(first, name) : undefined;
}

/** Static methods that take a number of the same type: `Integer.valueOf(int)`, `Integer.toString(int)`. */
function ofAnother(number: JavaNumber, name: string): Value | undefined {
  if (name === 'valueOf') return number;
  if (name === 'toString') return toJavaString(number);
  return name === 'hashCode' ? int(javaHashCode(number)) : undefined;
}

function conversion(self: JavaNumber, name: string): Value | undefined {
  switch (name) {
    case 'intValue':
      return int(intValue(self));
    case 'longValue':
      return new JavaNumber('long', longValue(self));
    case 'doubleValue':
      return double(Number(self.value));
    case 'isNaN':
      return self.type === 'double' ? Number.isNaN(Number(self.value)) : undefined;
    case 'isInfinite':
      return self.type === 'double'
        ? !Number.isFinite(Number(self.value)) && !Number.isNaN(Number(self.value))
        : undefined;
    default:
      return undefined;
  }
}

/** The static methods that Java lets one call on an instance: `#set($Integer = 0) $Integer.parseInt("5")`. */
function parse(self: JavaNumber, name: string, text: string): Value | undefined {
  if (self.type === 'int' && (name === 'parseInt' || name === 'valueOf')) {
    return int(Number(whole(text, BigInt(INT_MIN), BigInt(INT_MAX))));
  }
  if (self.type === 'long' && (name === 'parseLong' || name === 'valueOf')) {
    return new JavaNumber('long', whole(text, LONG_MIN, LONG_MAX));
  }
  if (self.type === 'double' && (name === 'parseDouble' || name === 'valueOf')) return double(fraction(text));
  return undefined;
}

function whole(text: string, min: bigint, max: bigint): bigint {
  const value = /^[+-]?[0-9]{1,40}$/.test(text) ? BigInt(text.replace('+', '')) : undefined;
  if (value !== undefined && value >= min && value <= max) return value;
  const shown = `For input string: "${text}"`;
  // From Java 11 on the radix is named where the digits are right but too many.
  throw new JavaException('java.lang.NumberFormatException', shown);
}

function fraction(text: string): number {
  const trimmed = text.trim();
  if (/^[+-]?(NaN|Infinity)$/.test(trimmed)) return Number(trimmed.replace(/^[+-](?=NaN)/, ''));
  if (/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?[fFdD]?$/.test(trimmed)) return Number(trimmed.replace(/[fFdD]$/, ''));
  throw new JavaException(
    'java.lang.NumberFormatException',
    trimmed === '' ? 'empty String' : `For input string: "${text}"`,
  );
}

export function charMethod(self: JavaChar, name: string, args: readonly Value[]): Value | undefined {
  if (name === 'charValue' && args.length === 0) return self;
  return name === 'toString' && args.length === 0 ? toJavaString(self) : undefined;
}
