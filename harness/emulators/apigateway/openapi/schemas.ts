import { modelUrl, readModelUrl } from '../validation/models.ts';
import { isObject, type Plain, type PlainObject } from './document.ts';

/** What OpenAPI adds to JSON schema. API Gateway takes it and leaves it out of its models. */
const OPENAPI_ONLY: ReadonlySet<string> = new Set([
  'deprecated',
  'discriminator',
  'example',
  'examples',
  'externalDocs',
  'nullable',
  'readOnly',
  'writeOnly',
  'xml',
]);

const LOCAL = /^#\/(?:definitions|components\/schemas)\/([^/]+)(\/.*)?$/;

/** The model that a schema's reference names. */
export const modelNameIn = (reference: string): string | undefined => LOCAL.exec(reference)?.[1];

/** A schema of a definition as a model of the API. What it requires comes by name (recorded). */
export function toModelSchema(schema: PlainObject, apiId: string): PlainObject {
  return mapSchema(schema, (reference) => {
    const [, name, pointer] = LOCAL.exec(reference) ?? [];
    if (name === undefined) return reference;
    return modelUrl(apiId, name) + (pointer === undefined ? '' : `#${pointer}`);
  });
}

/** A model's schema as one of a definition, where its models are under `prefix`. */
export function toDefinitionSchema(schema: PlainObject, prefix: string): PlainObject {
  return mapSchema(schema, (reference) => {
    const model = readModelUrl(reference);
    return model ? `${prefix}${model.name}${model.pointer}` : reference;
  });
}

const MAPS_OF_SCHEMAS: ReadonlySet<string> = new Set([
  'definitions',
  'dependencies',
  'patternProperties',
  'properties',
]);
const VALUES: ReadonlySet<string> = new Set(['default', 'enum', 'required']);

function mapSchema(schema: PlainObject, rename: (reference: string) => string): PlainObject {
  if (typeof schema.$ref === 'string') return { $ref: rename(schema.$ref) };
  const kept = Object.entries(schema).filter(([keyword]) => {
    return !OPENAPI_ONLY.has(keyword) && !keyword.startsWith('x-') && keyword !== '$schema';
  });
  return Object.fromEntries(
    kept.map(([keyword, value]) => {
      if (keyword === 'required' && Array.isArray(value)) return [keyword, [...value].sort()];
      if (VALUES.has(keyword)) return [keyword, value];
      if (!MAPS_OF_SCHEMAS.has(keyword) || !isObject(value)) return [keyword, mapSchemas(value, rename)];
      const members = Object.entries(value).map(([name, one]) => [name, mapSchemas(one, rename)]);
      return [keyword, Object.fromEntries(members)];
    }),
  );
}

function mapSchemas(value: Plain, rename: (reference: string) => string): Plain {
  if (Array.isArray(value)) return value.map((one) => mapSchemas(one, rename));
  return isObject(value) ? (mapSchema(value, rename) as Plain) : value;
}
