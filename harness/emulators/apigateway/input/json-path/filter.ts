import type { JavaPattern } from '../../velocity/regex/index.ts';
import type { Json } from '../json-text.ts';
import type { Decimal } from './decimal.ts';
import type { Path } from './tokens.ts';

/** What stands in `[?(…)]`. */
export type FilterExpression =
  | { readonly kind: 'or' | 'and'; readonly operands: readonly FilterExpression[] }
  | { readonly kind: 'not'; readonly operand: FilterExpression }
  | { readonly kind: 'exists'; readonly path: Path; readonly wanted: boolean }
  | { readonly kind: 'compare'; readonly operator: Operator; readonly left: Operand; readonly right: Operand };

export const OPERATORS = [
  '>=',
  '<=',
  '==',
  '===',
  '!=',
  '!==',
  '<',
  '>',
  '=~',
  'NIN',
  'IN',
  'CONTAINS',
  'ALL',
  'SIZE',
  'EXISTS',
  'TYPE',
  'MATCHES',
  'EMPTY',
  'SUBSETOF',
  'ANYOF',
  'NONEOF',
] as const;
export type Operator = (typeof OPERATORS)[number];

/** A side of a comparison: a literal, or a path that is a value once there is a document. */
export type Operand = Value | { readonly kind: 'path'; readonly path: Path };

export type Value =
  | { readonly kind: 'string'; readonly text: string }
  | { readonly kind: 'number'; readonly number: Decimal }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'null' }
  | { readonly kind: 'undefined' }
  | { readonly kind: 'pattern'; readonly pattern: JavaPattern }
  /** A list or an object; `written` if it is a literal. */
  | { readonly kind: 'json'; readonly json: Json; readonly written?: string };
