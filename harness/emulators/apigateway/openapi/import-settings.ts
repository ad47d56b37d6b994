import { createAuthorizer } from '../access/operations/authorizers.ts';
import { checkApiPolicy } from '../access/resource-policy.ts';
import { notSupported, refuse } from '../errors.ts';
import { checkCompressionSize, checkKeySource } from '../operations/create-rest-api.ts';
import { putGatewayResponse } from '../operations/put-gateway-response.ts';
import { newPartId } from '../store/ids.ts';
import type { RestApi } from '../store/model.ts';
import { listOf, objectOf, textOf } from './document.ts';
import { EXTENSION, extensionObject, extensionOf, type ImportSite } from './import-site.ts';
import { authorizersIn } from './security.ts';

const UNSUPPORTED: Readonly<Record<string, string>> = {
  'security-policy': 'TLS policies of the default endpoint',
  'endpoint-access-mode': 'the access mode of the default endpoint',
};

/** What a definition says of the API as a whole. */
export function importSettings(site: ImportSite): void {
  const { document, draft } = site;
  for (const [name, what] of Object.entries(UNSUPPORTED)) {
    if (extensionOf(site, name) !== undefined) throw notSupported(`${what} (${EXTENSION}${name})`);
  }
  const info = objectOf(document.root.info);
  draft.name = textOf(info.title) ?? draft.name;
  draft.description = textOf(info.description) ?? draft.description;
  draft.version = textOf(info.version) ?? draft.version;
  for (const type of listOf(extensionOf(site, 'binary-media-types'))) draft.binaryMediaTypes.add(String(type));
  const bytes = extensionOf(site, 'minimum-compression-size');
  if (bytes !== undefined && bytes !== null) draft.minimumCompressionSize = checkCompressionSize(Number(bytes));
  const source = textOf(extensionOf(site, 'api-key-source'))?.toUpperCase();
  checkKeySource(source);
  if (source !== undefined) draft.apiKeySource = source as RestApi['apiKeySource'];
  const policy = extensionOf(site, 'policy');
  if (policy) {
    const text = typeof policy === 'string' ? policy : JSON.stringify(policy);
    checkApiPolicy(text, draft);
    draft.policy = text;
  }
  importEndpoint(site);
}

/** In Swagger 2.0 an extension of the whole, in OpenAPI 3.0 one of a server. */
function importEndpoint(site: ImportSite): void {
  const name = `${EXTENSION}endpoint-configuration`;
  const { root } = site.document;
  for (const endpoint of [root[name], ...listOf(root.servers).map((server) => objectOf(server)[name])]) {
    const { disableExecuteApiEndpoint, vpcEndpointIds, types } = objectOf(endpoint);
    refuse(vpcEndpointIds, `VPC endpoints (${name}.vpcEndpointIds)`);
    refuse(listOf(types).includes('PRIVATE'), `private APIs (${name}.types)`);
    if (typeof disableExecuteApiEndpoint === 'boolean') {
      site.draft.disableExecuteApiEndpoint = disableExecuteApiEndpoint;
    }
  }
}

export async function importAuthorizers({ document, draft, findings, call }: ImportSite): Promise<void> {
  const { authorizers } = draft;
  for (const authorizer of authorizersIn(document)) {
    const same = [...authorizers.values()].find(({ name }) => name === authorizer.name);
    if (same) authorizers.delete(same.id);
    await findings.attempt(`Unable to create Authorizer '${authorizer.name}'`, () =>
      call(createAuthorizer, authorizer),
    );
    const made = [...authorizers.values()].at(-1);
    if (made && made.name === authorizer.name) made.hidesTtl = authorizer.authorizerResultTtlInSeconds === undefined;
    if (!same || made?.name !== same.name) continue;
    // Methods that the definition does not have go on with it.
    authorizers.delete(made.id);
    authorizers.set(same.id, { ...made, id: same.id });
  }
}

export function importValidators(site: ImportSite): void {
  const { requestValidators } = site.draft;
  for (const [name, value] of Object.entries(extensionObject(site, 'request-validators'))) {
    const same = [...requestValidators.values()].find((validator) => validator.name === name);
    const { validateRequestBody, validateRequestParameters } = objectOf(value);
    const id = same?.id ?? newPartId(site.random);
    requestValidators.set(id, {
      id,
      name,
      validateRequestBody: validateRequestBody === true,
      validateRequestParameters: validateRequestParameters === true,
    });
  }
}

export async function importGatewayResponses(site: ImportSite): Promise<void> {
  for (const [responseType, value] of Object.entries(extensionObject(site, 'gateway-responses'))) {
    const { statusCode, responseParameters, responseTemplates } = objectOf(value);
    const input = { responseType, statusCode: textOf(statusCode), responseParameters, responseTemplates };
    await site.findings.attempt(`Unable to put gateway response '${responseType}'`, () =>
      site.call(putGatewayResponse, input),
    );
  }
}
