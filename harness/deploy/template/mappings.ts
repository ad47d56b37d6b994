import type { Value } from './intrinsics.ts';
import type { MapNode, Node } from './node.ts';
import { mapOf } from './shape.ts';
import { type Subject, templateError, within } from './template-error.ts';

/** A template's `Mappings`: by the names of a mapping, of a key at its top, and of a key below that. */
export type Mappings = ReadonlyMap<string, ReadonlyMap<string, ReadonlyMap<string, Value>>>;

/** Of both kinds of keys. Source: CloudFormation user guide, "Mappings". */
const KEY = /^[A-Za-z0-9.-]+$/;

/** A mapping has values written out: texts, or lists of texts. */
export function readMappings(section: MapNode | undefined, template: Subject): Mappings {
  return new Map(
    [...(section?.entries ?? [])].map(([name, mapping]) => {
      const subject = within(template, ['Mappings', name], mapping.at);
      return [name, readKeys(mapping.value, subject, (node, around) => readKeys(node, around, readValue))];
    }),
  );
}

function readKeys<T>(node: Node, subject: Subject, read: (node: Node, subject: Subject) => T): ReadonlyMap<string, T> {
  const { entries } = mapOf(node, subject, 'a mapping is a map of maps of values');
  return new Map(
    [...entries].map(([key, { at, value }]) => {
      const around = within(subject, [key], at);
      if (!KEY.test(key)) {
        throw templateError(
          'TEMPLATE_SYNTAX',
          around,
          'a key of a mapping has letters, digits, hyphens and dots only.',
        );
      }
      return [key, read(value, around)];
    }),
  );
}

function readValue(node: Node, subject: Subject): Value {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list' && node.items.length > 0) {
    return node.items.map((item) => {
      if (item.kind === 'scalar') return item.value;
      throw notWrittenOut({ ...subject, at: item.at });
    });
  }
  throw notWrittenOut({ ...subject, at: node.at });
}

function notWrittenOut(subject: Subject): Error {
  return templateError('TEMPLATE_SYNTAX', subject, 'a value of a mapping is a text or a list of texts, written out.');
}

/** What `Fn::FindInMap` gives. */
export function findInMap(mappings: Mappings, keys: readonly [string, string, string], subject: Subject): Value {
  const [name, top, second] = keys;
  const mapping = mappings.get(name);
  const inner = mapping?.get(top);
  const value = inner?.get(second);
  if (value !== undefined) return value;
  const there = [...(inner ?? mapping ?? mappings).keys()].join(', ') || 'nothing';
  // CloudFormation's own words.
  const sentence = `Unable to get mapping for ${name}::${top}::${second}.`;
  const place = inner ? `${name}::${top} has` : mapping ? `${name} has` : 'The template has the mappings';
  throw templateError('TEMPLATE_UNKNOWN_REFERENCE', subject, sentence, `${place} ${there}.`);
}
