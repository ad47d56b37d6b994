import type { MapEntry } from '../template/node.ts';
import { nodeOf, type Plain } from './node-of.ts';

/**
 * A resource that SAM makes, as a template would have it.
 *
 * @param properties their place in the file is that of the entry
 * @param others `Condition`, `DependsOn` and so on
 */
export function resourceOf(
  type: string,
  properties: MapEntry,
  others: Iterable<readonly [string, MapEntry]> = [],
): MapEntry {
  const { at } = properties;
  const members = new Map([['Type', { at, value: nodeOf(type, at) }], ['Properties', properties], ...others]);
  return { at, value: { kind: 'map', entries: members, at } };
}

/** Properties of which every one was made at one place of the file. */
export function propertiesOf(
  values: { readonly [key: string]: Plain | undefined },
  { at, path }: { readonly at: MapEntry['at']; readonly path: string },
): MapEntry {
  const entries = new Map<string, MapEntry>();
  for (const [key, value] of Object.entries(values)) {
    if (value !== undefined) entries.set(key, { at, value: nodeOf(value, at), origin: path });
  }
  return { at, value: { kind: 'map', entries, at }, origin: path };
}
