import type { ResourceType } from '../resources/resource-type.ts';
import type { Mappings } from './mappings.ts';
import type { MapNode, Node, Position } from './node.ts';
import type { ParameterValue } from './parameters.ts';

/** A template that has been read and checked: every type and property in it is one that naetmul can make. */
export interface Template {
  /** As it was given to `loadTemplate`. */
  readonly file: string;
  readonly parameters: ReadonlyMap<string, ParameterValue>;
  readonly mappings: Mappings;
  readonly conditions: ReadonlyMap<string, ConditionDeclaration>;
  /**
   * In an order in which each stands after what it needs. A condition that depends on where it is deployed can still
   * leave one out.
   */
  readonly resources: ReadonlyMap<string, ResourceDeclaration>;
  /** The names of those that are not made wherever it is deployed, each with the condition that does not hold. */
  readonly absent: ReadonlyMap<string, string>;
  readonly outputs: ReadonlyMap<string, OutputDeclaration>;
}

export interface ResourceDeclaration {
  readonly logicalId: string;
  readonly at: Position;
  readonly type: ResourceType;
  readonly properties: MapNode;
  /** The path of the properties in the file: `Stream.Properties`. */
  readonly path: string;
  /** It is made only where this condition holds. */
  readonly condition: string | undefined;
  /** The logical ids of what must exist before it: what it refers to, and its `DependsOn`. */
  readonly needs: ReadonlySet<string>;
}

export interface OutputDeclaration {
  readonly at: Position;
  readonly value: Node;
  readonly condition: string | undefined;
}

export interface ConditionDeclaration {
  readonly at: Position;
  readonly value: Node;
}
