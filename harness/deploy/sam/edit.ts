import type { MapNode, Node, Position } from '../template/node.ts';
import { nodeOf, type Plain } from './node-of.ts';

/** The map with other members; those of `undefined` are taken out. Those that are new stand at `at`. */
export function withMembers(map: MapNode, members: Readonly<Record<string, Plain | undefined>>, at: Position): MapNode {
  const entries = new Map(map.entries);
  for (const [key, value] of Object.entries(members)) {
    if (value === undefined) entries.delete(key);
    else entries.set(key, { ...(entries.get(key) ?? { at }), value: nodeOf(value, at) });
  }
  return { ...map, entries };
}

/** The map at `key`; undefined where there is none, or where it is to be computed. */
export function mapAt(map: MapNode, key: string): MapNode | undefined {
  const value = map.entries.get(key)?.value;
  return value?.kind === 'map' ? value : undefined;
}

/** Each path of a definition with what `change` makes of its methods. */
export function changePaths(definition: MapNode, change: (item: MapNode, path: string) => MapNode): MapNode {
  const paths = mapAt(definition, 'paths');
  if (paths === undefined) return definition;
  const changed = [...paths.entries].map(([path, entry]): [string, typeof entry] => [
    path,
    entry.value.kind === 'map' ? { ...entry, value: change(entry.value, path) } : entry,
  ]);
  return withMembers(definition, { paths: { ...paths, entries: new Map(changed) } as Node }, definition.at);
}

/** True for OpenAPI 3, false for Swagger 2. */
export const isOpenApi = (definition: MapNode): boolean => definition.entries.has('openapi');
