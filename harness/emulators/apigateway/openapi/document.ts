import { badRequest } from '../errors.ts';

/** Whatever JSON or YAML may hold, as plain values. */
export type Plain = null | boolean | number | string | Plain[] | { [key: string]: Plain };
export type PlainObject = { readonly [key: string]: Plain };

/** API reference, ImportRestApi: the largest definition, bytes. */
export const MAX_DEFINITION_BYTES = 6 * 1024 * 1024;

const invalidInput = () => badRequest('Invalid OpenAPI input.');

/** Reads a definition, JSON or YAML, and says which of the two specifications it is of. */
export async function readDocument(bytes: Uint8Array | undefined): Promise<OpenApiDocument> {
  if (!bytes || bytes.length === 0 || bytes.length > MAX_DEFINITION_BYTES) throw invalidInput();
  const root = await parse(Buffer.from(bytes).toString('utf8'));
  if (!isObject(root) || !isObject(root.info) || (root.paths !== undefined && !isObject(root.paths))) {
    throw invalidInput();
  }
  const isSwagger = String(root.swagger) === '2.0' || root.swagger === 2;
  if (!isSwagger && !/^3\.0(?:\.|$)/.test(String(root.openapi))) throw invalidInput();
  return new OpenApiDocument(root, isSwagger);
}

async function parse(text: string): Promise<unknown> {
  try {
    return JSON.parse(text);
  } catch {
    const { parseDocument } = await import('yaml');
    const document = parseDocument(text);
    if (document.errors.length > 0) throw invalidInput();
    try {
      return document.toJS({ maxAliasCount: 100 });
    } catch {
      throw invalidInput();
    }
  }
}

/** A definition, whose parts may refer to each other. */
export class OpenApiDocument {
  readonly root: PlainObject;
  /** Swagger 2.0, else OpenAPI 3.0. */
  readonly isSwagger: boolean;

  constructor(root: PlainObject, isSwagger: boolean) {
    this.root = root;
    this.isSwagger = isSwagger;
  }

  /** A part, or what it refers to with `$ref`; undefined where there is nothing. */
  part(value: Plain | undefined): PlainObject | undefined {
    let part = value;
    for (let hops = 0; isObject(part) && typeof part.$ref === 'string'; hops++) {
      if (hops === 20) return undefined;
      part = this.#at(part.$ref);
    }
    return isObject(part) ? part : undefined;
  }

  get schemas(): PlainObject {
    return objectOf(this.isSwagger ? this.root.definitions : objectOf(this.root.components).schemas);
  }

  get securitySchemes(): PlainObject {
    return objectOf(this.isSwagger ? this.root.securityDefinitions : objectOf(this.root.components).securitySchemes);
  }

  #at(reference: string): Plain | undefined {
    if (!reference.startsWith('#/')) return undefined;
    let value: Plain | undefined = this.root as Plain;
    for (const part of reference.slice(2).split('/')) {
      const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
      if (!isObject(value) || !Object.hasOwn(value, name)) return undefined;
      value = value[name];
    }
    return value;
  }
}

export const isObject = (value: unknown): value is PlainObject =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

export const objectOf = (value: Plain | undefined): PlainObject => (isObject(value) ? value : {});
export const listOf = (value: Plain | undefined): readonly Plain[] => (Array.isArray(value) ? value : []);

export function textOf(value: Plain | undefined): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}
