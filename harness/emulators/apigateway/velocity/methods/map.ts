import type { Budget } from '../budget.ts';
import { javaEquals } from '../equality.ts';
import { JavaException } from '../error.ts';
import { toJavaString } from '../text.ts';
import { hostObject, int, JavaMap, MapView, type Value } from '../values.ts';

/** The methods of a LinkedHashMap. */
export function mapMethod(self: JavaMap, name: string, args: readonly Value[], budget: Budget): Value | undefined {
  if (args.length === 0) return withoutArguments(self, name, budget);
  const [first = null, second = null] = args;
  switch (`${name}/${args.length}`) {
    case 'get/1':
      return self.get(first);
    case 'containsKey/1':
      return self.has(first);
    case 'containsValue/1':
      return self.values().some((value) => javaEquals(first, value));
    case 'getOrDefault/2':
      return self.has(first) ? self.get(first) : second;
    case 'put/2':
      budget.elements(1);
      return self.put(first, second);
    case 'putIfAbsent/2':
      budget.elements(1);
      return self.get(first) ?? self.put(first, second);
    case 'putAll/1':
      return putAll(self, first, budget);
    case 'remove/1':
      return self.remove(first);
    case 'remove/2':
      if (!self.has(first) || !javaEquals(self.get(first), second)) return false;
      self.remove(first);
      return true;
    case 'replace/2':
      return self.has(first) ? self.put(first, second) : null;
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
