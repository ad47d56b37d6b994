import type { MapEntry, MapNode, Node } from '../template/node.ts';
import { refuseOtherKeys, sectionOf } from '../template/shape.ts';
import { type Subject, within } from '../template/template-error.ts';
import { FUNCTION_PROPERTIES } from './properties.ts';

/** What a function has of its own and cannot share. Source: SAM developer guide, "Globals section of the template". */
const NOT_GLOBAL = ['Events', 'FunctionName', 'Policies', 'Role'];

/** The `Function` section of `Globals`, checked. */
export function readGlobals(sections: MapNode, template: Subject): MapNode | undefined {
  const globals = sectionOf(sections, 'Globals', template);
  if (globals === undefined) return undefined;
  const subject = within(template, ['Globals'], globals.at);
  refuseOtherKeys(globals, ['Function'], subject);
  const functions = sectionOf(globals, 'Function', subject);
  if (functions === undefined) return undefined;
  const keys = FUNCTION_PROPERTIES.filter((name) => !NOT_GLOBAL.includes(name));
  refuseOtherKeys(functions, keys, within(subject, ['Function'], functions.at));
  return functions;
}

/**
 * What a function has with what all have: its own value wins, maps are merged, lists are put together, those of all
 * first. An intrinsic function is one value. Source: SAM developer guide, "Globals section of the template".
 */
export function withGlobals(globals: MapNode | undefined, own: MapNode): MapNode {
  return globals === undefined ? own : mergeMaps(globals, own, 'Globals.Function');
}

function merge(all: Node, own: Node, path: string): Node {
  if (all.kind === 'list' && own.kind === 'list') return { ...own, items: [...all.items, ...own.items] };
  return all.kind === 'map' && own.kind === 'map' ? mergeMaps(all, own, path) : own;
}

function mergeMaps(all: MapNode, own: MapNode, path: string): MapNode {
  const entries = new Map<string, MapEntry>();
  for (const [key, entry] of all.entries) {
    const origin = `${path}.${key}`;
    const mine = own.entries.get(key);
    entries.set(key, mine ? { ...mine, value: merge(entry.value, mine.value, origin) } : { ...entry, origin });
  }
  for (const [key, entry] of own.entries) if (!entries.has(key)) entries.set(key, entry);
  return { ...own, entries };
}
