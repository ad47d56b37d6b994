import type { Call } from '../../../../edge/emulator.ts';
import { badRequest, conflict, notFound } from '../../errors.ts';
import { operation, type Parts } from '../../operations/operation.ts';
import { page } from '../../operations/paging.ts';
import { newPartId } from '../../store/ids.ts';
import type { BasePathMapping, DomainName } from '../model.ts';
import {
  CreateApiMapping$,
  DeleteApiMapping$,
  GetApiMapping$,
  GetApiMappings$,
  UpdateApiMapping$,
} from './api-mapping-schemas.ts';
import { checkCharacters, checkTarget } from './base-path-checks.ts';

interface MappingFields {
  readonly ApiId?: string;
  readonly ApiMappingKey?: string;
  readonly Stage?: string;
}

interface DomainAddress {
  readonly DomainName: string;
}

interface MappingAddress extends DomainAddress {
  readonly ApiMappingId: string;
}

interface PageAddress extends DomainAddress {
  readonly MaxResults?: string;
  readonly NextToken?: string;
}

const shape = ({ id, restApiId, basePath, stage }: BasePathMapping) => ({
  ApiId: restApiId,
  ApiMappingId: id,
  ApiMappingKey: basePath,
  Stage: stage,
});

export const createApiMapping = operation(
  CreateApiMapping$,
  (parts, input: DomainAddress & MappingFields, call: Call) => {
    const domain = findDomain(parts, call, input);
    const { ApiId = '', ApiMappingKey = '', Stage } = input;
    if (!Stage) throw badRequest('Invalid stage identifier specified');
    const mapping = { id: newPartId(parts.random), basePath: checkKey(ApiMappingKey), restApiId: ApiId, stage: Stage };
    put(parts, call, domain, mapping, undefined);
    return shape(mapping);
  },
);

export const getApiMapping = operation(GetApiMapping$, (parts, input: MappingAddress, call) =>
  shape(findById(findDomain(parts, call, input), input.ApiMappingId)),
);

export const getApiMappings = operation(GetApiMappings$, (parts, input: PageAddress, call) => {
  const { mappings } = findDomain(parts, call, input);
  const request = { limit: Number(input.MaxResults ?? 0) || undefined, position: input.NextToken };
  const { items, position } = page([...mappings.values()], request, ({ id }) => id);
  return { Items: items.map(shape), NextToken: position };
});

export const updateApiMapping = operation(
  UpdateApiMapping$,
  (parts, input: MappingAddress & MappingFields, call: Call) => {
    const domain = findDomain(parts, call, input);
    const before = findById(domain, input.ApiMappingId);
    const next = {
      id: before.id,
      basePath: input.ApiMappingKey === undefined ? before.basePath : checkKey(input.ApiMappingKey),
      restApiId: input.ApiId ?? before.restApiId,
      stage: input.Stage || before.stage,
    };
    put(parts, call, domain, next, before);
    return shape(next);
  },
);

export const deleteApiMapping = operation(DeleteApiMapping$, (parts, input: MappingAddress, call) => {
  const { mappings } = findDomain(parts, call, input);
  mappings.delete(findById({ mappings }, input.ApiMappingId).basePath);
  return {};
});

/** In version 2 of the API, which knows regional domain names with TLS 1.2 only. In AWS's words. */
function findDomain({ store }: Parts, call: Call, { DomainName }: DomainAddress): DomainName {
  const domain = store.domains.find(call, DomainName);
  if (domain.endpointType !== 'REGIONAL') {
    throw badRequest(
      'Only REGIONAL domain names can be managed through the API Gateway V2 API. For EDGE domain names, please use ' +
        'the API Gateway V1 API. Also note that only REST APIs can be attached to EDGE domain names.',
    );
  }
  if (domain.securityPolicy !== 'TLS_1_2') {
    throw badRequest(
      'Only REGIONAL domain names with a security policy of TLS 1.2 can be managed through the API Gateway V2 API. ' +
        'For TLS 1.0 domain names, please use the API Gateway V1 API to upgrade your security policy to TLS 1.2. ' +
        'Currently, only REST APIs can be attached to a domain name with a security policy of TLS 1.0.',
    );
  }
  return domain;
}

function findById({ mappings }: Pick<DomainName, 'mappings'>, id: string): BasePathMapping {
  for (const mapping of mappings.values()) if (mapping.id === id) return mapping;
  throw notFound('Invalid ApiMapping identifier specified');
}

function checkKey(key: string): string {
  if (/^\/|\/\/|\/$/.test(key)) throw badRequest('An ApiMapping key has no slash at its ends, and no two in a row');
  checkCharacters(key);
  return key;
}

function put(
  { store }: Parts,
  call: Call,
  { mappings }: DomainName,
  mapping: BasePathMapping,
  before: BasePathMapping | undefined,
): void {
  checkTarget(store, call, mapping.restApiId, mapping.stage);
  if (mapping.basePath !== before?.basePath && mappings.has(mapping.basePath)) {
    throw conflict('ApiMapping key already exists for this domain name');
  }
  if (before) mappings.delete(before.basePath);
  mappings.set(mapping.basePath, mapping);
}
