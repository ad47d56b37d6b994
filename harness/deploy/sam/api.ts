import { createHash } from 'node:crypto';
import type { MapEntry, MapNode, Node } from '../template/node.ts';
import { mapOf, RESOURCE_KEYS, refuseOtherKeys, sectionOf } from '../template/shape.ts';
import { type Subject, templateError, within, withinEntry } from '../template/template-error.ts';
import { type ApiEvent, IMPLICIT_API } from './api-events.ts';
import { nodeOf, type Plain } from './node-of.ts';
import { propertiesOf, resourceOf } from './resource.ts';

export const SERVERLESS_API = 'AWS::Serverless::Api';

/** What SAM calls the stage of the implicit API, and the one that its deployments make besides. */
export const IMPLICIT_STAGE = 'Prod';
const DEPLOYED_STAGE = 'Stage';

/** Properties that AWS::ApiGateway::RestApi and ::Stage take as they are. */
const OF_API = [
  'ApiKeySourceType',
  'BinaryMediaTypes',
  'Description',
  'FailOnWarnings',
  'MinimumCompressionSize',
  'Mode',
  'Name',
];
const OF_STAGE = ['AccessLogSetting', 'MethodSettings', 'StageName', 'TracingEnabled', 'Variables'];
const OTHERS = ['DefinitionBody', 'EndpointConfiguration', 'Tags'];
const API_PROPERTIES = [...OF_API, ...OF_STAGE, ...OTHERS].sort();

/**
 * The CloudFormation resources that SAM makes of an AWS::Serverless::Api: the API, with the methods of `events` unless
 * it has a definition of its own, its deployment and its stage. Source: SAM developer guide, "Generated CloudFormation
 * resources for AWS::Serverless::Api".
 */
export function expandApi(
  logicalId: string,
  { at, value }: MapEntry,
  events: readonly ApiEvent[],
  file: string,
): ReadonlyMap<string, MapEntry> {
  const around: Subject = { file, path: logicalId, at };
  const resource = mapOf(value, around, 'a resource is a map with a Type');
  refuseOtherKeys(resource, RESOURCE_KEYS, around);
  const own: MapNode = sectionOf(resource, 'Properties', around) ?? { kind: 'map', entries: new Map(), at };
  const properties = within(around, ['Properties'], resource.entries.get('Properties')?.at ?? at);
  for (const [key, entry] of own.entries) {
    if (API_PROPERTIES.includes(key)) continue;
    throw templateError(
      'TEMPLATE_UNSUPPORTED_PROPERTY',
      withinEntry(properties, key, entry),
      `naetmul does not support this property of ${SERVERLESS_API}.`,
      `Supported here are ${API_PROPERTIES.join(', ')}.`,
    );
  }
  const stageName = own.entries.get('StageName');
  if (stageName === undefined) {
    const where = within(properties, ['StageName'], properties.at);
    throw templateError('TEMPLATE_INVALID_PROPERTY', where, `is missing (${SERVERLESS_API}).`);
  }
  const definition = own.entries.get('DefinitionBody');
  const body = definition?.value ?? nodeOf(definitionOf(events), at);
  const others = [...resource.entries].filter(([key]) => key !== 'Type' && key !== 'Properties' && key !== 'Metadata');
  const shared = others.filter(([key]) => key !== 'DependsOn');

  const ofApi = taken(own, OF_API, properties);
  const bodyAt = definition === undefined ? properties : withinEntry(properties, 'DefinitionBody', definition);
  ofApi.set('Body', { at: bodyAt.at, value: body, origin: bodyAt.path });
  const endpoint = own.entries.get('EndpointConfiguration');
  if (endpoint !== undefined) ofApi.set('EndpointConfiguration', endpointOf(endpoint, properties));

  const ofStage = taken(own, OF_STAGE, properties);
  const tags = own.entries.get('Tags');
  if (tags !== undefined) ofStage.set('Tags', tagsOf(tags, properties));
  return assemble(logicalId, body, properties, { ofApi, ofStage, others, shared });
}

/** The resources of the API that events without a `RestApiId` belong to. */
export function expandImplicitApi(events: readonly ApiEvent[], subject: Subject): ReadonlyMap<string, MapEntry> {
  const body = nodeOf(definitionOf(events), subject.at);
  const made = (key: string, value: Node): Map<string, MapEntry> =>
    new Map([[key, { at: subject.at, value, origin: subject.path }]]);
  const ofStage = made('StageName', nodeOf(IMPLICIT_STAGE, subject.at));
  return assemble(IMPLICIT_API, body, subject, { ofApi: made('Body', body), ofStage, others: [], shared: [] });
}

interface Parts {
  readonly ofApi: ReadonlyMap<string, MapEntry>;
  readonly ofStage: Map<string, MapEntry>;
  readonly others: readonly (readonly [string, MapEntry])[];
  readonly shared: readonly (readonly [string, MapEntry])[];
}

function assemble(apiId: string, body: Node, subject: Subject, parts: Parts): ReadonlyMap<string, MapEntry> {
  const { at, path } = subject;
  const entryOf = (entries: ReadonlyMap<string, MapEntry>): MapEntry => ({
    at,
    value: { kind: 'map', entries, at },
    origin: path,
  });
  const deploymentId = `${apiId}Deployment${digestOf(body)}`;
  const { ofStage } = parts;
  const stageName = ofStage.get('StageName')?.value;
  const stageId = `${apiId}${stageName?.kind === 'scalar' ? String(stageName.value) : ''}Stage`;
  for (const [key, ref] of [
    ['DeploymentId', deploymentId],
    ['RestApiId', apiId],
  ] as const) {
    ofStage.set(key, { at, value: nodeOf({ Ref: ref }, at), origin: path });
  }
  const deployment = propertiesOf({ RestApiId: { Ref: apiId }, StageName: DEPLOYED_STAGE }, subject);
  return new Map([
    [apiId, resourceOf('AWS::ApiGateway::RestApi', entryOf(parts.ofApi), parts.others)],
    [deploymentId, resourceOf('AWS::ApiGateway::Deployment', deployment, parts.shared)],
    [stageId, resourceOf('AWS::ApiGateway::Stage', entryOf(ofStage), parts.shared)],
  ]);
}

/** The definition that SAM writes: each event a method that its function answers. */
function definitionOf(events: readonly ApiEvent[]): Plain {
  const paths: Record<string, Record<string, Plain>> = {};
  for (const { functionId, path, method, subject } of events) {
    paths[path] ??= {};
    const verb = method === 'any' ? 'x-amazon-apigateway-any-method' : method;
    if (paths[path][verb] !== undefined) {
      const sentence = `API method "${method}" defined multiple times for path "${path}".`;
      throw templateError('TEMPLATE_INVALID_PROPERTY', subject, sentence);
    }
    paths[path][verb] = {
      'x-amazon-apigateway-integration': {
        httpMethod: 'POST',
        type: 'aws_proxy',
        uri: {
          'Fn::Sub': `arn:\${AWS::Partition}:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/\${${functionId}.Arn}/invocations`,
        },
      },
      responses: {},
    };
  }
  return { swagger: '2.0', info: { version: '1.0', title: { Ref: 'AWS::StackName' } }, paths };
}

function taken(own: MapNode, keys: readonly string[], properties: Subject): Map<string, MapEntry> {
  const kept = [...own.entries].filter(([key]) => keys.includes(key));
  return new Map(kept.map(([key, entry]) => [key, { ...entry, origin: withinEntry(properties, key, entry).path }]));
}

/** SAM has one type of endpoint, CloudFormation a list. */
function endpointOf(entry: MapEntry, properties: Subject): MapEntry {
  const subject = withinEntry(properties, 'EndpointConfiguration', entry);
  const map = mapOf(entry.value, subject, 'must be a map with Type');
  refuseOtherKeys(map, ['Type'], subject);
  const type = map.entries.get('Type')?.value;
  return { ...entry, value: nodeOf({ Types: type && [type] }, entry.at), origin: subject.path };
}

/** SAM has tags as a map, CloudFormation as a list. */
function tagsOf(entry: MapEntry, properties: Subject): MapEntry {
  const subject = withinEntry(properties, 'Tags', entry);
  const map = mapOf(entry.value, subject, 'must be a map from names to values');
  const list = [...map.entries].map(([Key, { value }]) => ({ Key, Value: value }));
  return { ...entry, value: nodeOf(list, entry.at), origin: subject.path };
}

/** Ten digits that change with what the API is, so that what changed is deployed anew. */
function digestOf(body: Node): string {
  const text = JSON.stringify(body, (key, value) => {
    if (key === 'at') return undefined;
    return value instanceof Map ? [...value] : value;
  });
  return createHash('sha1').update(text).digest('hex').slice(0, 10);
}
