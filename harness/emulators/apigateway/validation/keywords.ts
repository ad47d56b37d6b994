import type { Json } from '../input/json-text.ts';
import type { Effort } from './effort.ts';
import { formatProblem } from './formats.ts';
import { canonical, isMultiple, isObject, type JsonObject, numberOf, typeOf } from './json.ts';
import type { Validator } from './validator.ts';

export interface ReadKeyword {
  readonly keyword: Keyword;
  readonly wanted: Json;
}

const read = new WeakMap<JsonObject, readonly ReadKeyword[]>();

/** What a schema asks for, by name; looked up once. */
export function keywordsOf(schema: JsonObject): readonly ReadKeyword[] {
  let found = read.get(schema);
  if (!found) {
    const names = Object.keys(schema).sort();
    found = names.flatMap((name) =>
      Object.hasOwn(KEYWORDS, name) ? { keyword: KEYWORDS[name] as Keyword, wanted: schema[name] as Json } : [],
    );
    read.set(schema, found);
  }
  return found;
}

interface Scope {
  readonly schema: JsonObject;
  readonly document: JsonObject;
  readonly validator: Validator;
  readonly effort: Effort;
  /** For problems of which a keyword has more than one. */
  readonly problems: string[];
}

/** What a keyword has to say against a value of whatever type. */
type Keyword = (value: Json, wanted: Json, scope: Scope) => string | undefined;

const ofArray = (check: (items: readonly Json[], wanted: Json, scope: Scope) => string | undefined): Keyword => {
  return (value, wanted, scope) => (Array.isArray(value) ? check(value, wanted, scope) : undefined);
};
const ofObject = (check: (object: JsonObject, wanted: Json, scope: Scope) => string | undefined): Keyword => {
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

/** How many of the schemas the value fits. */
const fitting = (value: Json, schemas: Json, { document, validator }: Scope): number =>
  (schemas as JsonObject[]).filter((schema) => validator.fits(value, { schema, document })).length;

const KEYWORDS: Readonly<Record<string, Keyword>> = {
  additionalItems: ofArray((list, wanted, { schema }) => {
    const { items } = schema;
    if (wanted !== false || !Array.isArray(items) || list.length <= items.length) return undefined;
    return `schema only allows ${items.length} elements in array but instance has ${list.length} elements`;
  }),
  additionalProperties: ofObject((object, wanted, { schema, validator, effort }) => {
    if (wanted !== false) return undefined;
    const { properties = {}, patternProperties = {} } = schema;
    const patterns = Object.keys(patternProperties as JsonObject);
    const unwanted = Object.keys(object)
      .filter((name) => {
        effort.spend();
        return !Object.hasOwn(properties as JsonObject, name);
      })
      .filter((name) => !patterns.some((pattern) => validator.finds(pattern, name)));
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
  dependencies: ofObject((object, wanted, { document, validator, problems }) => {
    for (const [name, needs] of Object.entries(wanted as JsonObject).sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (!Object.hasOwn(object, name)) continue;
      if (isObject(needs)) {
        validator.check(object as Json, needs, document, problems);
        continue;
      }
      const all = [...(needs as string[])].sort();
      const missing = all.filter((other) => !Object.hasOwn(object, other));
      if (missing.length === 0) continue;
      problems.push(
        `property "${name}" of object has missing property dependencies ` +
          `(schema requires ${JSON.stringify(all)}; missing: ${JSON.stringify(missing)})`,
      );
    }
    return undefined;
  }),
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
  maximum: ofNumber((number, max, { schema }) => {
    if (number > max)
      return `numeric instance is greater than the required maximum (maximum: ${max}, found: ${number})`;
    if (number < max || schema.exclusiveMaximum !== true) return undefined;
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
  minimum: ofNumber((number, min, { schema }) => {
    if (number < min) return `numeric instance is lower than the required minimum (minimum: ${min}, found: ${number})`;
    if (number > min || schema.exclusiveMinimum !== true) return undefined;
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
  pattern: ofString((text, pattern, { validator }) =>
    validator.finds(String(pattern), text)
      ? undefined
      : `ECMA 262 regex "${pattern}" does not match input string "${text}"`,
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
