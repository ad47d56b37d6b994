import type { ForeachScope, Slot } from './scope.ts';
import { int, type Value } from './values.ts';

/** `$foreach.index` and the like; any other name is looked up in what the template put there, and further out. */
export function foreachMember(scope: ForeachScope, name: string): Slot {
  switch (name) {
    case 'index':
    case 'Index':
      return int(scope.index);
    case 'count':
    case 'Count':
      return int(scope.index + 1);
    case 'hasNext':
    case 'HasNext':
      return scope.hasNext;
    case 'first':
    case 'First':
      return scope.index < 1;
    case 'last':
    case 'Last':
      return !scope.hasNext;
    case 'parent':
    case 'Parent':
      return scope.parent ?? null;
    case 'topmost':
    case 'Topmost':
      return topmost(scope);
    case 'replaced':
      return topmost(scope).replaced;
    default:
      return stored(scope, name);
  }
}

export function foreachMethod(scope: ForeachScope, name: string, args: readonly Value[]): Slot {
  const [first] = args;
  if (name === 'get' && args.length === 1 && typeof first === 'string') return stored(scope, first);
  if (args.length > 0) return null;
  if (name === 'hasNext') return scope.hasNext;
  if (name === 'isFirst' || name === 'isLast') return foreachMember(scope, name.slice(2));
  if (/^get(Index|Count|HasNext|First|Last|Parent|Topmost)$/.test(name)) return foreachMember(scope, name.slice(3));
  return null;
}

function stored(scope: ForeachScope, name: string): Slot {
  for (let at: ForeachScope | undefined = scope; at !== undefined; at = at.parent) {
    const value = at.storage.get(name);
    if (value !== undefined) return value;
  }
  return null;
}

function topmost(scope: ForeachScope): ForeachScope {
  return scope.parent === undefined ? scope : topmost(scope.parent);
}
