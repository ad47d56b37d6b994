import type { Budget } from './budget.ts';
import { JavaException } from './error.ts';
import { listMethod } from './methods/list.ts';
import { mapMethod } from './methods/map.ts';
import { charMethod, numberMethod } from './methods/number.ts';
import { booleanMethod, objectMethod } from './methods/object.ts';
import { stringMethod } from './methods/string.ts';
import { classNameOf } from './text.ts';
import { HostObject, JavaChar, JavaList, JavaMap, JavaNumber, type Value } from './values.ts';

/** The result of a method; undefined if the value has none of this name that takes these arguments. */
export function callMethod(
  owner: Exclude<Value, null>,
  name: string,
  args: readonly Value[],
  budget: Budget,
): Value | undefined {
  try {
    return call(owner, name, args, budget);
  } catch (error) {
    if (!(error instanceof JavaException)) throw error;
    const place = `Invocation of method '${name}' in  class ${classNameOf(owner)}`;
    throw new JavaException(`${place} threw exception ${error.message}`);
  }
}

function call(owner: Exclude<Value, null>, name: string, args: readonly Value[], budget: Budget): Value | undefined {
  if (owner instanceof HostObject)
    return owner.method(name)?.(args) ?? (name === 'toString' ? owner.print() : undefined);
  const found = ownMethod(owner, name, args, budget) ?? objectMethod(owner, name, args);
  if (found !== undefined || args.length === 0 || !takesNothing(owner, name)) return found;
  // Velocity 1.7 takes a method without parameters for one that takes any, and fails when it calls it.
  throw new JavaException('java.lang.IllegalArgumentException', 'wrong number of arguments');
}

const OF_OBJECTS = 'hashCode toString';
const NO_PARAMETERS = {
  string: new Set(
    `length isEmpty isBlank trim strip stripLeading stripTrailing toLowerCase toUpperCase intern ${OF_OBJECTS}`.split(
      ' ',
    ),
  ),
  list: new Set(`size isEmpty clear ${OF_OBJECTS}`.split(' ')),
  map: new Set(`size isEmpty clear keySet values entrySet ${OF_OBJECTS}`.split(' ')),
  number: new Set(`intValue longValue doubleValue ${OF_OBJECTS}`.split(' ')),
  boolean: new Set(`booleanValue ${OF_OBJECTS}`.split(' ')),
};

function takesNothing(owner: Exclude<Value, null>, name: string): boolean {
  if (typeof owner === 'string') return NO_PARAMETERS.string.has(name);
  if (typeof owner === 'boolean') return NO_PARAMETERS.boolean.has(name);
  if (owner instanceof JavaNumber) return NO_PARAMETERS.number.has(name);
  if (owner instanceof JavaMap) return NO_PARAMETERS.map.has(name);
  return owner instanceof JavaList && NO_PARAMETERS.list.has(name);
}

function ownMethod(
  owner: Exclude<Value, null>,
  name: string,
  args: readonly Value[],
  budget: Budget,
): Value | undefined {
  if (typeof owner === 'string') return stringMethod(owner, name, args, budget);
  if (owner instanceof JavaList) return listMethod(owner, name, args, budget);
  if (owner instanceof JavaMap) return mapMethod(owner, name, args, budget);
  if (owner instanceof JavaNumber) return numberMethod(owner, name, args);
  if (owner instanceof JavaChar) return charMethod(owner, name, args);
  return typeof owner === 'boolean' ? booleanMethod(owner, name, args) : undefined;
}

/** `$owner.name`: a bean getter of the class, for a map its key; null if there is none. */
export function getProperty(owner: Exclude<Value, null>, name: string): Value {
  if (owner instanceof HostObject) return owner.property(name);
  if (owner instanceof JavaMap) return owner.get(name);
  // Of Java's getters only isEmpty() has a value a template can hold.
  if (name === 'empty' || name === 'Empty') {
    if (typeof owner === 'string') return owner === '';
    if (owner instanceof JavaList) return owner.items.length === 0;
  }
  return null;
}

/** `$owner[index]`: the method `get(index)`, a negative index counting from the end. */
export function getIndex(owner: Exclude<Value, null>, index: Value): Value {
  const adjusted = fromEnd(owner, index);
  if (owner instanceof JavaMap) return owner.get(adjusted);
  if (owner instanceof HostObject) {
    return owner.method('get')?.([adjusted]) ?? (typeof adjusted === 'string' ? owner.property(adjusted) : null);
  }
  if (!(owner instanceof JavaList) || owner.kind === 'set' || owner.kind === 'collection') return null;
  return isInt(adjusted) ? elementAt(owner, Number(adjusted.value)) : null;
}

export function assignProperty(owner: Exclude<Value, null>, name: string, value: Value): void {
  if (owner instanceof JavaMap) owner.put(name, value);
  else if (owner instanceof HostObject) owner.assign(name, value);
}

export function assignIndex(owner: Exclude<Value, null>, index: Value, value: Value): void {
  const adjusted = fromEnd(owner, index);
  if (owner instanceof JavaMap) owner.put(adjusted, value);
  else if (owner instanceof HostObject) {
    if (typeof adjusted === 'string') owner.assign(adjusted, value);
  } else if (owner instanceof JavaList && isInt(adjusted) && (owner.kind === 'ArrayList' || owner.kind === 'array')) {
    elementAt(owner, Number(adjusted.value));
    owner.items[Number(adjusted.value)] = value;
  }
}

function fromEnd(owner: Value, index: Value): Value {
  if (!isInt(index) || Number(index.value) >= 0) return index;
  if (!(owner instanceof JavaList || owner instanceof JavaMap)) {
    const wanted = `A 'size()' method required for negative value ${index.value}`;
    throw new JavaException(`${wanted} does not exist for class '${classNameOf(owner)}'`);
  }
  const size = owner instanceof JavaList ? owner.items.length : owner.size;
  return new JavaNumber('int', size + Number(index.value));
}

function isInt(value: Value): value is JavaNumber {
  return value instanceof JavaNumber && value.type === 'int';
}

export function elementAt(list: JavaList, index: number): Value {
  const size = list.items.length;
  if (index >= 0 && index < size) return list.items[index] ?? null;
  if (list.kind === 'array') {
    throw new JavaException(
      'java.lang.ArrayIndexOutOfBoundsException',
      `Index ${index} out of bounds for length ${size}`,
    );
  }
  throw new JavaException('java.lang.IndexOutOfBoundsException', `Index ${index} out of bounds for length ${size}`);
}
