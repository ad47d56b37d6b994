import { javaEquals, javaHashCode } from '../equality.ts';
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
