import type { Position } from './error.ts';
import type { JavaNumber } from './values.ts';

export type Node =
  | TextNode
  | ReferenceNode
  | SetNode
  | IfNode
  | ForeachNode
  | MacroCallNode
  | DefineNode
  | EvaluateNode
  | StopNode
  | FailNode;

/** Output as it stands: text, `#[[ ]]#`, `#literal`, escaped directives. */
export interface TextNode {
  readonly kind: 'text';
  readonly text: string;
}

/** `$a.b(1)[0]`, in text or in an expression. */
export interface ReferenceNode {
  readonly kind: 'reference';
  /** Null for what only looks like a reference and can have no value (`$\!x`, a bare word as an argument). */
  readonly root: string | null;
  readonly path: readonly PathStep[];
  readonly quiet: boolean;
  /** Written `${name}`. */
  readonly bracketed: boolean;
  /** An odd number of backslashes precedes it: it prints itself. */
  readonly escaped: boolean;
  /** Backslashes and `$` signs that print before it. */
  readonly escapePrefix: string;
  readonly morePrefix: string;
  /** As written, from `$` on. */
  readonly literal: string;
  /** What prints when it has no value. */
  readonly nullText: string;
  /** The name `#set($x = …)` assigns: that of the first token, which for `${x}` is `{`. */
  readonly assigned: string;
  readonly at: Position;
}

export type PathStep =
  | { readonly kind: 'property'; readonly name: string; readonly at: Position }
  | { readonly kind: 'method'; readonly name: string; readonly args: readonly Expression[]; readonly at: Position }
  | { readonly kind: 'index'; readonly index: Expression; readonly at: Position };

export interface SetNode {
  readonly kind: 'set';
  readonly target: ReferenceNode;
  readonly value: Expression;
  readonly at: Position;
}

export interface IfNode {
  readonly kind: 'if';
  readonly branches: readonly { readonly condition: Expression; readonly body: readonly Node[] }[];
  readonly otherwise: readonly Node[];
  readonly at: Position;
}

export interface ForeachNode {
  readonly kind: 'foreach';
  readonly variable: string;
  readonly list: Expression;
  readonly body: readonly Node[];
  readonly at: Position;
}

/** `#name(args)`, or `#@name(args) body #end`: whether there is such a macro is known only when it is rendered. */
export interface MacroCallNode {
  readonly kind: 'call';
  readonly name: string;
  readonly args: readonly (Expression | WordNode)[];
  readonly body: readonly Node[] | undefined;
  /** As written; printed where there is no such macro. */
  readonly literal: string;
  readonly at: Position;
}

export interface WordNode {
  readonly kind: 'word';
  readonly word: string;
}

export interface DefineNode {
  readonly kind: 'define';
  readonly name: string;
  readonly body: readonly Node[];
  readonly at: Position;
}

export interface EvaluateNode {
  readonly kind: 'evaluate';
  readonly source: Expression;
  readonly at: Position;
}

export interface StopNode {
  readonly kind: 'stop' | 'break';
  /** `#break($foreach)`: the scope to leave. */
  readonly scope: Expression | undefined;
  readonly at: Position;
}

/** What Velocity finds wrong only when it is to be rendered. */
export interface FailNode {
  readonly kind: 'fail';
  readonly message: string;
  readonly at: Position;
}

export type BinaryOperator = '+' | '-' | '*' | '/' | '%' | '==' | '!=' | '<' | '>' | '<=' | '>=' | '&&' | '||';

/** `literal` is the text Velocity shows in place of an operand without value. */
export type Expression =
  | { readonly kind: 'constant'; readonly value: JavaNumber | boolean | string; readonly literal: string }
  | {
      readonly kind: 'interpolated';
      readonly template: ParsedTemplate;
      /** The last character of what it renders is not part of the string. */
      readonly padded: boolean;
      readonly literal: string;
    }
  | ReferenceNode
  | { readonly kind: 'list'; readonly items: readonly Expression[]; readonly literal: string }
  | {
      readonly kind: 'map';
      readonly entries: readonly (readonly [Expression, Expression])[];
      readonly literal: string;
    }
  | {
      readonly kind: 'range';
      readonly from: Expression;
      readonly to: Expression;
      readonly literal: string;
      readonly at: Position;
    }
  | { readonly kind: 'not'; readonly operand: Expression; readonly literal: string }
  | { readonly kind: 'group'; readonly inner: Expression; readonly literal: string }
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
      readonly literal: string;
      readonly at: Position;
    };

export interface Macro {
  readonly name: string;
  readonly parameters: readonly string[];
  readonly body: readonly Node[];
}

/** A parsed source: its nodes and the macros defined anywhere in it, the first of a name being the one that counts. */
export interface ParsedTemplate {
  readonly nodes: readonly Node[];
  readonly macros: ReadonlyMap<string, Macro>;
}
