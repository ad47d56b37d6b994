import { badRequest } from '../errors.ts';
import type { Model, RestApi } from '../store/model.ts';
import { isObject, type JsonObject } from './json.ts';
import { readModelUrl, readSchema, refersToItself } from './models.ts';
import { checkSchema } from './schema-check.ts';

const NO_SCHEMA = 'Model schema must have at least 1 property or array items defined';

/**
 * @param name of the model itself, which its schema may refer to
 * @throws BadRequestException in the words of AWS (recorded, and seen in published error messages)
 */
export function checkModelSchema(api: Pick<RestApi, 'id' | 'models'>, name: string, text: string | undefined): void {
  if (!text) throw badRequest(NO_SCHEMA);
  const schema = readSchema(text);
  if (!schema) throw invalidModel(['Invalid model schema specified']);
  if (Object.keys(schema).length === 0) throw badRequest(NO_SCHEMA);
  const problems = schemaProblems(api, name, schema);
  if (problems.length > 0) throw invalidModel(problems);
}

function schemaProblems(api: Pick<RestApi, 'id' | 'models'>, name: string, schema: JsonObject): string[] {
  const { valid, unknown, references } = checkSchema(schema);
  const problems: string[] = [];
  if (unknown.size > 0) {
    problems.push(`Invalid model schema specified. Unsupported keyword(s): ${JSON.stringify([...unknown].sort())}`);
  } else if (!valid) {
    problems.push('Invalid model schema specified');
  }
  for (const reference of references) {
    if (reference.startsWith('#')) {
      if (!refersToItself(schema, reference)) problems.push('Invalid model schema specified');
      continue;
    }
    const model = readModelUrl(reference);
    if (!model || model.apiId !== api.id) problems.push('Model reference must be in canonical form');
    else if (model.name !== name && !api.models.has(model.name)) {
      problems.push(`Invalid model specified: ${model.name}`);
    }
  }
  return [...new Set(problems)];
}

const invalidModel = (problems: readonly string[]) =>
  badRequest(`Invalid model specified: Validation Result: warnings : [], errors : [${problems.join(', ')}]`);

export function checkModelName(name: string | undefined): string {
  if (!name) throw badRequest('Model name must be non-empty');
  if (!/^[A-Za-z0-9]+$/.test(name)) throw badRequest(`Model name must be alphanumeric: ${name}`);
  return name;
}

/** The models that a model's schema refers to. */
export function modelsIn(model: Readonly<Model>): string[] {
  const schema = readSchema(model.schema ?? '');
  if (!isObject(schema)) return [];
  return [...checkSchema(schema).references].flatMap((reference) => readModelUrl(reference)?.name ?? []);
}
