import { javaEquals, javaHashCode } from '../equality.ts';
import { JavaException } from '../error.ts';
import { toJavaString } from '../text.ts';
import { int, type Value } from '../values.ts';

/** The methods every value has; `getClass` and those of threads are out of a template's reach. */
export function objectMethod(owner: Value, name: string, args: readonly Value[]): Value | undefined {
  const [first] = args;
  if (name === 'toString' && args.length === 0) return toJavaString(owner);
  if (name === 'hashCode' && args.length === 0) return int(javaHashCode(owner));
  if (name === 'equals' && args.length === 1 && first !== undefined) return javaEquals(owner, first);
  return undefined;
}

/** The methods of Boolean. */
export function booleanMethod(self: boolean, name: string, args: readonly Value[]): Value | undefined {
  if (name === 'booleanValue' && args.length === 0) return self;
  const [other] = args;
  // Static methods: `Boolean.valueOf("true")` and the like.
  if (args.length === 1 && name === 'valueOf' && typeof other !== 'object')
    return String(other).toLowerCase() === 'true';
  if (args.length === 1 && name === 'toString' && typeof other === 'boolean') return String(other);
  if (args.length === 1 && name === 'hashCode' && typeof other === 'boolean') return int(javaHashCode(other));
  if (name !== 'compareTo' || args.length !== 1) return undefined;
  if (typeof other === 'boolean') return int(Number(self) - Number(other));
  throw new JavaException(other === null ? 'java.lang.NullPointerException' : 'java.lang.ClassCastException');
}
