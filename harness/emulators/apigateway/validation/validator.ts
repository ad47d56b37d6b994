import type { Json } from '../input/json-text.ts';
import { type Effort, MAX_SCHEMA_DEPTH, Unjudged } from './effort.ts';
import { formatProblem } from './formats.ts';
import { canonical, isMultiple, isObject, type JsonObject, numberOf, typeOf } from './json.ts';
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

  constructor(resolve: Resolve, patterns: Patterns, effort: Effort) {
    this.#resolve = resolve;
    this.#patterns = patterns;
    this.#effort = effort;
  }

  /** What is wrong with the value. Throws `Unjudged`. */
  problems(value: Json, at: Place): string[] {
    this.#effort.spend();
    if (++this.#depth > MAX_SCHEMA_DEPTH) throw new Unjudged('the body is nested too deeply for its schema');
    const place = this.#follow(at);
    const found = this.#ownProblems(value, place);
    const all = found.length > 0 ? found : this.#problemsInside(value, place);
    this.#depth--;
    return all;
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

  #ownProblems(value: Json, place: Place): string[] {
    const { schema } = place;
    const problems: string[] = [];
    for (const keyword of Object.keys(schema).sort()) {
      if (!Object.hasOwn(KEYWORDS, keyword)) continue;
      this.#effort.spend();
      const said = KEYWORDS[keyword]?.(value, schema[keyword] as Json, {
        place,
        validator: this,
        effort: this.#effort,
        finds: (pattern, text) => this.#patterns.finds(pattern, text, this.#effort),
      });
      if (typeof said === 'string') problems.push(said);
      else if (said) problems.push(...said);
    }
    return problems;
  }

  #problemsInside(value: Json, place: Place): string[] {
    if (Array.isArray(value))
      return value.flatMap((item, index) => this.#all(item, itemSchemas(place.schema, index), place));
    if (!isObject(value)) return [];
    const members = Object.keys(value).sort();
    return members.flatMap((name) => this.#all(value[name] as Json, this.#memberSchemas(place.schema, name), place));
  }

  #all(value: Json, schemas: readonly JsonObject[], { document }: Place): string[] {
    return schemas.flatMap((schema) => this.problems(value, { schema, document }));
  }

  #memberSchemas({ properties, patternProperties, additionalProperties }: JsonObject, name: string): JsonObject[] {
    const schemas: (Json | undefined)[] = [];
    if (isObject(properties) && Object.hasOwn(properties, name)) schemas.push(properties[name]);
    if (isObject(patternProperties)) {
      for (const [pattern, schema] of Object.entries(patternProperties)) {
        if (this.#patterns.finds(pattern, name, this.#effort)) schemas.push(schema);
      }
    }
    return (schemas.length === 0 ? [additionalProperties] : schemas).filter(isObject);
  }
}

function itemSchemas({ items, additionalItems }: JsonObject, index: number): JsonObject[] {
  const schema = Array.isArray(items) ? (index < items.length ? items[index] : additionalItems) : items;
  return isObject(schema) ? [schema] : [];
}

interface Scope {
  readonly place: Place;
  readonly validator: Validator;
  readonly effort: Effort;
  readonly finds: (pattern: string, text: string) => boolean;
}

/** What a keyword has to say against a value of whatever type. */
type Keyword = (value: Json, wanted: Json, scope: Scope) => string | readonly string[] | undefined;

const ofArray = (check: (items: readonly Json[], wanted: Json, scope: Scope) => string | undefined): Keyword => {
  return (value, wanted, scope) => (Array.isArray(value) ? check(value, wanted, scope) : undefined);
};
const ofObject = (
  check: (object: JsonObject, wanted: Json, scope: Scope) => string | readonly string[] | undefined,
): Keyword => {
  return (value, wanted, scope) => (isObject(value) ? check(value, wanted, scope) : undefined);
};
const ofString = (check: (text: string, wanted: Json, scope: Scope) => string | undefined): Keyword => {
  return (value, wanted, scope) => (typeof value === 'string' ? check(value, wanted, scope) : undefined);
};
const ofNumber = (check: (number: number, wanted: number, scope: Scope) => string | undefined): Keyword => {
  return (value, wanted, scope) => {
    const [number, limit] = [numberOf(value), numberOf(wanted)];
    return number === undefined || limit === undefined ? undefined : check(number, limit, scope);
  };
};

const fitting = (value: Json, schemas: Json, { place, validator }: Scope): number =>
  (schemas as JsonObject[]).filter((schema) => {
    return validator.problems(value, { schema, document: place.document }).length === 0;
  }).length;

const KEYWORDS: Readonly<Record<string, Keyword>> = {
  additionalItems: ofArray((list, wanted, { place }) => {
    const { items } = place.schema;
    if (wanted !== false || !Array.isArray(items) || list.length <= items.length) return undefined;
    return `schema only allows ${items.length} elements in array but instance has ${list.length} elements`;
  }),
  additionalProperties: ofObject((object, wanted, { place, effort, finds }) => {
    if (wanted !== false) return undefined;
    const { properties = {}, patternProperties = {} } = place.schema;
    const patterns = Object.keys(patternProperties as JsonObject);
    const unwanted = Object.keys(object)
      .filter((name) => {
        effort.spend();
        return !Object.hasOwn(properties as JsonObject, name);
      })
      .filter((name) => !patterns.some((pattern) => finds(pattern, name)));
    if (unwanted.length === 0) return undefined;
    return `object instance has properties which are not allowed by the schema: ${JSON.stringify(unwanted.sort())}`;
  }),
  allOf(value, schemas, scope) {
    const { length } = schemas as Json[];
    const count = fitting(value, schemas, scope);
    if (count === length) return undefined;
    return `instance failed to match all required schemas (matched only ${count} out of ${length})`;
  },
  anyOf(value, schemas, scope) {
    if (fitting(value, schemas, scope) > 0) return undefined;
    return `instance failed to match at least one required schema among ${(schemas as Json[]).length}`;
  },
  dependencies: ofObject((object, wanted, { place, validator }) =>
    Object.entries(wanted as JsonObject)
      .filter(([name]) => Object.hasOwn(object, name))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([name, needs]) => {
        if (isObject(needs)) return validator.problems(object as Json, { schema: needs, document: place.document });
        const all = [...(needs as string[])].sort();
        const missing = all.filter((other) => !Object.hasOwn(object, other));
        if (missing.length === 0) return [];
        return [
          `property "${name}" of object has missing property dependencies ` +
            `(schema requires ${JSON.stringify(all)}; missing: ${JSON.stringify(missing)})`,
        ];
      }),
  ),
  enum(value, values, { effort }) {
    const text = canonical(value);
    effort.spend(text.length);
    if ((values as Json[]).some((one) => canonical(one) === text)) return undefined;
    return `instance value (${JSON.stringify(value)}) not found in enum (possible values: ${JSON.stringify(values)})`;
  },
  format: ofString((text, format) => formatProblem(String(format), text)),
  maxItems: ofArray(({ length }, max) => {
    if (length <= Number(max)) return undefined;
    return `array is too long: must have at most ${max} elements but instance has ${length} elements`;
  }),
  maxLength: ofString((text, max) => {
    const length = codePoints(text);
    if (length <= Number(max)) return undefined;
    return `string "${text}" is too long (length: ${length}, maximum allowed: ${max})`;
  }),
  maxProperties: ofObject((object, max) => {
    const { length } = Object.keys(object);
    if (length <= Number(max)) return undefined;
    return `object has too many properties (found ${length} but schema requires at most ${max})`;
  }),
  maximum: ofNumber((number, max, { place }) => {
    if (number > max)
      return `numeric instance is greater than the required maximum (maximum: ${max}, found: ${number})`;
    if (number < max || place.schema.exclusiveMaximum !== true) return undefined;
    return `numeric instance is not strictly lower than the required maximum ${max}`;
  }),
  minItems: ofArray(({ length }, min) => {
    if (length >= Number(min)) return undefined;
    return `array is too short: must have at least ${min} elements but instance has ${length} elements`;
  }),
  minLength: ofString((text, min) => {
    const length = codePoints(text);
    if (length >= Number(min)) return undefined;
    return `string "${text}" is too short (length: ${length}, required minimum: ${min})`;
  }),
  minProperties: ofObject((object, min) => {
    const { length } = Object.keys(object);
    if (length >= Number(min)) return undefined;
    return `object has too few properties (found ${length} but schema requires at least ${min})`;
  }),
  minimum: ofNumber((number, min, { place }) => {
    if (number < min) return `numeric instance is lower than the required minimum (minimum: ${min}, found: ${number})`;
    if (number > min || place.schema.exclusiveMinimum !== true) return undefined;
    return `numeric instance is not strictly greater than the required minimum ${min}`;
  }),
  multipleOf: ofNumber((number, divisor) =>
    isMultiple(number, divisor) ? undefined : `remainder of division is not zero (${number} / ${divisor})`,
  ),
  not(value, schema, scope) {
    return fitting(value, [schema], scope) === 0 ? undefined : 'instance matched a schema which it should not have';
  },
  oneOf(value, schemas, scope) {
    const count = fitting(value, schemas, scope);
    if (count === 1) return undefined;
    return `instance failed to match exactly one schema (matched ${count} out of ${(schemas as Json[]).length})`;
  },
  pattern: ofString((text, pattern, { finds }) =>
    finds(String(pattern), text) ? undefined : `ECMA 262 regex "${pattern}" does not match input string "${text}"`,
  ),
  required: ofObject((object, names) => {
    const missing = (names as string[]).filter((name) => !Object.hasOwn(object, name));
    if (missing.length === 0) return undefined;
    return `object has missing required properties (${JSON.stringify(missing.sort())})`;
  }),
  type(value, wanted) {
    const allowed = new Set([wanted].flat() as string[]);
    // An integer is a number.
    if (allowed.has('number')) allowed.add('integer');
    const type = typeOf(value);
    if (allowed.has(type)) return undefined;
    return `instance type (${type}) does not match any allowed primitive type (allowed: ${JSON.stringify([...allowed].sort())})`;
  },
  uniqueItems: ofArray((items, wanted, { effort }) => {
    if (wanted !== true) return undefined;
    const texts = items.map(canonical);
    effort.spend(texts.reduce((sum, text) => sum + text.length, 0));
    return new Set(texts).size === texts.length ? undefined : 'array must not contain duplicate elements';
  }),
};

function codePoints(text: string): number {
  let count = 0;
  for (const _point of text) count++;
  return count;
}
