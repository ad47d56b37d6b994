export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** What the FROM, SELECT and WHERE of a rule's SQL say. */
export interface Query {
  readonly selection: readonly Selected[];
  /** The topic filter of FROM. */
  readonly filter: string;
  readonly where: Expression | undefined;
}

export type Selected =
  /** `*` */
  | { readonly kind: 'all' }
  /** `no2.value AS no2`: named by the alias, else by the last part of a path or by the function. */
  | { readonly kind: 'value'; readonly name: string; readonly expression: Expression };

export type Expression =
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  | { readonly kind: 'path'; readonly names: readonly string[] }
  | { readonly kind: 'call'; readonly name: FunctionName; readonly argument: number | undefined }
  | { readonly kind: 'not'; readonly operand: Expression }
  | { readonly kind: 'logic'; readonly operator: 'AND' | 'OR'; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'compare'; readonly operator: Comparison; readonly left: Expression; readonly right: Expression };

export type Comparison = '=' | '<>' | '<' | '<=' | '>' | '>=';

/** The functions there are here; AWS has many more. */
export const FUNCTIONS = ['topic', 'timestamp', 'clientid', 'newuuid'] as const;
export type FunctionName = (typeof FUNCTIONS)[number];
