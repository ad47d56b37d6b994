import { isJsonNumber, type Json } from '../json-text.ts';
import { accepts } from './accepts.ts';
import { callFunction } from './functions.ts';
import {
  InvalidPath,
  isDefinite,
  isDefinitePath,
  JsonPathError,
  type Path,
  PathNotFound,
  type Token,
} from './tokens.ts';

export interface JsonObject {
  [key: string]: Json;
}

/** Values one evaluation may look at; a path of many scans would take for ever. */
const MAX_VISITS = 1_000_000;

/** What paths within one path share. */
export interface Context {
  readonly root: Json;
  /** Of filters that ask whether something is there: what is missing in the middle of a path is missing. */
  readonly requireAll: boolean;
  readonly budget: { visits: number };
}

export const newContext = (root: Json): Context => ({ root, requireAll: false, budget: { visits: MAX_VISITS } });

/** What a path finds: a value, a list for an indefinite path. Throws `PathNotFound`, `JsonPathError`. */
export function evaluatePath(path: Path, model: Json, context: Context): Json {
  const results: Json[] = [];
  new Evaluation(path, context, results).step(0, model);
  if (!isDefinitePath(path)) return results;
  if (results.length === 0) throw new PathNotFound();
  return results.at(-1) as Json;
}

class Evaluation {
  readonly #tokens: readonly Token[];
  readonly #context: Context;
  readonly #results: Json[];
  /** Before which token the path is no longer definite. */
  readonly #firstIndefinite: number;

  constructor({ tokens }: Path, context: Context, results: Json[]) {
    this.#tokens = tokens;
    this.#context = context;
    this.#results = results;
    const first = tokens.findIndex((token, index) => !isDefinite(token, index === tokens.length - 1));
    this.#firstIndefinite = first === -1 ? tokens.length : first;
  }

  step(index: number, model: Json): void {
    if (--this.#context.budget.visits < 0) throw new JsonPathError('The JSONPath looks at too many values');
    const token = this.#tokens[index];
    if (token === undefined) {
      this.#results.push(model);
      return;
    }
    switch (token.kind) {
      case 'names':
        this.#names(token.names, index, model);
        return;
      case 'indexes':
        if (this.#isList(index, model)) for (const at of token.indexes) this.#element(at, index, model);
        return;
      case 'slice':
        if (this.#isList(index, model)) this.#slice(token, index, model);
        return;
      case 'wildcard':
        this.#wildcard(index, model);
        return;
      case 'filter':
        this.#filter(token, index, model);
        return;
      case 'scan':
        this.#scan(index + 1, model);
        return;
      case 'function':
        this.#function(token, index, model);
    }
  }

  #isDefiniteBefore(index: number): boolean {
    return index <= this.#firstIndefinite;
  }

  #names(names: readonly string[], index: number, model: Json): void {
    const isLast = index === this.#tokens.length - 1;
    if (!isObject(model)) {
      if (this.#isDefiniteBefore(index)) throw new PathNotFound();
    } else if (names.length === 1 || !isLast) {
      for (const name of names) this.#name(name, index, model, names.length === 1);
    } else {
      const present = names.filter((name) => Object.hasOwn(model, name));
      if (present.length < names.length && this.#context.requireAll) throw new PathNotFound();
      this.#results.push(Object.fromEntries(present.map((name) => [name, model[name] as Json])));
    }
  }

  #name(name: string, index: number, model: JsonObject, isSingle: boolean): void {
    if (Object.hasOwn(model, name)) {
      this.step(index + 1, model[name] as Json);
      return;
    }
    const isLast = index === this.#tokens.length - 1;
    const { requireAll } = this.#context;
    if (isLast ? requireAll : requireAll || (this.#isDefiniteBefore(index) && isSingle)) throw new PathNotFound();
  }

  #isList(index: number, model: Json): model is Json[] {
    if (Array.isArray(model)) return true;
    if (this.#isDefiniteBefore(index)) throw new PathNotFound();
    return false;
  }

  #element(at: number, index: number, model: Json[]): void {
    const element = model[at < 0 ? model.length + at : at];
    if (element !== undefined) this.step(index + 1, element);
  }

  /** With both ends given Jayway does not count a negative one from the end. */
  #slice({ from, to }: Extract<Token, { kind: 'slice' }>, index: number, model: Json[]): void {
    const size = model.length;
    let [first, last] = [from ?? 0, Math.min(to ?? size, size)];
    if (to === undefined) first = Math.max(0, first < 0 ? size + first : first);
    else if (from === undefined && last < 0) last += size;
    for (let at = first; at < last; at++) this.#element(at, index, model);
  }

  #wildcard(index: number, model: Json): void {
    if (Array.isArray(model)) {
      for (let at = 0; at < model.length; at++) {
        try {
          this.#element(at, index, model);
        } catch (error) {
          if (!(error instanceof PathNotFound) || this.#context.requireAll) throw error;
        }
      }
    } else if (isObject(model)) {
      for (const value of Object.values(model)) this.step(index + 1, value);
    }
  }

  #filter({ expression }: Extract<Token, { kind: 'filter' }>, index: number, model: Json): void {
    if (Array.isArray(model)) {
      for (const [at, element] of model.entries()) {
        if (accepts(expression, element, this.#context)) this.#element(at, index, model);
      }
    } else if (isObject(model)) {
      if (accepts(expression, model, this.#context)) this.step(index + 1, model);
    } else if (this.#isDefiniteBefore(index)) {
      throw new InvalidPath('The JSONPath has a filter that cannot be applied to a primitive');
    }
  }

  /** Every object and list, from the outside in, to which the token at `index` can be applied. */
  #scan(index: number, model: Json): void {
    if (!isObject(model) && !Array.isArray(model)) return;
    if (--this.#context.budget.visits < 0) throw new JsonPathError('The JSONPath looks at too many values');
    if (this.#isScanned(index, model)) {
      if (Array.isArray(model) && this.#skipsSelection(index))
        for (const element of model) this.step(index + 1, element);
      else this.step(index, model);
    }
    for (const child of Object.values(model)) this.#scan(index, child);
  }

  /**
   * What follows on a selection from scanned lists Jayway asks of all their elements: `$..[0][1]` finds the second of
   * each. Only where a name ends the path, as in `$..[0].title`, newer versions look at those that were selected.
   */
  #skipsSelection(index: number): boolean {
    const following = this.#tokens[index + 1];
    return (
      following !== undefined &&
      !(following.kind === 'names' && following.names.length === 1 && index + 2 === this.#tokens.length)
    );
  }

  #isScanned(index: number, model: JsonObject | Json[]): boolean {
    const token = this.#tokens[index];
    switch (token?.kind) {
      case 'names':
        if (Array.isArray(model)) return false;
        return (
          !isDefinite(token, index === this.#tokens.length - 1) ||
          token.names.every((name) => Object.hasOwn(model, name))
        );
      case 'indexes':
      case 'slice':
        return Array.isArray(model);
      case 'wildcard':
        return true;
      case 'filter':
        return accepts(token.expression, model, this.#context);
      default:
        return false;
    }
  }

  /** The result of a function counts even where more of the path follows. */
  #function(token: Extract<Token, { kind: 'function' }>, index: number, model: Json): void {
    const result = callFunction(token, model, this.#context);
    this.#results.push(result);
    if (index < this.#tokens.length - 1) this.step(index + 1, result);
  }
}

export function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isJsonNumber(value);
}
