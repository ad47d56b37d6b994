import type { Budget } from '../budget.ts';
import { javaEquals } from '../equality.ts';
import { JavaException } from '../error.ts';
import { toJavaString } from '../text.ts';
import { hostObject, int, JavaMap, MapView, type Value } from '../values.ts';

/** The methods of a LinkedHashMap. */
export function mapMethod(self: JavaMap, name: string, args: readonly Value[], budget: Budget): Value | undefined {
  if (args.length === 0) return withoutArguments(self, name, budget);
  if (args.length === 1) return withOne(self, name, args[0] ?? null, budget);
  return args.length === 2 ? withTwo(self, name, args[0] ?? null, args[1] ?? null, budget) : undefined;
}

function withOne(self: JavaMap, name: string, argument: Value, budget: Budget): Value | undefined {
  switch (name) {
    case 'get':
      return self.get(argument);
    case 'containsKey':
      return self.has(argument);
    case 'containsValue':
      return self.values().some((value) => javaEquals(argument, value));
    case 'putAll':
      return putAll(self, argument, budget);
    case 'remove':
      return self.remove(argument);
    default:
      return undefined;
  }
}

function withTwo(self: JavaMap, name: string, key: Value, value: Value, budget: Budget): Value | undefined {
  switch (name) {
    case 'put':
      budget.elements(1);
      return self.put(key, value);
    case 'putIfAbsent':
      budget.elements(1);
      return self.get(key) ?? self.put(key, value);
    case 'getOrDefault':
      return self.has(key) ? self.get(key) : value;
    case 'replace':
      return self.has(key) ? self.put(key, value) : null;
    case 'remove':
      if (!self.has(key) || !javaEquals(self.get(key), value)) return false;
      self.remove(key);
      return true;
    default:
      return undefined;
  }
}

function withoutArguments(self: JavaMap, name: string, budget: Budget): Value | undefined {
  switch (name) {
    case 'size':
      return int(self.size);
    case 'isEmpty':
      return self.size === 0;
    case 'keySet':
      budget.elements(self.size);
      return new MapView(self, 'set', (key) => key);
    case 'values':
      budget.elements(self.size);
      return new MapView(self, 'collection', (_key, value) => value);
    case 'entrySet':
      budget.elements(self.size);
      return new MapView(self, 'set', (key, value) => entry(self, key, value));
    case 'clear':
      self.clear();
      return '';
    default:
      return undefined;
  }
}

function putAll(self: JavaMap, from: Value, budget: Budget): Value | undefined {
  if (from === null) throw new JavaException('java.lang.NullPointerException');
  if (!(from instanceof JavaMap)) return undefined;
  budget.elements(from.size);
  for (const [key, value] of [...from.entries()]) self.put(key, value);
  return '';
}

function entry(map: JavaMap, key: Value, value: Value): Value {
  const current = (): Value => (map.has(key) ? map.get(key) : value);
  return hostObject({
    className: 'java.util.LinkedHashMap$Entry',
    properties: { key: () => key, Key: () => key, value: current, Value: current },
    methods: {
      getKey: (args) => (args.length === 0 ? key : undefined),
      getValue: (args) => (args.length === 0 ? current() : undefined),
      setValue: (args) => (args.length === 1 ? map.put(key, args[0] ?? null) : undefined),
    },
    toString: () => `${toJavaString(key)}=${toJavaString(current())}`,
  });
}
