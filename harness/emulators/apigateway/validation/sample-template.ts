import type { Model } from '../store/model.ts';
import { isObject, type JsonObject } from './json.ts';
import { readModelUrl, readSchema } from './models.ts';

const MAX_DEPTH = 20;

/** A mapping template that makes a value of the model, as the console offers one to begin with. */
export function sampleTemplate(models: ReadonlyMap<string, Model>, model: Readonly<Model>): string {
  return `#set($inputRoot = $input.path('$'))\n${sample(readSchema(model.schema ?? ''), '$inputRoot', '', 0)}`;

  function sample(given: JsonObject | undefined, path: string, indent: string, depth: number): string {
    const schema = follow(given);
    if (!schema || depth > MAX_DEPTH) return '{ }';
    const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
    const inner = `${indent}  `;
    if (type === 'string') return '"foo"';
    if (type === 'integer') return '42';
    if (type === 'number') return '3.149';
    if (type === 'boolean') return 'true';
    if (type === 'null') return 'null';
    if (type === 'array') {
      const item = sample(isObject(schema.items) ? schema.items : undefined, '$elem', inner, depth + 1);
      return `[\n#foreach($elem in ${path})\n${inner}${item}#if($foreach.hasNext),#end\n#end\n${indent}]`;
    }
    const members = Object.entries(isObject(schema.properties) ? schema.properties : {}).map(
      ([name, one]) =>
        `${inner}${JSON.stringify(name)} : ${sample(isObject(one) ? one : undefined, `${path}.${name}`, inner, depth + 1)}`,
    );
    return members.length === 0 ? '{ }' : `{\n${members.join(',\n')}\n${indent}}`;
  }

  function follow(schema: JsonObject | undefined): JsonObject | undefined {
    const reference = typeof schema?.$ref === 'string' ? readModelUrl(schema.$ref) : undefined;
    return reference ? readSchema(models.get(reference.name)?.schema ?? '') : schema;
  }
}
