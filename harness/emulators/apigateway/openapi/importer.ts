import type { PutIntegrationRequest, PutIntegrationResponseRequest } from '@aws-sdk/client-api-gateway';
import type { Call } from '../../../edge/emulator.ts';
import { createAuthorizer } from '../access/operations/authorizers.ts';
import { checkApiPolicy } from '../access/resource-policy.ts';
import { notSupported, refuse } from '../errors.ts';
import { checkKeySource } from '../operations/create-rest-api.ts';
import type { OperationMaker, Parts } from '../operations/operation.ts';
import { putGatewayResponse } from '../operations/put-gateway-response.ts';
import { putIntegration } from '../operations/put-integration.ts';
import { putIntegrationResponse } from '../operations/put-integration-response.ts';
import { putMethod } from '../operations/put-method.ts';
import { putMethodResponse } from '../operations/put-method-response.ts';
import { newPartId } from '../store/ids.ts';
import type { Model, Resource, RestApi } from '../store/model.ts';
import { Store } from '../store/store.ts';
import { checkModelName, checkModelSchema } from '../validation/model-checks.ts';
import { type BasePathMode, prefixOf } from './base-path.ts';
import { isObject, listOf, type OpenApiDocument, objectOf, type PlainObject, textOf } from './document.ts';
import { adopt, draftOf, ensureResource, type PutMode } from './draft.ts';
import { Findings } from './findings.ts';
import { type MethodDefinition, methodsOf } from './method-definition.ts';
import { modelNameIn, toModelSchema } from './schemas.ts';
import { authorizersIn, securityOf } from './security.ts';

const EXTENSION = 'x-amazon-apigateway-';

const UNSUPPORTED: Readonly<Record<string, string>> = {
  'minimum-compression-size': 'compressed payloads',
  'security-policy': 'TLS policies of the default endpoint',
  'endpoint-access-mode': 'the access mode of the default endpoint',
};

export interface ImportOptions {
  readonly mode: PutMode;
  readonly basePath: BasePathMode;
  readonly failOnWarnings: boolean;
}

/**
 * Makes an API what a definition says, or leaves it as it is. Every part is put by the operation that a client would
 * call, so that definitions are held to the same rules and refused in the same words. Answers the warnings.
 */
export async function importDefinition(
  parts: Parts,
  call: Call,
  api: RestApi,
  document: OpenApiDocument,
  options: ImportOptions,
): Promise<string[]> {
  const draft = draftOf(api, options.mode);
  const findings = new Findings();
  await new Importer(parts, call, api, draft, document, findings).run(prefixOf(document, options.basePath));
  findings.settle(options.failOnWarnings);
  adopt(api, draft);
  return findings.warnings;
}

class Importer {
  readonly #parts: Parts;
  readonly #call: Call;
  readonly #before: RestApi;
  readonly #draft: RestApi;
  readonly #document: OpenApiDocument;
  readonly #findings: Findings;

  constructor(
    parts: Parts,
    call: Call,
    before: RestApi,
    draft: RestApi,
    document: OpenApiDocument,
    findings: Findings,
  ) {
    const store = new Store();
    store.apis.set(draft.id, draft);
    this.#parts = { ...parts, store };
    this.#call = call;
    this.#before = before;
    this.#draft = draft;
    this.#document = document;
    this.#findings = findings;
  }

  async run(prefix: string): Promise<void> {
    this.#putSettings();
    this.#putModels();
    await this.#putAuthorizers();
    this.#putValidators();
    for (const [type, value] of Object.entries(this.#extensionObject('gateway-responses'))) {
      const { statusCode, responseParameters, responseTemplates } = objectOf(value);
      await this.#findings.attempt(`Unable to put gateway response '${type}'`, () =>
        this.#do(putGatewayResponse, {
          responseType: type,
          statusCode: textOf(statusCode),
          responseParameters,
          responseTemplates,
        }),
      );
    }
    for (const [path, item] of Object.entries(objectOf(this.#document.root.paths))) {
      if (path.startsWith('x-')) continue;
      await this.#putPath(prefix, path, this.#document.part(item) ?? {});
    }
  }

  #extension(name: string) {
    return this.#document.root[EXTENSION + name];
  }

  #extensionObject(name: string): PlainObject {
    return objectOf(this.#extension(name));
  }

  /** Calls an operation on the draft. */
  async #do(maker: OperationMaker, input: object): Promise<unknown> {
    const operation = maker(this.#parts);
    return await operation.run({ restApiId: this.#draft.id, ...input } as never, this.#call);
  }

  #putSettings(): void {
    const { root } = this.#document;
    const draft = this.#draft;
    for (const [name, what] of Object.entries(UNSUPPORTED)) {
      if (this.#extension(name) !== undefined) throw notSupported(`${what} (${EXTENSION}${name})`);
    }
    const info = objectOf(root.info);
    draft.name = textOf(info.title) ?? draft.name;
    draft.description = textOf(info.description) ?? draft.description;
    draft.version = textOf(info.version) ?? draft.version;
    for (const type of listOf(this.#extension('binary-media-types'))) draft.binaryMediaTypes.add(String(type));
    const source = textOf(this.#extension('api-key-source'))?.toUpperCase();
    checkKeySource(source);
    if (source !== undefined) draft.apiKeySource = source as RestApi['apiKeySource'];
    const policy = this.#extension('policy');
    if (policy) {
      const text = typeof policy === 'string' ? policy : JSON.stringify(policy);
      checkApiPolicy(text, draft);
      draft.policy = text;
    }
    const servers = listOf(root.servers).map((server) => objectOf(server)[`${EXTENSION}endpoint-configuration`]);
    for (const endpoint of [this.#extension('endpoint-configuration'), ...servers]) {
      const { disableExecuteApiEndpoint, vpcEndpointIds, types } = objectOf(endpoint);
      refuse(vpcEndpointIds, `VPC endpoints (${EXTENSION}endpoint-configuration.vpcEndpointIds)`);
      refuse(listOf(types).includes('PRIVATE'), `private APIs (${EXTENSION}endpoint-configuration.types)`);
      if (typeof disableExecuteApiEndpoint === 'boolean') draft.disableExecuteApiEndpoint = disableExecuteApiEndpoint;
    }
  }

  #putModels(): void {
    const put: string[] = [];
    for (const [name, schema] of Object.entries(this.#document.schemas)) {
      if (!isObject(schema)) continue;
      try {
        checkModelName(name);
      } catch (error) {
        this.#findings.error(`Unable to create model for '${name}': ${(error as Error).message}`);
        continue;
      }
      this.#setModel(name, schema);
      put.push(name);
    }
    // Models may refer to models that come later, or back to themselves.
    for (const name of put) this.#checkModel(name);
  }

  #setModel(name: string, schema: PlainObject): void {
    const { models, id } = this.#draft;
    const model: Model = {
      id: models.get(name)?.id ?? newPartId(this.#parts.random),
      name,
      contentType: 'application/json',
      description: textOf(schema.description),
      schema: JSON.stringify(toModelSchema(schema, id), undefined, 2),
    };
    models.set(name, model);
  }

  #checkModel(name: string): void {
    try {
      checkModelSchema(this.#draft, name, this.#draft.models.get(name)?.schema);
    } catch (error) {
      this.#findings.error(`Unable to create model for '${name}': ${(error as Error).message}`);
    }
  }

  /** The names of models by content type; a schema that is written in place becomes a model of its own. */
  #modelNames(schemas: Readonly<Record<string, PlainObject>>): Record<string, string> | undefined {
    const names = Object.entries(schemas).flatMap(([type, schema]) => {
      if (typeof schema.$ref !== 'string') return [[type, this.#inlineModel(schema)] as const];
      const name = modelNameIn(schema.$ref) ?? schema.$ref;
      if (this.#draft.models.has(name)) return [[type, name] as const];
      this.#findings.warn(`Reference to model '${name}' not found. Ignoring.`);
      return [];
    });
    return names.length === 0 ? undefined : Object.fromEntries(names);
  }

  #inlineModel(schema: PlainObject): string {
    const text = JSON.stringify(toModelSchema(schema, this.#draft.id), undefined, 2);
    for (const [name, model] of this.#draft.models) {
      if (INLINE_MODEL.test(name) && model.schema === text) return name;
    }
    const name = `MODEL${newPartId(this.#parts.random)}`;
    this.#setModel(name, schema);
    this.#checkModel(name);
    return name;
  }

  async #putAuthorizers(): Promise<void> {
    for (const authorizer of authorizersIn(this.#document)) {
      const { authorizers } = this.#draft;
      const same = [...authorizers.values()].find(({ name }) => name === authorizer.name);
      if (same) authorizers.delete(same.id);
      await this.#findings.attempt(`Unable to create Authorizer '${authorizer.name}'`, () =>
        this.#do(createAuthorizer, authorizer),
      );
      const made = [...authorizers.values()].at(-1);
      if (!same || made?.name !== same.name) continue;
      // Methods that the definition does not have go on with it.
      authorizers.delete(made.id);
      authorizers.set(same.id, { ...made, id: same.id });
    }
  }

  #putValidators(): void {
    const { requestValidators } = this.#draft;
    for (const [name, value] of Object.entries(this.#extensionObject('request-validators'))) {
      const same = [...requestValidators.values()].find((validator) => validator.name === name);
      const { validateRequestBody, validateRequestParameters } = objectOf(value);
      const id = same?.id ?? newPartId(this.#parts.random);
      requestValidators.set(id, {
        id,
        name,
        validateRequestBody: validateRequestBody === true,
        validateRequestParameters: validateRequestParameters === true,
      });
    }
  }

  async #putPath(prefix: string, path: string, item: PlainObject): Promise<void> {
    const whole = `${prefix}${path}`;
    let resource: Resource | undefined;
    await this.#findings.attempt(`Unable to create resource at path '${whole}'`, () => {
      resource = ensureResource(this.#draft, whole, this.#before, this.#parts.random);
    });
    if (!resource) return;
    for (const method of methodsOf(this.#document, whole, item)) await this.#putMethod(resource, method);
  }

  async #putMethod(resource: Resource, method: MethodDefinition): Promise<void> {
    const { httpMethod, operation } = method;
    const at = { resourceId: resource.id, httpMethod };
    const where = `for resource at path '${resource.path}'`;
    const before = resource.methods.get(httpMethod);
    resource.methods.delete(httpMethod);
    await this.#findings.attempt(`Unable to put method '${httpMethod}' on resource at path '${resource.path}'`, () =>
      this.#do(putMethod, {
        ...at,
        ...securityOf(this.#document, operation, this.#draft),
        operationName: textOf(operation.operationId),
        requestValidatorId: this.#validatorId(operation),
        requestParameters: presentOr(method.requestParameters),
        requestModels: this.#modelNames(method.requestSchemas),
      }),
    );
    if (!resource.methods.has(httpMethod)) {
      if (before) resource.methods.set(httpMethod, before);
      return;
    }
    for (const response of method.responses) {
      if (!/^[1-5]\d\d$/.test(response.statusCode)) {
        this.#findings.warn(
          `Ignoring response '${response.statusCode}' of method '${httpMethod}' ${where}: it is no status code`,
        );
        continue;
      }
      await this.#findings.attempt(
        `Unable to put method response '${response.statusCode}' on '${httpMethod}' ${where}`,
        () =>
          this.#do(putMethodResponse, {
            ...at,
            statusCode: response.statusCode,
            responseParameters: presentOr(
              Object.fromEntries(response.headers.map((name) => [`method.response.header.${name}`, false])),
            ),
            responseModels: this.#modelNames(response.schemas),
          }),
      );
    }
    const integration = this.#document.part(operation[`${EXTENSION}integration`]);
    if (integration) await this.#putIntegration(at, where, integration, resource.path);
  }

  #validatorId(operation: PlainObject): string | undefined {
    const name = textOf(operation[`${EXTENSION}request-validator`] ?? this.#extension('request-validator'));
    if (name === undefined) return undefined;
    // One that is not defined is refused by its name, which is nobody's id.
    return [...this.#draft.requestValidators.values()].find((validator) => validator.name === name)?.id ?? name;
  }

  async #putIntegration(
    at: { readonly resourceId: string; readonly httpMethod: string },
    where: string,
    integration: PlainObject,
    path: string,
  ): Promise<void> {
    const type = textOf(integration.type)?.toUpperCase();
    const proxy = type === 'AWS_PROXY' ? 'POST' : undefined;
    const { responses, requestParameters, timeoutInMillis } = integration;
    let done = false;
    await this.#findings.attempt(`Unable to put integration on '${at.httpMethod}' ${where}`, async () => {
      await this.#do(putIntegration, {
        ...integration,
        ...at,
        type: type as PutIntegrationRequest['type'],
        httpMethod: at.httpMethod,
        integrationHttpMethod: textOf(integration.httpMethod)?.toUpperCase() ?? proxy ?? at.httpMethod,
        connectionType: textOf(integration.connectionType)?.toUpperCase(),
        contentHandling: textOf(integration.contentHandling)?.toUpperCase(),
        passthroughBehavior: textOf(integration.passthroughBehavior)?.toUpperCase(),
        requestParameters: this.#textsOnly(requestParameters, path, at.httpMethod),
        timeoutInMillis: timeoutInMillis === undefined ? undefined : Number(timeoutInMillis),
      });
      done = true;
    });
    if (!done) return;
    for (const [pattern, value] of Object.entries(objectOf(responses))) {
      const response = objectOf(value);
      const statusCode = textOf(response.statusCode) ?? '200';
      await this.#findings.attempt(
        `Unable to put integration response '${statusCode}' on '${at.httpMethod}' ${where}`,
        () =>
          this.#do(putIntegrationResponse, {
            ...at,
            statusCode,
            selectionPattern: pattern === 'default' ? undefined : pattern,
            responseParameters: response.responseParameters as PutIntegrationResponseRequest['responseParameters'],
            responseTemplates: response.responseTemplates,
            contentHandling: textOf(response.contentHandling)?.toUpperCase(),
          }),
      );
    }
  }

  /** What is not text is left out, with a warning (recorded). */
  #textsOnly(parameters: PlainObject[string] | undefined, path: string, httpMethod: string) {
    if (parameters === undefined) return undefined;
    const texts: Record<string, string> = {};
    for (const [name, value] of Object.entries(objectOf(parameters))) {
      if (typeof value === 'string') texts[name] = value;
      else {
        this.#findings.warn(
          `Invalid format for 'requestParameters'. Expected type string for property '${name}' of resource '${path}' ` +
            `and method '${httpMethod}' but got '${value}'`,
        );
      }
    }
    return texts;
  }
}

const INLINE_MODEL = /^MODEL[a-z0-9]{6}$/;

/** AWS shows no empty maps of a method that was imported. */
function presentOr<T>(values: Readonly<Record<string, T>>): Readonly<Record<string, T>> | undefined {
  return Object.keys(values).length === 0 ? undefined : values;
}
