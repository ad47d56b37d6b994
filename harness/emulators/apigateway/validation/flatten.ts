import type { Json } from '../input/json-text.ts';
import type { Model } from '../store/model.ts';
import { isObject, type JsonObject } from './json.ts';
import { readModelUrl, readSchema } from './models.ts';

/** A model's schema with the models that it refers to, near and far, as its own definitions. */
export function flatten(models: ReadonlyMap<string, Model>, model: Readonly<Model>): string | undefined {
  const schema = readSchema(model.schema ?? '');
  if (!schema) return model.schema;
  const definitions = new Map<string, Json>();
  const own = inline(schema) as JsonObject;
  if (definitions.size === 0) return model.schema;
  return JSON.stringify({
    ...own,
    definitions: { ...(own.definitions as object), ...Object.fromEntries(definitions) },
  });

  function inline(value: Json): Json {
    if (Array.isArray(value)) return value.map(inline);
    if (!isObject(value)) return value;
    const name = typeof value.$ref === 'string' ? readModelUrl(value.$ref)?.name : undefined;
    if (name === undefined) return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, inline(one)]));
    add(name);
    return { $ref: `#/definitions/${name}` };
  }

  function add(name: string): void {
    const found = readSchema(models.get(name)?.schema ?? '');
    if (!found || definitions.has(name)) return;
    definitions.set(name, {});
    definitions.set(name, inline(found as Json));
  }
}
