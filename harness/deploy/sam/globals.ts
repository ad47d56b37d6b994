import type { MapEntry, MapNode, Node } from '../template/node.ts';
import { refuseOtherKeys, sectionOf } from '../template/shape.ts';
import { type Subject, within } from '../template/template-error.ts';
import { FUNCTION_PROPERTIES } from './properties.ts';

/** What a function has of its own and cannot share. Source: SAM developer guide, "Globals section of the template". */
const NOT_GLOBAL = ['Events', 'FunctionName', 'Policies', 'Role'];

/** Of an API SAM shares these; a stage's name and a definition it does not. */
const GLOBAL_OF_API = [
  'AccessLogSetting',
  'Auth',
  'BinaryMediaTypes',
  'Cors',
  'EndpointConfiguration',
  'MethodSettings',
  'MinimumCompressionSize',
  'Name',
  'OpenApiVersion',
  'TracingEnabled',
  'Variables',
];

/** What all functions, and all APIs, have in common. */
export interface Globals {
  readonly Function: MapNode | undefined;
  readonly Api: MapNode | undefined;
}

const KEYS: Readonly<Record<keyof Globals, readonly string[]>> = {
  Function: FUNCTION_PROPERTIES.filter((name) => !NOT_GLOBAL.includes(name)),
  Api: GLOBAL_OF_API,
};

/** The section `Globals`, checked. */
export function readGlobals(sections: MapNode, template: Subject): Globals {
  const globals = sectionOf(sections, 'Globals', template);
  if (globals === undefined) return { Function: undefined, Api: undefined };
  const subject = within(template, ['Globals'], globals.at);
  refuseOtherKeys(globals, Object.keys(KEYS), subject);
  const read = (name: keyof Globals): MapNode | undefined => {
    const section = sectionOf(globals, name, subject);
    if (section !== undefined) refuseOtherKeys(section, KEYS[name], within(subject, [name], section.at));
    return section;
  };
  return { Function: read('Function'), Api: read('Api') };
}

/**
 * What a function or an API has with what all have: its own value wins, maps are merged, lists are put together, those
 * of all first. An intrinsic function is one value. Source: SAM developer guide, "Globals section of the template".
 */
export function withGlobals(globals: Globals, of: keyof Globals, own: MapNode): MapNode {
  const all = globals[of];
  return all === undefined ? own : mergeMaps(all, own, `Globals.${of}`);
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
