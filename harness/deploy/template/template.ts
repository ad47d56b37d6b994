import type { ResourceType } from '../resources/resource-type.ts';
import type { MapNode, Node, Position } from './node.ts';
import type { ParameterValue } from './parameters.ts';

/** A template that has been read and checked: every type and property in it is one that naetmul can make. */
export interface Template {
  /** As it was given to `loadTemplate`. */
  readonly file: string;
  readonly parameters: ReadonlyMap<string, ParameterValue>;
  /** In an order in which each stands after what it needs. */
  readonly resources: ReadonlyMap<string, ResourceDeclaration>;
  readonly outputs: ReadonlyMap<string, OutputDeclaration>;
}

export interface ResourceDeclaration {
  readonly logicalId: string;
  readonly at: Position;
  readonly type: ResourceType;
  readonly properties: MapNode;
  /** The logical ids of what must exist before it: what it refers to, and its `DependsOn`. */
  readonly needs: ReadonlySet<string>;
}

export interface OutputDeclaration {
  readonly at: Position;
  readonly value: Node;
}
