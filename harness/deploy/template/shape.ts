import type { MapNode, Node } from './node.ts';
import { type Subject, templateError, withinEntry } from './template-error.ts';

/** What a resource may have beside its properties, one of SAM's as well. */
export const RESOURCE_KEYS = [
  'Type',
  'Properties',
  'Condition',
  'DependsOn',
  'DeletionPolicy',
  'UpdateReplacePolicy',
  'Metadata',
];

/** Refuses an entry with another key than `keys`. */
export function refuseOtherKeys(node: MapNode, keys: readonly string[], subject: Subject): void {
  for (const [key, entry] of node.entries) {
    if (keys.includes(key)) continue;
    const remedy = `Supported are ${keys.join(', ')}.`;
    const where = withinEntry(subject, key, entry);
    throw templateError('TEMPLATE_UNSUPPORTED_PROPERTY', where, 'is not supported.', remedy);
  }
}

/** The map at `key`, if there is one. */
export function sectionOf(node: MapNode, key: string, subject: Subject): MapNode | undefined {
  const entry = node.entries.get(key);
  return entry && mapOf(entry.value, withinEntry(subject, key, entry), 'must be a map');
}

/** The text at `key`, if there is one. */
export function textAt(node: MapNode, key: string, subject: Subject): string | undefined {
  const entry = node.entries.get(key);
  if (entry === undefined) return undefined;
  if (entry.value.kind === 'scalar') return String(entry.value.value);
  throw templateError('TEMPLATE_SYNTAX', withinEntry(subject, key, entry), 'must be plain text.');
}

export function mapOf(node: Node, subject: Subject, sentence: string): MapNode {
  if (node.kind === 'map') return node;
  throw templateError('TEMPLATE_SYNTAX', { ...subject, at: node.at }, `${sentence}.`);
}
