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
  /** The path that the file has it at, where that is another: `Worker.Properties.CodeUri` of what SAM makes a `Code`. */
  readonly origin?: string;
}

/** An intrinsic function, by its long name: `Ref`, `Fn::Sub`, `Fn::GetAtt`. */
export interface CallNode {
  readonly kind: 'call';
  readonly name: string;
  readonly argument: Node;
  readonly at: Position;
}
