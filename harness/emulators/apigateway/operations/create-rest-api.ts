import { CreateRestApi$, type CreateRestApiRequest, type RestApi as RestApiShape } from '@aws-sdk/client-api-gateway';
import { checkApiPolicy } from '../access/resource-policy.ts';
import { badRequest, refuse, validationError } from '../errors.ts';
import { MAX_PAYLOAD_BYTES } from '../limits.ts';
import { newApiId } from '../store/ids.ts';
import type { EndpointType, RestApi } from '../store/model.ts';
import { restApiShape } from '../store/shapes.ts';
import { makeDefaultModels } from '../validation/default-models.ts';
import { operation } from './operation.ts';

const ENDPOINT_TYPES = ['PRIVATE', 'EDGE', 'REGIONAL'];
const IP_ADDRESS_TYPES = ['ipv4', 'dualstack'];

export const createRestApi = operation(CreateRestApi$, (parts, input: CreateRestApiRequest, call): RestApiShape => {
  const { types = ['EDGE'], ipAddressType = 'ipv4', vpcEndpointIds } = input.endpointConfiguration ?? {};
  checkEndpoint(types, ipAddressType);
  if (!input.name) throw badRequest('API name cannot be empty');
  if (input.description === '') throw badRequest('Description cannot be an empty string');
  const minimumCompressionSize = checkCompressionSize(input.minimumCompressionSize ?? undefined);
  refuse(input.cloneFrom, 'copying an API (cloneFrom)');
  checkKeySource(input.apiKeySource);
  refuse(types[0] === 'PRIVATE', 'private APIs (endpointConfiguration.types)');
  refuse(vpcEndpointIds, 'VPC endpoints (endpointConfiguration.vpcEndpointIds)');
  refuse(input.securityPolicy, 'TLS policies of the default endpoint (securityPolicy)');
  refuse(input.endpointAccessMode, 'the access mode of the default endpoint (endpointAccessMode)');

  const rootResourceId = newApiId(parts.random);
  const id = newApiId(parts.random);
  if (input.policy) checkApiPolicy(input.policy, { id, region: call.region, accountId: call.accountId });
  const api: RestApi = {
    id,
    region: call.region,
    accountId: call.accountId,
    rootResourceId,
    createdDate: new Date(parts.clock.now()),
    name: input.name,
    description: input.description,
    version: input.version,
    disableExecuteApiEndpoint: input.disableExecuteApiEndpoint ?? false,
    endpointType: types[0] as EndpointType,
    ipAddressType: ipAddressType as RestApi['ipAddressType'],
    tags: new Map(Object.entries(input.tags ?? {})),
    resources: new Map([[rootResourceId, { id: rootResourceId, path: '/', methods: new Map() }]]),
    deployments: new Map(),
    stages: new Map(),
    gatewayResponses: new Map(),
    apiKeySource: input.apiKeySource ?? 'HEADER',
    policy: input.policy || undefined,
    binaryMediaTypes: new Set(input.binaryMediaTypes),
    minimumCompressionSize,
    models: makeDefaultModels(parts.random),
    requestValidators: new Map(),
    authorizers: new Map(),
  };
  parts.store.apis.set(api.id, api);
  return restApiShape(api);
});

export function checkKeySource(source: string | undefined): void {
  if (source !== undefined && source !== 'HEADER' && source !== 'AUTHORIZER') {
    throw badRequest('Invalid API key source specified. Must be one of: [HEADER, AUTHORIZER]');
  }
}

/** @throws for more than the largest payload */
export function checkCompressionSize(bytes: number | undefined): number | undefined {
  if (bytes === undefined || (Number.isInteger(bytes) && bytes >= 0 && bytes <= MAX_PAYLOAD_BYTES)) return bytes;
  throw badRequest(`Invalid minimum compression size, must be between 0 and ${MAX_PAYLOAD_BYTES}`);
}

function checkEndpoint(types: readonly string[], ipAddressType: string): void {
  const problems: string[] = [];
  if (types.some((type) => !ENDPOINT_TYPES.includes(type))) {
    problems.push(
      `Value '[${types.join(', ')}]' at 'createRestApiInput.endpointConfiguration.types' failed to satisfy constraint: ` +
        `Member must satisfy constraint: [Member must satisfy enum value set: [${ENDPOINT_TYPES.join(', ')}]]`,
    );
  }
  if (!IP_ADDRESS_TYPES.includes(ipAddressType)) {
    problems.push(
      `Value '${ipAddressType}' at 'createRestApiInput.endpointConfiguration.ipAddressType' failed to satisfy ` +
        `constraint: Member must satisfy enum value set: [${IP_ADDRESS_TYPES.join(', ')}]`,
    );
  }
  if (problems.length > 0) throw validationError(problems);
  if (types.length === 0) throw badRequest('REGIONAL Configuration and EDGE Configuration cannot be both DISABLED.');
  if (types.length > 1) throw badRequest('Cannot create an api with multiple Endpoint Types.');
}
