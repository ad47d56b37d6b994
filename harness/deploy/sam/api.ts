import { createHash } from 'node:crypto';
import type { MapEntry, MapNode, Node } from '../template/node.ts';
import { mapOf, RESOURCE_KEYS, refuseOtherKeys, sectionOf, textAt } from '../template/shape.ts';
import { type Subject, templateError, within, withinEntry } from '../template/template-error.ts';
import { type ApiAuth, addAuth, checkEventAuth, permissionsOf, readAuth, securityOf } from './api-auth.ts';
import { addCors, type Cors, readCors } from './api-cors.ts';
import { type ApiEvent, IMPLICIT_API } from './api-events.ts';
import { type Globals, withGlobals } from './globals.ts';
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
const OTHERS = ['Auth', 'Cors', 'DefinitionBody', 'EndpointConfiguration', 'OpenApiVersion', 'Tags'];
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
  globals: Globals,
  file: string,
): ReadonlyMap<string, MapEntry> {
  const around: Subject = { file, path: logicalId, at };
  const resource = mapOf(value, around, 'a resource is a map with a Type');
  refuseOtherKeys(resource, RESOURCE_KEYS, around);
  const given: MapNode = sectionOf(resource, 'Properties', around) ?? { kind: 'map', entries: new Map(), at };
  const properties = within(around, ['Properties'], resource.entries.get('Properties')?.at ?? at);
  for (const [key, entry] of given.entries) {
    if (API_PROPERTIES.includes(key)) continue;
    throw templateError(
      'TEMPLATE_UNSUPPORTED_PROPERTY',
      withinEntry(properties, key, entry),
      `naetmul does not support this property of ${SERVERLESS_API}.`,
      `Supported here are ${API_PROPERTIES.join(', ')}.`,
    );
  }
  if (!given.entries.has('StageName')) {
    const where = within(properties, ['StageName'], properties.at);
    throw templateError('TEMPLATE_INVALID_PROPERTY', where, `is missing (${SERVERLESS_API}).`);
  }
  const others = [...resource.entries].filter(([key]) => key !== 'Type' && key !== 'Properties' && key !== 'Metadata');
  return assemble(logicalId, withGlobals(globals, 'Api', given), properties, events, others);
}

/** The resources of the API that events without a `RestApiId` belong to. */
export function expandImplicitApi(
  events: readonly ApiEvent[],
  globals: Globals,
  subject: Subject,
): ReadonlyMap<string, MapEntry> {
  const { at, path } = subject;
  const stageName: MapEntry = { at, value: nodeOf(IMPLICIT_STAGE, at), origin: path };
  const given: MapNode = { kind: 'map', entries: new Map([['StageName', stageName]]), at };
  return assemble(IMPLICIT_API, withGlobals(globals, 'Api', given), subject, events, []);
}

/** @param others what stands beside the properties */
function assemble(
  apiId: string,
  own: MapNode,
  properties: Subject,
  events: readonly ApiEvent[],
  others: readonly (readonly [string, MapEntry])[],
): ReadonlyMap<string, MapEntry> {
  const { at, path } = properties;
  const { entries } = own;
  const auth = readAuth(entries.get('Auth'), properties);
  const cors = readCors(entries.get('Cors'), properties);
  const version = readVersion(own, properties);
  const definition = entries.get('DefinitionBody');
  if (definition === undefined) checkEventAuth(events, auth);
  const written = definition?.value ?? nodeOf(definitionOf(events, version), at);
  const bodyAt = definition === undefined ? properties : withinEntry(properties, 'DefinitionBody', definition);
  const body = guarded(written, cors, auth, bodyAt);

  const ofApi = taken(own, OF_API, properties);
  ofApi.set('Body', { at: bodyAt.at, value: body, origin: bodyAt.path });
  const endpoint = entries.get('EndpointConfiguration');
  if (endpoint !== undefined) ofApi.set('EndpointConfiguration', endpointOf(endpoint, properties));
  const ofStage = taken(own, OF_STAGE, properties);
  const tags = entries.get('Tags');
  if (tags !== undefined) ofStage.set('Tags', tagsOf(tags, properties));

  const deploymentId = `${apiId}Deployment${digestOf(body)}`;
  const stageName = ofStage.get('StageName')?.value;
  const stageId = `${apiId}${stageName?.kind === 'scalar' ? String(stageName.value) : ''}Stage`;
  for (const [key, ref] of [
    ['DeploymentId', deploymentId],
    ['RestApiId', apiId],
  ] as const) {
    ofStage.set(key, { at, value: nodeOf({ Ref: ref }, at), origin: path });
  }
  const entryOf = (members: ReadonlyMap<string, MapEntry>): MapEntry => ({
    at,
    value: { kind: 'map', entries: members, at },
    origin: path,
  });
  // The stage that SAM's deployments make besides is gone once there is an `OpenApiVersion`.
  const extraStage = version === undefined ? DEPLOYED_STAGE : undefined;
  const deployment = propertiesOf({ RestApiId: { Ref: apiId }, StageName: extraStage }, properties);
  const shared = others.filter(([key]) => key !== 'DependsOn');
  return new Map([
    [apiId, resourceOf('AWS::ApiGateway::RestApi', entryOf(ofApi), others)],
    [deploymentId, resourceOf('AWS::ApiGateway::Deployment', deployment, shared)],
    [stageId, resourceOf('AWS::ApiGateway::Stage', entryOf(ofStage), shared)],
    ...permissionsOf(apiId, auth, shared),
  ]);
}

/** The definition with what the API says for all of its methods. */
function guarded(definition: Node, cors: Cors | undefined, auth: ApiAuth | undefined, subject: Subject): Node {
  if (definition.kind !== 'map') {
    if (cors === undefined && auth === undefined) return definition;
    const sentence = 'must be written out here, since Cors and Auth add to it.';
    throw templateError('TEMPLATE_INVALID_PROPERTY', subject, sentence);
  }
  return addAuth(cors === undefined ? definition : addCors(definition, cors, subject), auth, subject);
}

function readVersion(own: MapNode, properties: Subject): string | undefined {
  const version = textAt(own, 'OpenApiVersion', properties);
  if (version === undefined || /^(?:2\.0|3\.\d+\.\d+)$/.test(version)) return version;
  const where = withinEntry(properties, 'OpenApiVersion', own.entries.get('OpenApiVersion') as MapEntry);
  throw templateError('TEMPLATE_INVALID_PROPERTY', where, "must be '2.0', or like '3.0.1'.");
}

/** The definition that SAM writes: each event a method that its function answers. */
function definitionOf(events: readonly ApiEvent[], version: string | undefined): Plain {
  const paths: Record<string, Record<string, Plain>> = {};
  for (const event of events) {
    const { functionId, path, method, subject } = event;
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
      security: securityOf(event),
    };
  }
  const specification = version?.startsWith('3') ? { openapi: version } : { swagger: '2.0' };
  return { ...specification, info: { version: '1.0', title: { Ref: 'AWS::StackName' } }, paths };
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
