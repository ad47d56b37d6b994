import { UpdateRestApi$, type UpdateRestApiRequest } from '@aws-sdk/client-api-gateway';
import { checkApiPolicy } from '../access/resource-policy.ts';
import { badRequest, notSupported } from '../errors.ts';
import { invalidPath, onlyReplace, type Patch, readPatches } from '../patch.ts';
import type { EndpointType, RestApi } from '../store/model.ts';
import { restApiShape } from '../store/shapes.ts';
import { checkCompressionSize, checkKeySource } from './create-rest-api.ts';
import { operation } from './operation.ts';

const UNSUPPORTED: Record<string, string> = {
  securityPolicy: 'TLS policies of the default endpoint',
  endpointAccessMode: 'the access mode of the default endpoint',
};

export const updateRestApi = operation(UpdateRestApi$, ({ store }, input: UpdateRestApiRequest, call) => {
  const api = store.api(call, input.restApiId);
  const patches = readPatches(input.patchOperations, 'updateRestApiInput');
  const changes = patches.map((patch) => changeOf(patch));
  for (const change of changes) change(api);
  return { ...restApiShape(api), tags: Object.fromEntries(api.tags) };
});

function changeOf(patch: Patch): (api: RestApi) => void {
  const { value } = patch;
  const [member = '', ...rest] = patch.segments;
  if (Object.hasOwn(UNSUPPORTED, member)) {
    throw notSupported(`${UNSUPPORTED[member]} (patch path ${patch.path})`);
  }
  if (member === 'endpointConfiguration') return changeOfEndpoint(patch, rest);
  if (member === 'binaryMediaTypes') return changeOfBinaryTypes(patch, rest);
  if (rest.length > 0) throw invalidPath(patch);
  switch (member) {
    case 'name':
      onlyReplace(patch);
      if (!value) throw badRequest('API name cannot be empty');
      return (api) => {
        api.name = value;
      };
    case 'description':
      return (api) => {
        api.description = patch.op === 'remove' || !value ? undefined : value;
      };
    case 'version':
      return (api) => {
        api.version = patch.op === 'remove' || !value ? undefined : value;
      };
    case 'policy':
      return (api) => {
        if (patch.op !== 'remove' && value) checkApiPolicy(value, api);
        api.policy = patch.op === 'remove' || !value ? undefined : value;
      };
    case 'apiKeySource':
      onlyReplace(patch);
      checkKeySource(value);
      return (api) => {
        api.apiKeySource = value === 'AUTHORIZER' ? 'AUTHORIZER' : 'HEADER';
      };
    case 'minimumCompressionSize': {
      onlyReplace(patch);
      const bytes = checkCompressionSize(value ? Number(value) : undefined);
      return (api) => {
        api.minimumCompressionSize = bytes;
      };
    }
    case 'disableExecuteApiEndpoint':
      onlyReplace(patch);
      return (api) => {
        api.disableExecuteApiEndpoint = value === 'true' || value === 'True';
      };
    default:
      throw invalidPath(patch);
  }
}

const ENDPOINT_TYPES = ['REGIONAL', 'EDGE', 'PRIVATE'];

/** `/endpointConfiguration/types/EDGE`, or `/types/0`, and `/endpointConfiguration/ipAddressType`. */
function changeOfEndpoint(patch: Patch, [member, ...rest]: readonly string[]): (api: RestApi) => void {
  const { op, value = '' } = patch;
  if (member === 'ipAddressType' && rest.length === 0) {
    onlyReplace(patch);
    if (value !== 'ipv4' && value !== 'dualstack') throw badRequest('ipAddressType must be either ipv4 or dualstack.');
    return (api) => {
      api.ipAddressType = value;
    };
  }
  if (member === 'vpcEndpointIds') throw notSupported(`VPC endpoints (patch path ${patch.path})`);
  if (member !== 'types' || rest.length !== 1) throw invalidPath(patch);
  if (op !== 'replace') throw badRequest("Invalid patch operation specified. Must be 'add'|'remove'|'replace'");
  if (!ENDPOINT_TYPES.includes(value)) {
    throw badRequest(`Invalid EndpointTypes specified. Valid options are ${ENDPOINT_TYPES.join(',')}`);
  }
  if (value === 'PRIVATE') throw notSupported(`private APIs (patch path ${patch.path})`);
  return (api) => {
    api.endpointType = value as EndpointType;
  };
}

/** The list is patched as if it were a map: by `/binaryMediaTypes/image~1png` (recorded). */
function changeOfBinaryTypes(patch: Patch, [type, ...rest]: readonly string[]): (api: RestApi) => void {
  if (type === undefined || type === '' || rest.length > 0) throw invalidPath(patch);
  return ({ binaryMediaTypes }) => {
    if (patch.op !== 'add') binaryMediaTypes.delete(type);
    if (patch.op === 'add') binaryMediaTypes.add(type);
    else if (patch.op === 'replace' && patch.value) binaryMediaTypes.add(patch.value);
  };
}
