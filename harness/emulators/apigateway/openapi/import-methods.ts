import type { PutIntegrationRequest } from '@aws-sdk/client-api-gateway';
import { putIntegration } from '../operations/put-integration.ts';
import { putIntegrationResponse } from '../operations/put-integration-response.ts';
import { putMethod } from '../operations/put-method.ts';
import { putMethodResponse } from '../operations/put-method-response.ts';
import type { Resource } from '../store/model.ts';
import { objectOf, type Plain, type PlainObject, textOf } from './document.ts';
import { ensureResource } from './draft.ts';
import { modelNames } from './import-models.ts';
import { EXTENSION, extensionOf, type ImportSite } from './import-site.ts';
import { type MethodDefinition, methodsOf } from './method-definition.ts';
import { securityOf } from './security.ts';

const STATUS_CODE = /^[1-5]\d\d$/;

/** The resource of a path, which goes before all of the definition's with `prefix`, and its methods. */
export async function importPath(site: ImportSite, prefix: string, path: string, item: PlainObject): Promise<void> {
  const whole = `${prefix}${path}`;
  let resource: Resource | undefined;
  await site.findings.attempt(`Unable to create resource at path '${whole}'`, () => {
    resource = ensureResource(site.draft, whole, site.before, site.random);
  });
  if (!resource) return;
  for (const method of methodsOf(site.document, whole, item)) await importMethod(site, resource, method);
}

async function importMethod(site: ImportSite, resource: Resource, method: MethodDefinition): Promise<void> {
  const { httpMethod, operation } = method;
  const at: Place = { resourceId: resource.id, httpMethod, path: resource.path };
  resource.methods.delete(httpMethod);
  await site.findings.attempt(`Unable to put method '${httpMethod}' on resource at path '${resource.path}'`, async () =>
    site.call(putMethod, {
      ...at,
      ...securityOf(site.document, operation, site.draft),
      operationName: textOf(operation.operationId),
      requestValidatorId: validatorId(site, operation),
      requestParameters: presentOr(method.requestParameters),
      requestModels: await modelNames(site, method.requestSchemas),
    }),
  );
  if (!resource.methods.has(httpMethod)) return;
  await importResponses(site, at, method);
  const integration = site.document.part(operation[`${EXTENSION}integration`]);
  if (integration) await importIntegration(site, at, integration);
}

interface Place {
  readonly resourceId: string;
  readonly httpMethod: string;
  readonly path: string;
}

const where = ({ httpMethod, path }: Place): string => `'${httpMethod}' for resource at path '${path}'`;

async function importResponses(site: ImportSite, at: Place, { responses }: MethodDefinition): Promise<void> {
  for (const { statusCode, headers, schemas } of responses) {
    if (!STATUS_CODE.test(statusCode)) {
      site.findings.warn(`Ignoring response '${statusCode}' of method ${where(at)}: it is no status code`);
      continue;
    }
    const parameters = headers.map((name) => [`method.response.header.${name}`, false] as const);
    await site.findings.attempt(`Unable to put method response '${statusCode}' on ${where(at)}`, async () =>
      site.call(putMethodResponse, {
        ...at,
        statusCode,
        responseParameters: presentOr(Object.fromEntries(parameters)),
        responseModels: await modelNames(site, schemas),
      }),
    );
  }
}

function validatorId(site: ImportSite, operation: PlainObject): string | undefined {
  const name = textOf(operation[`${EXTENSION}request-validator`] ?? extensionOf(site, 'request-validator'));
  if (name === undefined) return undefined;
  // One that is not defined is refused by its name, which is nobody's id.
  return [...site.draft.requestValidators.values()].find((validator) => validator.name === name)?.id ?? name;
}

async function importIntegration(site: ImportSite, at: Place, integration: PlainObject): Promise<void> {
  const type = textOf(integration.type)?.toUpperCase();
  const { timeoutInMillis } = integration;
  // Functions are always called with POST.
  const httpMethod = textOf(integration.httpMethod)?.toUpperCase() ?? (type === 'AWS_PROXY' ? 'POST' : at.httpMethod);
  let done = false;
  await site.findings.attempt(`Unable to put integration on ${where(at)}`, async () => {
    await site.call(putIntegration, {
      ...integration,
      ...at,
      type: type as PutIntegrationRequest['type'],
      integrationHttpMethod: httpMethod,
      connectionType: textOf(integration.connectionType)?.toUpperCase(),
      contentHandling: textOf(integration.contentHandling)?.toUpperCase(),
      passthroughBehavior: textOf(integration.passthroughBehavior)?.toUpperCase(),
      requestParameters: textsOnly(site, at, integration.requestParameters),
      timeoutInMillis: timeoutInMillis === undefined ? undefined : Number(timeoutInMillis),
    });
    done = true;
  });
  if (!done) return;
  for (const [pattern, value] of Object.entries(objectOf(integration.responses))) {
    const response = objectOf(value);
    const statusCode = textOf(response.statusCode) ?? '200';
    await site.findings.attempt(`Unable to put integration response '${statusCode}' on ${where(at)}`, () =>
      site.call(putIntegrationResponse, {
        ...at,
        statusCode,
        selectionPattern: pattern === 'default' ? undefined : pattern,
        responseParameters: response.responseParameters,
        responseTemplates: response.responseTemplates,
        contentHandling: textOf(response.contentHandling)?.toUpperCase(),
      }),
    );
  }
}

/** What is not text is left out, with a warning (recorded). */
function textsOnly(
  { findings }: ImportSite,
  { path, httpMethod }: Place,
  parameters: Plain | undefined,
): Record<string, string> | undefined {
  if (parameters === undefined) return undefined;
  const texts: Record<string, string> = {};
  for (const [name, value] of Object.entries(objectOf(parameters))) {
    if (typeof value === 'string') texts[name] = value;
    else {
      findings.warn(
        `Invalid format for 'requestParameters'. Expected type string for property '${name}' of resource '${path}' ` +
          `and method '${httpMethod}' but got '${value}'`,
      );
    }
  }
  return texts;
}

/** AWS shows no empty maps of a method that was imported. */
function presentOr<T>(values: Readonly<Record<string, T>>): Readonly<Record<string, T>> | undefined {
  return Object.keys(values).length === 0 ? undefined : values;
}
