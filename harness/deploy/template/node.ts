/** Where something stands in a template file; both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A value as the template spells it, with its place. `!Ref X`, `{ Ref: X }` and `{ "Ref": "X" }` are one call. */
export type Node = ScalarNode | ListNode | MapNode | CallNode;

export interface ScalarNode {
  readonly kind: 'scalar';
  readonly value: string | number | boolean;
  readonly at: Position;
}

export interface ListNode {
  readonly kind: 'list';
  readonly items: readonly Node[];
  readonly at: Position;
}

export interface MapNode {
  readonly kind: 'map';
  readonly entries: ReadonlyMap<string, MapEntry>;
  readonly at: Position;
}

export interface MapEntry {
  /** The place of the key. */
  readonly at: Position;
  readonly value: Node;
}

/** An intrinsic function, by its long name: `Ref`, `Fn::Sub`, `Fn::GetAtt`. */
export interface CallNode {
  readonly kind: 'call';
  readonly name: string;
  readonly argument: Node;
  readonly at: Position;
}

/** The place of what `path` leads to inside `node`; of the nearest thing around it, where there is no such thing. */
export function positionOf(node: Node, path: readonly PropertyKey[], around: Position = node.at): Position {
  const [step, ...rest] = path;
  if (step === undefined) return around;
  if (node.kind === 'map') {
    const entry = node.entries.get(String(step));
    return entry === undefined ? around : positionOf(entry.value, rest, entry.at);
  }
  const item = node.kind === 'list' ? node.items[Number(step)] : undefined;
  return item === undefined ? around : positionOf(item, rest, item.at);
}
