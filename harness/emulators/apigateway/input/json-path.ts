import { isJsonNumber, type Json } from './json-text.ts';

/**
 * A subset of Jayway JsonPath: `$`, `.name`, `['name']`, `['a','b']`, `[0]`, `[-1]`, `[0,2]`, `[1:3]`, `.*`, `[*]`,
 * `..name`, `..*`. Filters `[?(…)]` and functions are refused by name.
 */
export interface JsonPath {
  readonly steps: readonly Step[];
  /** False when the path may find any number of values, so that the result is a list. */
  readonly definite: boolean;
}

type Step =
  | { readonly kind: 'names'; readonly names: readonly string[] }
  | { readonly kind: 'indexes'; readonly indexes: readonly number[] }
  | { readonly kind: 'slice'; readonly from: number | undefined; readonly to: number | undefined }
  | { readonly kind: 'wildcard' }
  | { readonly kind: 'descend' };

export class JsonPathError extends Error {
  override readonly name = 'JsonPathError';
}

const MAX_REMEMBERED = 1_000;
const remembered = new Map<string, JsonPath>();

/** Reads a path; without `$` in front it is put there, as Jayway does. Throws `JsonPathError`. */
export function parseJsonPath(text: string): JsonPath {
  let path = remembered.get(text);
  if (!path) {
    path = parse(text.trim());
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    remembered.set(text, path);
  }
  return path;
}

function parse(text: string): JsonPath {
  const source = text.startsWith('$') || text.startsWith('@') ? text.slice(1) : `.${text}`;
  const steps: Step[] = [];
  let at = 0;
  const fail = (what: string) => new JsonPathError(`The JSONPath "${text}" ${what}`);
  while (at < source.length) {
    if (source.startsWith('..', at)) {
      steps.push({ kind: 'descend' });
      at += source[at + 2] === '[' ? 2 : 1;
      if (at + 1 >= source.length) throw fail("must not end with a '.' or '..'");
    } else if (source[at] === '.') {
      const name = /^[^.[\]()\s]+/.exec(source.slice(at + 1))?.[0];
      if (name === undefined) throw fail("must not end with a '.' or '..'");
      at += 1 + name.length;
      if (source[at] === '(') throw fail(`uses the function ${name}(), which is not supported here`);
      steps.push(name === '*' ? { kind: 'wildcard' } : { kind: 'names', names: [name] });
    } else if (source[at] === '[') {
      const { step, end } = bracket(source, at + 1, fail);
      steps.push(step);
      at = end;
    } else throw fail(`has something unexpected at "${source.slice(at, at + 10)}"`);
  }
  const definite = steps.every(
    (step) =>
      (step.kind === 'names' && step.names.length === 1) || (step.kind === 'indexes' && step.indexes.length === 1),
  );
  return { steps, definite };
}

const BRACKETS: readonly [RegExp, (match: RegExpExecArray) => Step][] = [
  [/^\s*\*\s*\]/, () => ({ kind: 'wildcard' })],
  [/^\s*(-?\d*)\s*:\s*(-?\d*)\s*\]/, (match) => ({ kind: 'slice', from: bound(match[1]), to: bound(match[2]) })],
  [
    /^\s*(-?\d+(?:\s*,\s*-?\d+)*)\s*\]/,
    (match) => ({ kind: 'indexes', indexes: (match[1] ?? '').split(',').map(Number) }),
  ],
  [
    /^\s*((?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")(?:\s*,\s*(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"))*)\s*\]/,
    (match) => ({
      kind: 'names',
      names: [...(match[1] ?? '').matchAll(/'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"/g)].map((name) =>
        (name[1] ?? name[2] ?? '').replace(/\\(.)/g, '$1'),
      ),
    }),
  ],
];

function bracket(source: string, at: number, fail: (what: string) => JsonPathError): { step: Step; end: number } {
  const rest = source.slice(at);
  if (/^\s*\?/.test(rest)) throw fail('uses a filter, which is not supported here');
  for (const [pattern, make] of BRACKETS) {
    const match = pattern.exec(rest);
    if (match) return { step: make(match), end: at + match[0].length };
  }
  throw fail(`has brackets that cannot be read: "[${rest.slice(0, 20)}"`);
}

const bound = (text: string | undefined): number | undefined => (text ? Number(text) : undefined);

/** What the path finds: a value, a list for an indefinite path, or undefined for a definite one that finds nothing. */
export function findJson(root: Json, path: JsonPath): Json | undefined {
  let found: Json[] = [root];
  for (const step of path.steps) {
    const next: Json[] = [];
    for (const value of found) take(value, step, next);
    found = next;
    if (found.length === 0 && path.definite) return undefined;
  }
  return path.definite ? found[0] : found;
}

function take(value: Json, step: Step, into: Json[]): void {
  if (value === null || typeof value !== 'object' || isJsonNumber(value)) {
    if (step.kind === 'descend') into.push(value);
    return;
  }
  switch (step.kind) {
    case 'names': {
      if (Array.isArray(value)) return;
      const present = step.names.filter((name) => Object.hasOwn(value, name));
      if (step.names.length === 1) for (const name of present) into.push(value[name] as Json);
      else into.push(Object.fromEntries(present.map((name) => [name, value[name] as Json])));
      return;
    }
    case 'indexes':
      if (!Array.isArray(value)) return;
      for (const index of step.indexes) {
        const item = value.at(index);
        if (item !== undefined) into.push(item);
      }
      return;
    case 'slice':
      if (Array.isArray(value)) into.push(...value.slice(step.from ?? 0, step.to));
      return;
    case 'wildcard':
      into.push(...Object.values(value));
      return;
    case 'descend':
      into.push(value);
      for (const child of Object.values(value)) take(child, step, into);
  }
}
