import { isObject, listOf, type OpenApiDocument, objectOf, type Plain, type PlainObject, textOf } from './document.ts';

/** A method as a definition has it, in either specification. */
export interface MethodDefinition {
  readonly path: string;
  /** In capital letters; `ANY` for `x-amazon-apigateway-any-method`. */
  readonly httpMethod: string;
  /** The operation itself, for its extensions. */
  readonly operation: PlainObject;
  readonly requestParameters: Readonly<Record<string, boolean>>;
  /** By content type. */
  readonly requestSchemas: Readonly<Record<string, PlainObject>>;
  readonly responses: readonly ResponseDefinition[];
}

export interface ResponseDefinition {
  readonly statusCode: string;
  readonly headers: readonly string[];
  readonly schemas: Readonly<Record<string, PlainObject>>;
}

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch'];
const ANY_METHOD = 'x-amazon-apigateway-any-method';
const PLACES: Readonly<Record<string, string>> = { query: 'querystring', header: 'header', path: 'path' };
const JSON_TYPE = 'application/json';

export function methodsOf(document: OpenApiDocument, path: string, item: PlainObject): MethodDefinition[] {
  return [...METHODS, ANY_METHOD].flatMap((name) => {
    const operation = document.part(item[name]);
    if (!operation) return [];
    const parameters = [...listOf(item.parameters), ...listOf(operation.parameters)]
      .map((one) => document.part(one))
      .filter((one) => one !== undefined);
    return {
      path,
      httpMethod: name === ANY_METHOD ? 'ANY' : name.toUpperCase(),
      operation,
      requestParameters: requestParameters(path, parameters),
      requestSchemas: requestSchemas(document, operation, parameters),
      responses: responses(document, operation),
    };
  });
}

/** A variable at the end of the path is a required parameter, declared or not (recorded). */
function requestParameters(path: string, parameters: readonly PlainObject[]): Record<string, boolean> {
  const found: Record<string, boolean> = {};
  for (const { in: place, name, required } of parameters) {
    const location = typeof place === 'string' ? PLACES[place] : undefined;
    if (location !== undefined) found[`method.request.${location}.${name}`] = required === true;
  }
  const variable = /\/\{([^/{}+]+)\}$/.exec(path)?.[1];
  if (variable !== undefined) found[`method.request.path.${variable}`] = true;
  return found;
}

function requestSchemas(
  document: OpenApiDocument,
  operation: PlainObject,
  parameters: readonly PlainObject[],
): Record<string, PlainObject> {
  if (!document.isSwagger) return schemasOf(document.part(operation.requestBody)?.content);
  const body = parameters.find((parameter) => parameter.in === 'body');
  return isObject(body?.schema) ? { [firstType(document, operation, 'consumes')]: body.schema } : {};
}

function responses(document: OpenApiDocument, operation: PlainObject): ResponseDefinition[] {
  return Object.entries(objectOf(operation.responses)).map(([statusCode, value]) => {
    const response = document.part(value) ?? {};
    return {
      statusCode,
      headers: Object.keys(objectOf(response.headers)),
      schemas: document.isSwagger
        ? isObject(response.schema)
          ? { [firstType(document, operation, 'produces')]: response.schema }
          : {}
        : schemasOf(response.content),
    };
  });
}

function schemasOf(content: Plain | undefined): Record<string, PlainObject> {
  return Object.fromEntries(
    Object.entries(objectOf(content)).flatMap(([type, media]) => {
      const { schema } = objectOf(media);
      return isObject(schema) ? [[type, schema]] : [];
    }),
  );
}

function firstType({ root }: OpenApiDocument, operation: PlainObject, member: 'consumes' | 'produces'): string {
  return textOf(listOf(operation[member])[0] ?? listOf(root[member])[0]) ?? JSON_TYPE;
}
