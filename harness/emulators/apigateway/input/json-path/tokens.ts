import type { Json } from '../json-text.ts';
import type { FilterExpression } from './filter.ts';

/** A path that cannot be read, or that cannot be carried out on this document. */
export class JsonPathError extends Error {
  override readonly name = 'JsonPathError';
}

/** A path that does not go with the value it meets. Within a filter it means only that the value is not let through. */
export class InvalidPath extends JsonPathError {}

/** A definite path found nothing. */
export class PathNotFound extends Error {}

export type Token =
  /** `.name`, `['a','b']`. */
  | { readonly kind: 'names'; readonly names: readonly string[] }
  | { readonly kind: 'indexes'; readonly indexes: readonly number[] }
  | { readonly kind: 'slice'; readonly from: number | undefined; readonly to: number | undefined }
  | { readonly kind: 'wildcard' }
  | { readonly kind: 'scan' }
  | { readonly kind: 'filter'; readonly expression: FilterExpression }
  | { readonly kind: 'function'; readonly name: string; readonly parameters: readonly Parameter[] };

/** What stands in a function's parentheses: a path into the whole document, or JSON. */
export type Parameter = { readonly path: Path } | { readonly json: Json };

export interface Path {
  readonly tokens: readonly Token[];
  /** Begins with `$`, not with `@`. */
  readonly fromRoot: boolean;
}

/** Whether a token finds one value at most. Several names at the end of a path are merged into one object. */
export function isDefinite(token: Token, isLast: boolean): boolean {
  switch (token.kind) {
    case 'names':
      return token.names.length === 1 || isLast;
    case 'indexes':
      return token.indexes.length === 1;
    case 'function':
      return true;
    default:
      return false;
  }
}

export function isDefinitePath({ tokens }: Path): boolean {
  return tokens.every((token, index) => isDefinite(token, index === tokens.length - 1));
}
