import { JavaException } from '../error.ts';
import { JavaNumber, type Value } from '../values.ts';

/**
 * Whether arguments fit a Java signature, a letter for each parameter: `s` a String or CharSequence, `i` an int,
 * `o` any Object, `c` a Collection, `m` a Map. Null fits every parameter but an int.
 */
export function fits(args: readonly Value[], signature: string): boolean {
  if (args.length !== signature.length) return false;
  for (let index = 0; index < signature.length; index++) {
    if (!fitsOne(signature[index] as string, args[index] as Value)) return false;
  }
  return true;
}

function fitsOne(letter: string, arg: Value): boolean {
  if (letter === 'o') return true;
  if (letter === 'i') return isInt(arg);
  return letter === 's' && (arg === null || typeof arg === 'string');
}

export function isInt(value: Value | undefined): value is JavaNumber {
  return value instanceof JavaNumber && value.type === 'int';
}

/** The n-th argument, which is known to be an Integer. */
export function intAt(args: readonly Value[], index: number): number {
  const arg = args[index];
  return arg instanceof JavaNumber ? Number(arg.value) : 0;
}

/** The n-th argument, which is known to be a String or null. */
export function stringAt(args: readonly Value[], index: number): string {
  const arg = args[index];
  if (typeof arg === 'string') return arg;
  throw new JavaException('java.lang.NullPointerException');
}
