import { type Json, MalformedJson, readJson } from '../input/json-text.ts';
import type { Model } from '../store/model.ts';
import { JavaException } from '../velocity/index.ts';
import { Effort, Unjudged } from './effort.ts';
import { isObject, type JsonObject } from './json.ts';
import { Patterns } from './pattern.ts';
import { type Place, Validator } from './validator.ts';

/** How a schema refers to another model of the API. Developer guide, "Data models for REST APIs". */
const MODEL_URL = /^https:\/\/apigateway\.[^/]*\/restapis\/([^/]+)\/models\/([^/#]+)(?:#(.*))?$/;

export interface ModelReference {
  readonly apiId: string;
  readonly name: string;
  /** A JSON pointer in the model's schema. */
  readonly pointer: string;
}

export const modelUrl = (apiId: string, name: string): string =>
  `https://apigateway.amazonaws.com/restapis/${apiId}/models/${name}`;

export function readModelUrl(reference: string): ModelReference | undefined {
  const [, apiId, name, pointer = ''] = MODEL_URL.exec(reference) ?? [];
  return apiId && name ? { apiId, name, pointer } : undefined;
}

/** What a body is told that is no JSON at all, also an empty one (seen in published logs). */
const UNREADABLE = ['Unknown error parsing request body'];

/** The models of a deployment. Their schemas are read when a body first needs them, and once. */
export class ModelSet {
  readonly #models: ReadonlyMap<string, Readonly<Model>>;
  readonly #schemas = new Map<string, JsonObject | undefined>();
  readonly #patterns = new Patterns();

  constructor(models: ReadonlyMap<string, Readonly<Model>>) {
    this.#models = models;
  }

  /** What is wrong with a body for a model; nothing where the API has no such model. */
  problems(modelName: string, text: string): readonly string[] {
    const schema = this.#schema(modelName);
    if (!schema) return [];
    const value = readStrictly(text);
    if (value === undefined) return UNREADABLE;
    const validator = new Validator(
      (reference, from) => this.#resolve(reference, from),
      this.#patterns,
      new Effort(text.length),
    );
    try {
      return validator.problems(value, { schema, document: schema });
    } catch (error) {
      if (error instanceof Unjudged || error instanceof JavaException) return [error.message];
      throw error;
    }
  }

  #schema(name: string): JsonObject | undefined {
    if (!this.#schemas.has(name)) this.#schemas.set(name, readSchema(this.#models.get(name)?.schema ?? ''));
    return this.#schemas.get(name);
  }

  #resolve(reference: string, { document }: Place): Place | undefined {
    if (reference.startsWith('#')) return atPointer(document, reference.slice(1));
    const model = readModelUrl(reference);
    const schema = model && this.#schema(model.name);
    return model && schema && atPointer(schema, model.pointer);
  }
}

function readStrictly(text: string): Json | undefined {
  try {
    JSON.parse(text);
    // Keeps what tells 1.0 from 1.
    return readJson(text);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof MalformedJson) return undefined;
    throw error;
  }
}

/** The schema that a text is; undefined if it is none. */
export function readSchema(text: string): JsonObject | undefined {
  const value = readStrictly(text);
  return isObject(value) ? value : undefined;
}

function atPointer(document: JsonObject, pointer: string): Place | undefined {
  let value: Json | undefined = document as Json;
  for (const part of decodeURIComponent(pointer).split('/').slice(1)) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, name)) return undefined;
    value = (value as { [key: string]: Json })[name];
  }
  return isObject(value) ? { schema: value, document } : undefined;
}

/** Whether a schema has in itself what it refers to: `#/definitions/pet`. */
export function refersToItself(document: JsonObject, reference: string): boolean {
  try {
    return atPointer(document, reference.slice(1)) !== undefined;
  } catch (error) {
    if (error instanceof URIError) return false;
    throw error;
  }
}
