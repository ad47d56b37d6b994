import type { Node, Position } from '../template/node.ts';

/** A template's value as one writes it in JSON, with nodes of the file in it where it has them from there. */
export type Plain = Node | string | number | boolean | readonly Plain[] | { readonly [key: string]: Plain | undefined };

/** The node that a file would have had for `value`, had it been written at `at`. Undefined members are left out. */
export function nodeOf(value: Plain, at: Position): Node {
  if (typeof value !== 'object') return { kind: 'scalar', value, at };
  if (Array.isArray(value)) return { kind: 'list', items: value.map((item) => nodeOf(item, at)), at };
  if (isNode(value)) return value;
  const members = Object.entries(value).filter((member): member is [string, Plain] => member[1] !== undefined);
  const [first] = members;
  if (first !== undefined && members.length === 1 && (first[0] === 'Ref' || first[0].startsWith('Fn::'))) {
    return { kind: 'call', name: first[0], argument: nodeOf(first[1], at), at };
  }
  return { kind: 'map', entries: new Map(members.map(([key, inner]) => [key, { at, value: nodeOf(inner, at) }])), at };
}

function isNode(value: object): value is Node {
  return 'kind' in value && 'at' in value;
}
