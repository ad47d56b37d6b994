import type { Json } from '../input/json-text.ts';
import { canonical, isObject, type JsonObject, numberOf, typeOf } from './json.ts';
import { isPattern } from './pattern.ts';

const TYPES: readonly Json[] = ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string'];

const isCount = (value: Json): boolean => typeOf(value) === 'integer' && (numberOf(value) ?? -1) >= 0;
const isNumber = (value: Json): boolean => numberOf(value) !== undefined;
const isText = (value: Json): value is string => typeof value === 'string';
const isFlag = (value: Json): boolean => typeof value === 'boolean';
const isUnique = (values: readonly Json[]): boolean => new Set(values.map(canonical)).size === values.length;
const isNames = (value: Json): boolean =>
  Array.isArray(value) && value.length > 0 && value.every(isText) && isUnique(value);

/** What each keyword of draft 4 takes; those that take schemas are gone into below. */
const TAKES: Readonly<Record<string, (value: Json) => boolean>> = {
  $schema: isText,
  $ref: isText,
  id: isText,
  title: isText,
  description: isText,
  default: () => true,
  format: isText,
  additionalItems: (value) => isFlag(value) || isObject(value),
  additionalProperties: (value) => isFlag(value) || isObject(value),
  allOf: isSchemas,
  anyOf: isSchemas,
  oneOf: isSchemas,
  not: isObject,
  definitions: isObject,
  properties: isObject,
  patternProperties: (value) => isObject(value) && Object.keys(value).every(isPattern),
  items: (value) => isObject(value) || isSchemas(value),
  dependencies: (value) => isObject(value) && Object.values(value).every((one) => isObject(one) || isNames(one)),
  enum: (value) => Array.isArray(value) && value.length > 0 && isUnique(value),
  exclusiveMaximum: isFlag,
  exclusiveMinimum: isFlag,
  maximum: isNumber,
  minimum: isNumber,
  maxItems: isCount,
  minItems: isCount,
  maxLength: isCount,
  minLength: isCount,
  maxProperties: isCount,
  minProperties: isCount,
  multipleOf: (value) => (numberOf(value) ?? 0) > 0,
  pattern: (value) => isText(value) && isPattern(value),
  required: isNames,
  type: (value) => TYPES.includes(value) || (isNames(value) && (value as Json[]).every((one) => TYPES.includes(one))),
  uniqueItems: isFlag,
};

function isSchemas(value: Json): boolean {
  return Array.isArray(value) && value.length > 0 && value.every((one) => isObject(one));
}

const NAMED_SCHEMAS = ['definitions', 'dependencies', 'patternProperties', 'properties'];
const SCHEMAS = ['additionalItems', 'additionalProperties', 'allOf', 'anyOf', 'items', 'not', 'oneOf'];

export interface SchemaCheck {
  /** False when a keyword has a value that draft 4 does not let it have. */
  valid: boolean;
  readonly unknown: Set<string>;
  readonly references: Set<string>;
}

/** Goes through a schema and all schemas in it. */
export function checkSchema(
  schema: JsonObject,
  found: SchemaCheck = { valid: true, unknown: new Set(), references: new Set() },
): SchemaCheck {
  if (isText(schema.$ref ?? null)) {
    // Beside a reference nothing counts.
    found.references.add(schema.$ref as string);
    return found;
  }
  for (const [keyword, value] of Object.entries(schema)) {
    if (!Object.hasOwn(TAKES, keyword)) found.unknown.add(keyword);
    else if (!TAKES[keyword]?.(value)) found.valid = false;
    else for (const inner of schemasIn(keyword, value)) checkSchema(inner, found);
  }
  for (const bound of ['Maximum', 'Minimum']) {
    const needs = bound.toLowerCase();
    if (Object.hasOwn(schema, `exclusive${bound}`) && !Object.hasOwn(schema, needs)) found.valid = false;
  }
  return found;
}

function schemasIn(keyword: string, value: Json): JsonObject[] {
  if (SCHEMAS.includes(keyword)) return [value].flat().filter(isObject);
  return NAMED_SCHEMAS.includes(keyword) ? Object.values(value as JsonObject).filter(isObject) : [];
}
