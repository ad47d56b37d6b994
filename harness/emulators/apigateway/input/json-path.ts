import { evaluatePath, newContext } from './json-path/evaluate.ts';
import { parsePath } from './json-path/parse.ts';
import { isDefinitePath, type Path, PathNotFound } from './json-path/tokens.ts';
import type { Json } from './json-text.ts';

export { JsonPathError } from './json-path/tokens.ts';

/** A path of Jayway JsonPath that was read without error. */
export interface JsonPath {
  readonly path: Path;
  /** False when the path may find any number of values, so that the result is a list. */
  readonly definite: boolean;
}

const MAX_REMEMBERED = 1_000;
const MAX_REMEMBERED_LENGTH = 1_000;
const remembered = new Map<string, JsonPath>();

/** Reads a path; without `$` in front it is put there, as Jayway does. Throws `JsonPathError`. */
export function parseJsonPath(text: string): JsonPath {
  const known = remembered.get(text);
  if (known !== undefined) return known;
  const path = parsePath(text);
  const parsed = { path, definite: isDefinitePath(path) };
  if (remembered.size >= MAX_REMEMBERED) remembered.clear();
  if (text.length <= MAX_REMEMBERED_LENGTH) remembered.set(text, parsed);
  return parsed;
}

/**
 * What the path finds: a value, a list for an indefinite path, or undefined for a definite one that finds nothing.
 * Throws `JsonPathError` for a path that cannot be carried out on this document.
 */
export function findJson(root: Json, { path, definite }: JsonPath): Json | undefined {
  try {
    return evaluatePath(path, root, newContext(root));
  } catch (error) {
    if (!(error instanceof PathNotFound)) throw error;
    return definite ? undefined : [];
  }
}
