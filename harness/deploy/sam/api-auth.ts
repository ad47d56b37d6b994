import type { MapEntry, MapNode, Node } from '../template/node.ts';
import { mapOf, refuseOtherKeys, sectionOf, textAt } from '../template/shape.ts';
import { type Subject, templateError, within, withinEntry } from '../template/template-error.ts';
import type { ApiEvent } from './api-events.ts';
import { changePaths, isOpenApi, mapAt, withMembers } from './edit.ts';
import type { Plain } from './node-of.ts';
import { flagAt } from './properties.ts';
import { propertiesOf, resourceOf } from './resource.ts';

/** Who may call an API's methods, where a method does not say it itself. */
export interface ApiAuth {
  /** By name. */
  readonly authorizers: ReadonlyMap<string, Authorizer>;
  readonly defaultAuthorizer: string | undefined;
  readonly apiKeyRequired: boolean;
  /** Whether both hold for the method OPTIONS, too. */
  readonly preflight: { readonly authorizer: boolean; readonly apiKey: boolean };
}

interface Authorizer {
  readonly functionArn: Node;
  /** False where the template gives the right to call the function itself. */
  readonly permitted: boolean;
  /** In a definition. */
  readonly scheme: Plain;
  readonly subject: Subject;
}

const KEYS = [
  'AddApiKeyRequiredToCorsPreflight',
  'AddDefaultAuthorizerToCorsPreflight',
  'ApiKeyRequired',
  'Authorizers',
  'DefaultAuthorizer',
];
const AUTHORIZER_KEYS = [
  'DisableFunctionDefaultPermissions',
  'FunctionArn',
  'FunctionInvokeRole',
  'FunctionPayloadType',
  'Identity',
];
const SOURCES = [
  ['Headers', 'method.request.header.'],
  ['QueryStrings', 'method.request.querystring.'],
  ['StageVariables', 'stageVariables.'],
  ['Context', 'context.'],
] as const;
const IDENTITY_KEYS = ['Header', 'ReauthorizeEvery', 'ValidationExpression', ...SOURCES.map(([key]) => key)];

/** Marks of an event that wants none of what its API has for all; no definition keeps them. */
export const NO_AUTHORIZER = 'NONE';
const NO_API_KEY = 'api_key_false';
const API_KEY = 'api_key';
const API_KEY_SCHEME = { type: 'apiKey', name: 'x-api-key', in: 'header' } as const;
const INTEGRATION = 'x-amazon-apigateway-integration';

/** The `Auth` of an API, with functions as authorizers. Source: SAM developer guide, "ApiAuth". */
export function readAuth(entry: MapEntry | undefined, properties: Subject): ApiAuth | undefined {
  if (entry === undefined) return undefined;
  const subject = withinEntry(properties, 'Auth', entry);
  const given = mapOf(entry.value, subject, 'must be a map');
  refuseOtherKeys(given, KEYS, subject);
  const authorizers = new Map<string, Authorizer>();
  const section = sectionOf(given, 'Authorizers', subject);
  const around = within(subject, ['Authorizers'], section?.at ?? subject.at);
  for (const [name, one] of section?.entries ?? []) authorizers.set(name, readAuthorizer(name, one, around));
  const defaultAuthorizer = textAt(given, 'DefaultAuthorizer', subject);
  if (defaultAuthorizer !== undefined && !authorizers.has(defaultAuthorizer)) {
    const where = within(subject, ['DefaultAuthorizer'], given.entries.get('DefaultAuthorizer')?.at ?? subject.at);
    throw templateError('TEMPLATE_INVALID_PROPERTY', where, `${defaultAuthorizer} is none of the Authorizers.`);
  }
  return {
    authorizers,
    defaultAuthorizer,
    apiKeyRequired: flagAt(given, 'ApiKeyRequired', subject) ?? false,
    preflight: {
      authorizer: flagAt(given, 'AddDefaultAuthorizerToCorsPreflight', subject) ?? true,
      apiKey: flagAt(given, 'AddApiKeyRequiredToCorsPreflight', subject) ?? true,
    },
  };
}

function readAuthorizer(name: string, entry: MapEntry, around: Subject): Authorizer {
  const subject = withinEntry(around, name, entry);
  const given = mapOf(entry.value, subject, 'must be a map with FunctionArn');
  refuseOtherKeys(given, AUTHORIZER_KEYS, subject);
  const functionArn = given.entries.get('FunctionArn')?.value;
  if (functionArn === undefined) {
    throw templateError('TEMPLATE_INVALID_PROPERTY', within(subject, ['FunctionArn'], subject.at), 'is missing.');
  }
  const type = textAt(given, 'FunctionPayloadType', subject) ?? 'TOKEN';
  const at = (key: string): Subject => within(subject, [key], given.entries.get(key)?.at ?? subject.at);
  if (type !== 'TOKEN' && type !== 'REQUEST') {
    throw templateError('TEMPLATE_INVALID_PROPERTY', at('FunctionPayloadType'), 'must be TOKEN or REQUEST.');
  }
  const identity = sectionOf(given, 'Identity', subject);
  if (identity !== undefined) refuseOtherKeys(identity, IDENTITY_KEYS, at('Identity'));
  const member = (key: string): Node | undefined => identity?.entries.get(key)?.value;
  const identitySource = identity && type === 'REQUEST' ? sourceOf(identity, at('Identity')) : '';
  const ttl = member('ReauthorizeEvery');
  const isKept = !(ttl?.kind === 'scalar' && Number(ttl.value) === 0);
  if (type === 'REQUEST' && identitySource === '' && isKept) {
    const sentence = 'must have at least one of Headers, QueryStrings, StageVariables and Context.';
    throw templateError('TEMPLATE_INVALID_PROPERTY', at('Identity'), sentence);
  }
  const role = given.entries.get('FunctionInvokeRole')?.value;
  const uri = `arn:\${AWS::Partition}:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/\${__FunctionArn__}/invocations`;
  return {
    functionArn,
    permitted: flagAt(given, 'DisableFunctionDefaultPermissions', subject) !== true,
    scheme: {
      type: 'apiKey',
      name: type === 'REQUEST' ? 'Unused' : (member('Header') ?? 'Authorization'),
      in: 'header',
      'x-amazon-apigateway-authtype': 'custom',
      'x-amazon-apigateway-authorizer': {
        type: type.toLowerCase(),
        authorizerUri: { 'Fn::Sub': [uri, { __FunctionArn__: functionArn }] },
        authorizerResultTtlInSeconds: ttl,
        authorizerCredentials: role?.kind === 'scalar' && role.value === 'NONE' ? undefined : role,
        identitySource: identitySource === '' ? undefined : identitySource,
        identityValidationExpression: type === 'TOKEN' ? member('ValidationExpression') : undefined,
      },
    },
    subject,
  };
}

function sourceOf(identity: MapNode, subject: Subject): string {
  const sources = SOURCES.flatMap(([key, prefix]) => {
    const entry = identity.entries.get(key);
    if (entry === undefined) return [];
    const items = entry.value.kind === 'list' ? entry.value.items : [];
    const names = items.map((item) => (item.kind === 'scalar' ? `${prefix}${item.value}` : undefined));
    if (entry.value.kind === 'list' && names.every((name) => name !== undefined)) return names;
    throw templateError('TEMPLATE_INVALID_PROPERTY', withinEntry(subject, key, entry), 'must be a list of names.');
  });
  return sources.join(', ');
}

/** What a method that an event makes says of itself; undefined where it says nothing. */
export function securityOf({ auth }: ApiEvent): Plain | undefined {
  const names = [
    auth.authorizer,
    auth.apiKeyRequired === undefined ? undefined : auth.apiKeyRequired ? API_KEY : NO_API_KEY,
  ].filter((name) => name !== undefined);
  return names.length === 0 ? undefined : names.map((name) => ({ [name]: [] }));
}

/** @throws for an event that names an authorizer that its API has not */
export function checkEventAuth(events: readonly ApiEvent[], auth: ApiAuth | undefined): void {
  for (const { auth: own, subject } of events) {
    const { authorizer } = own;
    if (authorizer === undefined || auth?.authorizers.has(authorizer)) continue;
    if (authorizer === NO_AUTHORIZER && auth?.defaultAuthorizer !== undefined) continue;
    const sentence =
      authorizer === NO_AUTHORIZER
        ? 'NONE is for APIs that have a DefaultAuthorizer.'
        : `the API has no authorizer ${authorizer}.`;
    throw templateError('TEMPLATE_INVALID_PROPERTY', within(subject, ['Auth', 'Authorizer'], subject.at), sentence);
  }
}

/** The definition with the authorizers, and with the security of each method that something answers. */
export function addAuth(definition: MapNode, auth: ApiAuth | undefined, { at }: Subject): MapNode {
  const authorizers = auth?.authorizers ?? new Map<string, Authorizer>();
  let hasKeys = auth?.apiKeyRequired === true;
  const changed = changePaths(definition, (item) => {
    let changedItem = item;
    for (const [verb, { value: method }] of item.entries) {
      if (method.kind !== 'map' || !method.entries.has(INTEGRATION)) continue;
      const names = namesIn(method);
      const security = securityFor(names, verb.toLowerCase() === 'options', authorizers, auth);
      hasKeys ||= security.includes(API_KEY);
      if (security.join() === names.join()) continue;
      const value = security.length === 0 ? undefined : security.map((name) => ({ [name]: [] }));
      changedItem = withMembers(changedItem, { [verb]: withMembers(method, { security: value }, at) }, at);
    }
    return changedItem;
  });
  const schemes: Record<string, Plain> = {};
  for (const [name, { scheme }] of authorizers) schemes[name] = scheme;
  if (hasKeys) schemes[API_KEY] = API_KEY_SCHEME;
  return Object.keys(schemes).length === 0 ? changed : withSchemes(changed, schemes, at);
}

function namesIn(method: MapNode): string[] {
  const security = method.entries.get('security')?.value;
  const items = security?.kind === 'list' ? security.items : [];
  return items.flatMap((item) => (item.kind === 'map' ? [...item.entries.keys()] : []));
}

function securityFor(
  names: readonly string[],
  isPreflight: boolean,
  authorizers: ReadonlyMap<string, Authorizer>,
  auth: ApiAuth | undefined,
): string[] {
  const own = names.filter((name) => authorizers.has(name));
  const rest = names.filter((name) => ![...own, NO_AUTHORIZER, API_KEY, NO_API_KEY].includes(name));
  const takesDefault = own.length === 0 && !names.includes(NO_AUTHORIZER);
  const byDefault = takesDefault && (!isPreflight || auth?.preflight.authorizer) ? auth?.defaultAuthorizer : undefined;
  const wantsKey = auth?.apiKeyRequired === true && (!isPreflight || auth.preflight.apiKey);
  const hasKey = !names.includes(NO_API_KEY) && (wantsKey || names.includes(API_KEY));
  return [...rest, ...own, ...(byDefault === undefined ? [] : [byDefault]), ...(hasKey ? [API_KEY] : [])];
}

function withSchemes(definition: MapNode, schemes: Record<string, Plain>, at: Subject['at']): MapNode {
  const empty: MapNode = { kind: 'map', entries: new Map(), at };
  const added = (to: MapNode | undefined): MapNode => {
    const map = to ?? empty;
    const isNew = ([name]: [string, Plain]) => name !== API_KEY || !map.entries.has(API_KEY);
    return withMembers(map, Object.fromEntries(Object.entries(schemes).filter(isNew)), at);
  };
  if (!isOpenApi(definition)) {
    return withMembers(definition, { securityDefinitions: added(mapAt(definition, 'securityDefinitions')) }, at);
  }
  const components = mapAt(definition, 'components') ?? empty;
  const securitySchemes = added(mapAt(components, 'securitySchemes'));
  return withMembers(definition, { components: withMembers(components, { securitySchemes }, at) }, at);
}

/** The rights of an API to call the functions that authorize for it. */
export function permissionsOf(
  apiId: string,
  auth: ApiAuth | undefined,
  shared: readonly (readonly [string, MapEntry])[],
): Map<string, MapEntry> {
  const permissions = new Map<string, MapEntry>();
  for (const [name, { functionArn, permitted, subject }] of auth?.authorizers ?? []) {
    if (!permitted) continue;
    const source = `arn:\${AWS::Partition}:execute-api:\${AWS::Region}:\${AWS::AccountId}:\${${apiId}}/authorizers/*`;
    const properties = {
      Action: 'lambda:InvokeFunction',
      FunctionName: functionArn,
      Principal: 'apigateway.amazonaws.com',
      SourceArn: { 'Fn::Sub': source },
    };
    const id = `${apiId}${name}AuthorizerPermission`;
    permissions.set(id, resourceOf('AWS::Lambda::Permission', propertiesOf(properties, subject), shared));
  }
  return permissions;
}
