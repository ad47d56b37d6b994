import { badRequest, notSupported } from '../errors.ts';
import { MAX_TIMEOUT_MS } from '../limits.ts';
import type { ApiSnapshot, Deployment, Integration, Method, Resource, RestApi, Stage } from '../store/model.ts';
import { readSchema } from '../validation/models.ts';
import type { Plain, PlainObject } from './document.ts';
import { toDefinitionSchema } from './schemas.ts';
import { schemesFor, securityFor } from './security.ts';

export type ExportType = 'oas30' | 'swagger';

/** Which of AWS's extensions an export has. API reference, GetExport. */
export interface ExportExtensions {
  readonly integrations: boolean;
  readonly authorizers: boolean;
  /** Everything else: validators, gateway responses, policy, binary media types. */
  readonly apigateway: boolean;
}

const KNOWN = ['integrations', 'authorizers', 'apigateway'];

export function readExtensions(text: string | undefined): ExportExtensions {
  const wanted = (text ?? '').split(',').flatMap((name) => name.trim() || []);
  if (wanted.includes('postman')) throw notSupported("Postman's extensions (parameters.extensions)");
  const unknown = wanted.find((name) => !KNOWN.includes(name));
  if (unknown !== undefined) throw badRequest(`Invalid extensions specified: ${unknown}`);
  const apigateway = wanted.includes('apigateway');
  return {
    integrations: apigateway || wanted.includes('integrations'),
    authorizers: apigateway || wanted.includes('authorizers'),
    apigateway,
  };
}

/** Versions, where the API has none, are the time at which it was deployed. */
export const versionOf = (api: RestApi, { createdDate }: Deployment): string =>
  api.version ?? createdDate.toISOString().replace(/\.\d+Z$/, 'Z');

export function exportApi(
  api: RestApi,
  stage: Stage,
  deployment: Deployment,
  type: ExportType,
  extensions: ExportExtensions,
): PlainObject {
  return new Exporter(api, deployment, type, extensions).document(stage.stageName);
}

type Members = Record<string, Plain | undefined>;

class Exporter {
  readonly #api: RestApi;
  readonly #deployment: Deployment;
  readonly #snapshot: ApiSnapshot;
  readonly #isSwagger: boolean;
  readonly #extensions: ExportExtensions;
  readonly #schemaPrefix: string;

  constructor(api: RestApi, deployment: Deployment, type: ExportType, extensions: ExportExtensions) {
    this.#api = api;
    this.#deployment = deployment;
    this.#snapshot = deployment.snapshot;
    this.#isSwagger = type === 'swagger';
    this.#extensions = extensions;
    this.#schemaPrefix = this.#isSwagger ? '#/definitions/' : '#/components/schemas/';
  }

  document(stageName: string): PlainObject {
    const { region, id, name, description } = this.#api;
    const host = `${id}.execute-api.${region}.amazonaws.com`;
    const info = object({ description, version: versionOf(this.#api, this.#deployment), title: name });
    const paths = this.#paths();
    const schemas = this.#schemas();
    const schemes = schemesFor(this.#snapshot, this.#extensions.authorizers);
    const endpoint = this.#endpointExtension();
    if (this.#isSwagger) {
      return object({
        swagger: '2.0',
        info,
        host,
        basePath: `/${stageName}`,
        schemes: ['https'],
        paths,
        securityDefinitions: notEmpty(schemes),
        definitions: notEmpty(schemas),
        ...endpoint,
        ...this.#ownExtensions(),
      });
    }
    const variables = { basePath: { default: stageName } };
    return object({
      openapi: '3.0.1',
      info,
      servers: [object({ url: `https://${host}/{basePath}`, variables, ...endpoint })],
      paths,
      components: object({ schemas: notEmpty(schemas), securitySchemes: notEmpty(schemes) }),
      ...this.#ownExtensions(),
    });
  }

  #paths(): PlainObject {
    const resources = [...this.#snapshot.resources.values()];
    const parents = new Set(resources.map(({ parentId }) => parentId));
    // A resource without methods that others are below is there by their paths.
    const shown = resources.filter(({ id, path, methods }) => methods.size > 0 || (!parents.has(id) && path !== '/'));
    return Object.fromEntries(shown.map((resource) => [resource.path, this.#pathItem(resource)]));
  }

  #pathItem(resource: Readonly<Resource>): PlainObject {
    return Object.fromEntries(
      [...resource.methods.values()].map((method) => [
        method.httpMethod === 'ANY' ? 'x-amazon-apigateway-any-method' : method.httpMethod.toLowerCase(),
        this.#operation(method),
      ]),
    );
  }

  #operation(method: Readonly<Method>): PlainObject {
    const { integration, requestValidatorId } = method;
    const { apigateway, integrations } = this.#extensions;
    const validator = apigateway ? this.#snapshot.requestValidators.get(requestValidatorId ?? '')?.name : undefined;
    return object({
      operationId: method.operationName,
      ...(this.#isSwagger ? swaggerTypes(method) : {}),
      parameters: notEmptyList(this.#parameters(method)),
      requestBody: this.#requestBody(method),
      responses: this.#responses(method),
      security: securityFor(method, this.#snapshot) as Plain[] | undefined,
      'x-amazon-apigateway-request-validator': validator,
      'x-amazon-apigateway-integration': integrations && integration ? integrationExtension(integration) : undefined,
    });
  }

  #parameters({ requestParameters = {}, requestModels = {} }: Readonly<Method>): Plain[] {
    const parameters = Object.entries(requestParameters).map(([parameter, required]): Plain => {
      const [, place = '', name = ''] = /^method\.request\.([a-z]+)\.(.+)$/.exec(parameter) ?? [];
      const where = { name, in: place === 'querystring' ? 'query' : place };
      if (this.#isSwagger) return { ...where, required, type: 'string' };
      return { ...where, ...(required ? { required } : {}), schema: { type: 'string' } };
    });
    const [model] = Object.values(requestModels);
    if (!this.#isSwagger || model === undefined) return parameters;
    return [...parameters, { in: 'body', name: model, required: true, schema: this.#reference(model) }];
  }

  #requestBody({ requestModels = {} }: Readonly<Method>): Plain | undefined {
    if (this.#isSwagger || Object.keys(requestModels).length === 0) return undefined;
    return { content: this.#content(requestModels), required: true };
  }

  #responses(method: Readonly<Method>): Plain {
    const responses = [...method.responses.values()].map(({ statusCode, responseParameters, responseModels = {} }) => {
      const headers = Object.keys(responseParameters ?? {}).map((parameter): [string, Plain] => [
        parameter.replace(/^method\.response\.header\./, ''),
        this.#isSwagger ? { type: 'string' } : { schema: { type: 'string' } },
      ]);
      const [model] = Object.values(responseModels);
      return [
        statusCode,
        object({
          description: `${statusCode} response`,
          schema: this.#isSwagger && model !== undefined ? this.#reference(model) : undefined,
          headers: notEmpty(Object.fromEntries(headers)),
          content: this.#isSwagger ? undefined : this.#content(responseModels),
        }),
      ];
    });
    return Object.fromEntries(responses);
  }

  #content(models: Readonly<Record<string, string>>): { [key: string]: Plain } {
    return Object.fromEntries(
      Object.entries(models).map(([type, model]) => [type, { schema: this.#reference(model) }]),
    );
  }

  #reference(model: string): { [key: string]: Plain } {
    return { $ref: `${this.#schemaPrefix}${model}` };
  }

  #schemas(): Record<string, PlainObject> {
    const schemas: Record<string, PlainObject> = {};
    for (const { name, schema } of this.#snapshot.models.values()) {
      const read = readSchema(schema ?? '') as PlainObject | undefined;
      if (read) schemas[name] = toDefinitionSchema(read, this.#schemaPrefix);
    }
    return schemas;
  }

  #endpointExtension(): Members {
    const { disableExecuteApiEndpoint } = this.#api;
    if (!this.#extensions.apigateway || !disableExecuteApiEndpoint) return {};
    return { 'x-amazon-apigateway-endpoint-configuration': { disableExecuteApiEndpoint } };
  }

  #ownExtensions(): Members {
    if (!this.#extensions.apigateway) return {};
    const { apiKeySource, policy, binaryMediaTypes, gatewayResponses, requestValidators, minimumCompressionSize } =
      this.#snapshot;
    const validators = [...requestValidators.values()].map(
      ({ name, validateRequestBody, validateRequestParameters }): [string, PlainObject] => [
        name,
        { validateRequestParameters, validateRequestBody },
      ],
    );
    const responses = [...gatewayResponses].map(([type, { statusCode, responseParameters, responseTemplates }]) => [
      type,
      object({
        statusCode,
        responseParameters: notEmpty(responseParameters),
        responseTemplates: notEmpty(responseTemplates),
      }),
    ]);
    return {
      'x-amazon-apigateway-api-key-source': apiKeySource === 'HEADER' ? undefined : apiKeySource,
      'x-amazon-apigateway-policy': policy === undefined ? undefined : (JSON.parse(policy) as Plain),
      'x-amazon-apigateway-gateway-responses': notEmpty(Object.fromEntries(responses)),
      'x-amazon-apigateway-request-validators': notEmpty(Object.fromEntries(validators)),
      'x-amazon-apigateway-minimum-compression-size': minimumCompressionSize,
      'x-amazon-apigateway-binary-media-types': notEmptyList([...binaryMediaTypes]),
    };
  }
}

/** The types of models and templates; of models first, as an import takes the first. */
function swaggerTypes({ requestModels = {}, responses, integration }: Readonly<Method>): Members {
  const answers = [...(integration?.responses.values() ?? [])];
  const consumes = [...Object.keys(requestModels), ...Object.keys(integration?.requestTemplates ?? {})];
  const produces = [
    ...[...responses.values()].flatMap(({ responseModels }) => Object.keys(responseModels ?? {})),
    ...answers.flatMap(({ responseTemplates }) => Object.keys(responseTemplates ?? {})),
  ];
  return { consumes: notEmptyList([...new Set(consumes)]), produces: notEmptyList([...new Set(produces)]) };
}

function integrationExtension(integration: Readonly<Integration>): { [key: string]: Plain } {
  const { type, timeoutInMillis } = integration;
  const responses = [...integration.responses.values()].map((response) => [
    response.selectionPattern || 'default',
    object({
      statusCode: response.statusCode,
      responseParameters: response.responseParameters,
      responseTemplates: response.responseTemplates,
      contentHandling: response.contentHandling,
    }),
  ]);
  return object({
    type: type.toLowerCase(),
    credentials: integration.credentials,
    httpMethod: type === 'MOCK' ? undefined : integration.httpMethod,
    uri: integration.uri,
    responses: notEmpty(Object.fromEntries(responses)),
    requestParameters: integration.requestParameters,
    requestTemplates: integration.requestTemplates,
    passthroughBehavior: integration.passthroughBehavior.toLowerCase(),
    contentHandling: integration.contentHandling,
    timeoutInMillis: timeoutInMillis === MAX_TIMEOUT_MS ? undefined : timeoutInMillis,
  });
}

/** Without the members that are undefined. */
function object(members: Readonly<Members>): { [key: string]: Plain } {
  return Object.fromEntries(
    Object.entries(members).filter((member): member is [string, Plain] => member[1] !== undefined),
  );
}

function notEmpty(members: Readonly<Record<string, unknown>>): Plain | undefined {
  return Object.keys(members).length === 0 ? undefined : (members as Plain);
}

const notEmptyList = (items: readonly Plain[]): Plain | undefined => (items.length === 0 ? undefined : [...items]);
