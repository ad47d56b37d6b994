import type { Json } from '../input/json-text.ts';
import { type Effort, MAX_PROBLEMS, MAX_SCHEMA_DEPTH, Unjudged } from './effort.ts';
import { isObject, type JsonObject } from './json.ts';
import { keywordsOf } from './keywords.ts';
import type { Patterns } from './pattern.ts';

/** A schema, and the document that its own references are about. */
export interface Place {
  readonly schema: JsonObject;
  readonly document: JsonObject;
}

/** Finds what a `$ref` means; undefined where there is nothing. */
export type Resolve = (reference: string, from: Place) => Place | undefined;

/**
 * Checks values against a schema of JSON schema draft 4. AWS does it with json-schema-validator (java-json-tools),
 * whose words the execution log shows; so problems come in its words and its order: keywords by name, members by name,
 * and what is in a value only if the value itself has no problem.
 */
export class Validator {
  readonly #resolve: Resolve;
  readonly #patterns: Patterns;
  readonly #effort: Effort;
  #depth = 0;
  /** How many problems there need to be. */
  #wanted = MAX_PROBLEMS;

  constructor(resolve: Resolve, patterns: Patterns, effort: Effort) {
    this.#resolve = resolve;
    this.#patterns = patterns;
    this.#effort = effort;
  }

  /** What is wrong with the value. Throws `Unjudged`. */
  problems(value: Json, { schema, document }: Place): readonly string[] {
    const problems: string[] = [];
    this.check(value, schema, document, problems);
    return problems;
  }

  /** Whether nothing is wrong with the value. */
  fits(value: Json, { schema, document }: Place): boolean {
    const problems: string[] = [];
    const wanted = this.#wanted;
    this.#wanted = 1;
    this.check(value, schema, document, problems);
    this.#wanted = wanted;
    return problems.length === 0;
  }

  /** Adds what is wrong with the value. */
  check(value: Json, at: JsonObject, within: JsonObject, problems: string[]): void {
    if (++this.#depth > MAX_SCHEMA_DEPTH) throw new Unjudged('the body is nested too deeply for its schema');
    const place = typeof at.$ref === 'string' ? this.#follow({ schema: at, document: within }) : undefined;
    const schema = place?.schema ?? at;
    const document = place?.document ?? within;
    const before = problems.length;
    const keywords = keywordsOf(schema);
    this.#effort.spend(1 + keywords.length);
    for (const { keyword, wanted } of keywords) {
      const said = keyword(value, wanted, { schema, document, validator: this, effort: this.#effort, problems });
      if (said !== undefined) problems.push(said);
    }
    if (problems.length === before && value !== null && typeof value === 'object') {
      this.#checkInside(value, schema, document, problems);
    }
    this.#depth--;
  }

  finds(pattern: string, text: string): boolean {
    return this.#patterns.finds(pattern, text, this.#effort);
  }

  #follow(at: Place): Place {
    let place = at;
    while (typeof place.schema.$ref === 'string') {
      this.#effort.spend();
      const next = this.#resolve(place.schema.$ref, place);
      if (!next) throw new Unjudged(`there is no schema ${place.schema.$ref}`);
      place = next;
    }
    return place;
  }

  #checkInside(value: Json, schema: JsonObject, document: JsonObject, problems: string[]): void {
    if (Array.isArray(value)) {
      for (let index = 0; index < value.length && problems.length < this.#wanted; index++) {
        const item = itemSchema(schema, index);
        if (item) this.check(value[index] as Json, item, document, problems);
      }
    } else if (isObject(value)) {
      for (const name of Object.keys(value).sort()) {
        if (problems.length >= this.#wanted) return;
        for (const member of this.#memberSchemas(schema, name)) {
          this.check(value[name] as Json, member, document, problems);
        }
      }
    }
  }

  #memberSchemas({ properties, patternProperties, additionalProperties }: JsonObject, name: string): JsonObject[] {
    const schemas: (Json | undefined)[] = [];
    if (isObject(properties) && Object.hasOwn(properties, name)) schemas.push(properties[name]);
    if (isObject(patternProperties)) {
      for (const [pattern, schema] of Object.entries(patternProperties)) {
        if (this.finds(pattern, name)) schemas.push(schema);
      }
    }
    return (schemas.length === 0 ? [additionalProperties] : schemas).filter(isObject);
  }
}

function itemSchema({ items, additionalItems }: JsonObject, index: number): JsonObject | undefined {
  const schema = Array.isArray(items) ? (index < items.length ? items[index] : additionalItems) : items;
  return isObject(schema) ? schema : undefined;
}
