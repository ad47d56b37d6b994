import type { Budget } from '../budget.ts';
import { javaEquals } from '../equality.ts';
import { JavaException } from '../error.ts';
import { elementAt } from '../members.ts';
import { int, JavaList, MapView, type Value } from '../values.ts';
import { intAt, isInt } from './arguments.ts';

/** The methods of ArrayList, as far as the list's kind has them. */
export function listMethod(self: JavaList, name: string, args: readonly Value[], budget: Budget): Value | undefined {
  const indexed = self.kind === 'ArrayList' || self.kind === 'array';
  return (
    read(self, name, args) ??
    (indexed ? readAt(self, name, args) : undefined) ??
    (name === 'get' && indexed ? getAt(self, args) : change(self, name, args, budget))
  );
}

function getAt(self: JavaList, args: readonly Value[]): Value | undefined {
  return args.length === 1 && isInt(args[0]) ? elementAt(self, intAt(args, 0)) : undefined;
}

function read(self: JavaList, name: string, args: readonly Value[]): Value | undefined {
  const [first = null] = args;
  if (args.length === 0) {
    if (name === 'size') return int(self.size);
    return name === 'isEmpty' ? self.size === 0 : undefined;
  }
  if (args.length !== 1) return undefined;
  if (name === 'contains') return self.items.some((item) => javaEquals(first, item));
  if (name === 'containsAll' && first === null) throw new JavaException('java.lang.NullPointerException');
  if (name !== 'containsAll' || !(first instanceof JavaList)) return undefined;
  return first.items.every((wanted) => self.items.some((item) => javaEquals(wanted, item)));
}

function readAt(self: JavaList, name: string, args: readonly Value[]): Value | undefined {
  const [first = null] = args;
  if (name === 'indexOf' && args.length === 1) return int(self.items.findIndex((item) => javaEquals(first, item)));
  if (name === 'lastIndexOf' && args.length === 1)
    return int(self.items.findLastIndex((item) => javaEquals(first, item)));
  if (name !== 'subList' || args.length !== 2 || !args.every(isInt)) return undefined;
  const [from, to] = [intAt(args, 0), intAt(args, 1)];
  if (from < 0) throw new JavaException('java.lang.IndexOutOfBoundsException', `fromIndex = ${from}`);
  if (to > self.items.length) throw new JavaException('java.lang.IndexOutOfBoundsException', `toIndex = ${to}`);
  if (from > to) throw new JavaException('java.lang.IllegalArgumentException', `fromIndex(${from}) > toIndex(${to})`);
  return new JavaList(self.items.slice(from, to));
}

const CHANGES: ReadonlySet<string> = new Set(['add', 'addAll', 'remove', 'removeAll', 'retainAll', 'clear', 'set']);

function change(self: JavaList, name: string, args: readonly Value[], budget: Budget): Value | undefined {
  if (!CHANGES.has(name)) return undefined;
  if (name === 'set' && args.length === 2 && isInt(args[0])) return replaceAt(self, args);
  if (self instanceof MapView) return changeView(self, name, args);
  if (self.kind === 'array') return changeArray(self, name, args, budget);
  const before = self.items.length;
  const result = changeLength(self, name, args, budget);
  if (result !== undefined && (self.items.length !== before || name === 'clear')) self.modified();
  return result;
}

/** An array fails where it would change its length, and only there. */
function changeArray(self: JavaList, name: string, args: readonly Value[], budget: Budget): Value | undefined {
  const copy = new JavaList(self.items.slice());
  const result = changeLength(copy, name, args, budget);
  const adds = name === 'add' && result !== undefined;
  if (adds || copy.items.length !== self.items.length) {
    throw new JavaException('java.lang.UnsupportedOperationException');
  }
  return result;
}

/** A view of a map takes nothing in. */
function changeView(self: MapView, name: string, args: readonly Value[]): Value | undefined {
  const [first = null] = args;
  if (name === 'clear') {
    if (args.length > 0) return undefined;
    self.keep(() => false);
    return '';
  }
  if (args.length !== 1 || name === 'set') return undefined;
  if (name === 'remove') return self.keep((item) => !javaEquals(first, item), true);
  if (name === 'add') throw new JavaException('java.lang.UnsupportedOperationException');
  if (first === null) throw new JavaException('java.lang.NullPointerException');
  if (!(first instanceof JavaList)) return undefined;
  if (name === 'addAll') {
    if (first.items.length === 0) return false;
    throw new JavaException('java.lang.UnsupportedOperationException');
  }
  return self.keep((item) => first.items.some((other) => javaEquals(item, other)) === (name === 'retainAll'));
}

function replaceAt(self: JavaList, args: readonly Value[]): Value | undefined {
  if (self.kind === 'set' || self.kind === 'collection') return undefined;
  const before = elementAt(self, intAt(args, 0));
  self.items[intAt(args, 0)] = args[1] ?? null;
  return before;
}

function changeLength(self: JavaList, name: string, args: readonly Value[], budget: Budget): Value | undefined {
  const [first = null, second = null] = args;
  const at = args.length === 2 && isInt(first) ? Number(first.value) : self.items.length;
  switch (name) {
    case 'add':
      if (args.length === 0 || args.length > 2 || (args.length === 2 && !isInt(first))) return undefined;
      return insert(self, at, [args.length === 2 ? second : first], budget) && (args.length === 2 ? '' : true);
    case 'addAll': {
      const added = args.length === 2 ? second : first;
      if (args.length === 2 && !isInt(first)) return undefined;
      if (added === null && args.length > 0) throw new JavaException('java.lang.NullPointerException');
      if (!(added instanceof JavaList) || added.kind === 'array') return undefined;
      return insert(self, at, added.items.slice(), budget) && added.items.length > 0;
    }
    case 'remove':
      return args.length === 1 ? remove(self, first) : undefined;
    case 'removeAll':
    case 'retainAll':
      if (args.length === 1 && first === null) throw new JavaException('java.lang.NullPointerException');
      if (args.length !== 1 || !(first instanceof JavaList)) return undefined;
      return keep(self, (item) => first.items.some((other) => javaEquals(item, other)) === (name === 'retainAll'));
    default:
      if (args.length > 0) return undefined;
      self.items.length = 0;
      return '';
  }
}

function insert(self: JavaList, at: number, added: Value[], budget: Budget): true {
  const size = self.items.length;
  if (at < 0 || at > size)
    throw new JavaException('java.lang.IndexOutOfBoundsException', `Index: ${at}, Size: ${size}`);
  budget.elements(added.length);
  if (at === size) for (const item of added) self.items.push(item);
  else self.items.splice(at, 0, ...added);
  return true;
}

/** `remove(int)` takes out what stands there, `remove(Object)` the first that equals. */
function remove(self: JavaList, what: Value): Value {
  if (isInt(what)) {
    const before = elementAt(self, Number(what.value));
    self.items.splice(Number(what.value), 1);
    return before;
  }
  const at = self.items.findIndex((item) => javaEquals(what, item));
  if (at !== -1) self.items.splice(at, 1);
  return at !== -1;
}

function keep(self: JavaList, wanted: (item: Value) => boolean): boolean {
  const kept = self.items.filter(wanted);
  const changed = kept.length !== self.items.length;
  if (changed) self.items.splice(0, self.items.length, ...kept);
  return changed;
}
