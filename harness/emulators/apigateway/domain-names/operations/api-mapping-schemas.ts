import type { StaticOperationSchema, StaticStructureSchema } from '@smithy/types';

/**
 * API mappings of API Gateway's second API, as its model describes them (API Gateway V2 API reference, "ApiMapping").
 * With them alone AWS lets a base path have several parts, also for REST APIs.
 */
const NAMESPACE = 'com.amazonaws.apigatewayv2';
const LABEL = 1;
const TEXT = 0;

/** Members are called in lower camel case on the wire. */
function member(name: string): [0, { jsonName: string }] {
  return [TEXT, { jsonName: `${name.slice(0, 1).toLowerCase()}${name.slice(1)}` }];
}

function structure(name: string, members: Readonly<Record<string, unknown>>): StaticStructureSchema {
  return [3, NAMESPACE, name, 0, Object.keys(members), Object.values(members) as never];
}

const DOMAIN = { DomainName: [TEXT, LABEL] };
const MAPPING = { ...DOMAIN, ApiMappingId: [TEXT, LABEL] };
const FIELDS = { ApiId: member('ApiId'), ApiMappingKey: member('ApiMappingKey'), Stage: member('Stage') };
const PATH = '/v2/domainnames/{DomainName}/apimappings';

const apiMapping = structure('ApiMapping', { ...FIELDS, ApiMappingId: member('ApiMappingId') });
const apiMappings = structure('ApiMappings', {
  Items: [[1, NAMESPACE, 'ListOfApiMapping', 0, apiMapping], { jsonName: 'items' }],
  NextToken: member('NextToken'),
});

export const CreateApiMapping$: StaticOperationSchema = [
  9,
  NAMESPACE,
  'CreateApiMapping',
  { http: ['POST', PATH, 201] },
  structure('CreateApiMappingRequest', { ...DOMAIN, ...FIELDS }),
  apiMapping,
];

export const GetApiMapping$: StaticOperationSchema = [
  9,
  NAMESPACE,
  'GetApiMapping',
  { http: ['GET', `${PATH}/{ApiMappingId}`, 200] },
  structure('GetApiMappingRequest', MAPPING),
  apiMapping,
];

export const GetApiMappings$: StaticOperationSchema = [
  9,
  NAMESPACE,
  'GetApiMappings',
  { http: ['GET', PATH, 200] },
  structure('GetApiMappingsRequest', {
    ...DOMAIN,
    MaxResults: [TEXT, { httpQuery: 'maxResults' }],
    NextToken: [TEXT, { httpQuery: 'nextToken' }],
  }),
  apiMappings,
];

export const UpdateApiMapping$: StaticOperationSchema = [
  9,
  NAMESPACE,
  'UpdateApiMapping',
  { http: ['PATCH', `${PATH}/{ApiMappingId}`, 200] },
  structure('UpdateApiMappingRequest', { ...MAPPING, ...FIELDS }),
  apiMapping,
];

export const DeleteApiMapping$: StaticOperationSchema = [
  9,
  NAMESPACE,
  'DeleteApiMapping',
  { http: ['DELETE', `${PATH}/{ApiMappingId}`, 204] },
  structure('DeleteApiMappingRequest', MAPPING),
  structure('DeleteApiMappingResponse', {}),
];
