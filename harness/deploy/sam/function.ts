import type { MapEntry, MapNode, Node } from '../template/node.ts';
import { mapOf, RESOURCE_KEYS, refuseOtherKeys, sectionOf } from '../template/shape.ts';
import { type Subject, templateError, within, withinEntry } from '../template/template-error.ts';
import { readCodeUri, readHandler } from './code.ts';
import { readDestination } from './destinations.ts';
import { expandEvents } from './events.ts';
import { type Globals, withGlobals } from './globals.ts';
import { nodeOf, type Plain } from './node-of.ts';
import { FUNCTION_PROPERTIES, PASSED_ON } from './properties.ts';
import { destinationRight, LAMBDA_MAY_ASSUME, managedPolicy, type Rights, readPolicies } from './role.ts';

export const SERVERLESS_FUNCTION = 'AWS::Serverless::Function';

/** What SAM tags functions and roles with. Source: the translator of aws/serverless-application-model. */
const CREATED_BY = { Key: 'lambda:createdBy', Value: 'SAM' };

/** What everything that comes of the function has from it. */
const SHARED_KEYS = ['Condition', 'DeletionPolicy', 'UpdateReplacePolicy'];
/** What the function that comes of it has besides. */
const FUNCTION_KEYS = [...SHARED_KEYS, 'DependsOn'];

/**
 * The CloudFormation resources that SAM makes of a function, by logical id, the function first. Their nodes know where
 * in the file they come from. Source: SAM developer guide, "Generated CloudFormation resources for
 * AWS::Serverless::Function".
 */
export async function expandFunction(
  logicalId: string,
  { at, value }: MapEntry,
  globals: Globals,
  file: string,
): Promise<ReadonlyMap<string, MapEntry>> {
  const around: Subject = { file, path: logicalId, at };
  const resource = mapOf(value, around, 'a resource is a map with a Type');
  refuseOtherKeys(resource, RESOURCE_KEYS, around);
  const own = sectionOf(resource, 'Properties', around) ?? { kind: 'map', entries: new Map(), at };
  const { entries } = withGlobals(globals, 'Function', own);
  const properties = within(around, ['Properties'], at);
  refuseUnsupported(entries, properties);

  const role = `${logicalId}Role`;
  const rights = readPolicies(entries.get('Policies'), role, properties);
  if (entries.has('VpcConfig')) rights.managed.unshift(managedPolicy('AWSLambdaVPCAccessExecutionRole'));
  rights.managed.unshift(managedPolicy('AWSLambdaBasicExecutionRole'));
  const lambda = await lambdaProperties(entries, { resource: around, properties }, resource, rights);
  const mappings = expandEvents(entries.get('Events'), logicalId, properties, rights);
  const invokeConfig = expandInvokeConfig(entries.get('EventInvokeConfig'), logicalId, properties, rights);

  const resources = new Map<string, MapEntry>();
  const put = (id: string, type: string, of: MapEntry, keys: readonly string[]) => {
    const kept = [...resource.entries].filter(([key]) => keys.includes(key));
    const members = new Map([['Type', { at: of.at, value: nodeOf(type, of.at) }], ['Properties', of], ...kept]);
    resources.set(id, { at: of.at, value: { kind: 'map', entries: members, at: of.at } });
  };
  const asProperties = (of: ReadonlyMap<string, MapEntry>): MapEntry => ({
    at,
    value: { kind: 'map', entries: of, at },
  });
  put(logicalId, 'AWS::Lambda::Function', asProperties(lambda), FUNCTION_KEYS);
  if (!entries.has('Role')) {
    put(role, 'AWS::IAM::Role', asProperties(roleProperties(entries, properties, rights)), SHARED_KEYS);
  }
  for (const [id, mapping] of mappings) put(id, 'AWS::Lambda::EventSourceMapping', mapping, SHARED_KEYS);
  if (invokeConfig !== undefined) {
    const id = `${logicalId}EventInvokeConfig`;
    put(id, 'AWS::Lambda::EventInvokeConfig', asProperties(invokeConfig), SHARED_KEYS);
  }
  return resources;
}

function refuseUnsupported(entries: ReadonlyMap<string, MapEntry>, properties: Subject): void {
  for (const [key, entry] of entries) {
    if (FUNCTION_PROPERTIES.includes(key)) continue;
    throw templateError(
      'TEMPLATE_UNSUPPORTED_PROPERTY',
      withinEntry(properties, key, entry),
      `naetmul does not support this property of ${SERVERLESS_FUNCTION}.`,
      `Supported here are ${FUNCTION_PROPERTIES.join(', ')}.`,
    );
  }
}

async function lambdaProperties(
  entries: ReadonlyMap<string, MapEntry>,
  around: { readonly resource: Subject; readonly properties: Subject },
  resource: MapNode,
  rights: Rights,
): Promise<ReadonlyMap<string, MapEntry>> {
  const { properties } = around;
  const result = new Map<string, MapEntry>();
  /** Under another name, or with another value; an error still names what the file has. */
  const put = (name: string, from: string, value: Plain) => {
    const entry = entries.get(from) ?? { at: properties.at, value: nodeOf('', properties.at) };
    result.set(name, {
      at: entry.at,
      value: nodeOf(value, entry.at),
      origin: withinEntry(properties, from, entry).path,
    });
  };
  for (const name of PASSED_ON) {
    const entry = entries.get(name);
    if (entry !== undefined) result.set(name, entry);
  }
  const code = await readCodeUri(entries.get('CodeUri'), properties);
  put('Code', 'CodeUri', code.code);
  const handler = await readHandler(entries.get('Handler'), code, resource, around);
  if (handler !== undefined) put('Handler', 'Handler', handler);
  put('Role', 'Role', entries.get('Role')?.value ?? { 'Fn::GetAtt': [`${around.resource.path}Role`, 'Arn'] });
  put('Tags', 'Tags', [CREATED_BY, ...tagsOf(entries.get('Tags'), properties)]);
  const queue = entries.get('DeadLetterQueue');
  if (queue !== undefined) {
    const where = withinEntry(properties, 'DeadLetterQueue', queue);
    const { target } = readDestination(queue.value, where, 'TargetArn', ['SQS']);
    put('DeadLetterConfig', 'DeadLetterQueue', { TargetArn: target });
    rights.inline.push(destinationRight('DeadLetterQueuePolicy', 'SQS', target, queue.at));
  }
  return result;
}

function roleProperties(
  entries: ReadonlyMap<string, MapEntry>,
  properties: Subject,
  { managed, inline }: Rights,
): ReadonlyMap<string, MapEntry> {
  const { at } = properties;
  const result = new Map<string, MapEntry>();
  const put = (name: string, from: string, value: Plain) => {
    const entry = entries.get(from);
    const origin = entry ? withinEntry(properties, from, entry).path : properties.path;
    result.set(name, { at: entry?.at ?? at, value: nodeOf(value, entry?.at ?? at), origin });
  };
  const assume = 'AssumeRolePolicyDocument';
  put(assume, assume, entries.get(assume)?.value ?? LAMBDA_MAY_ASSUME);
  // Two queues need the same policy.
  put('ManagedPolicyArns', 'Policies', [...new Map(managed.map((one) => [JSON.stringify(one), one])).values()]);
  if (inline.length > 0) put('Policies', 'Policies', inline);
  const path = entries.get('RolePath');
  if (path !== undefined) put('Path', 'RolePath', path.value);
  put('Tags', 'Tags', [CREATED_BY, ...tagsOf(entries.get('Tags'), properties)]);
  return result;
}

/** SAM has tags as a map, CloudFormation as a list. */
function tagsOf(entry: MapEntry | undefined, properties: Subject): Plain[] {
  if (entry === undefined) return [];
  const map = mapOf(entry.value, withinEntry(properties, 'Tags', entry), 'must be a map from names to values');
  return [...map.entries].map(([Key, { value }]) => ({ Key, Value: value }));
}

const INVOKE_CONFIG_KEYS = ['DestinationConfig', 'MaximumEventAgeInSeconds', 'MaximumRetryAttempts'];

function expandInvokeConfig(
  entry: MapEntry | undefined,
  logicalId: string,
  properties: Subject,
  rights: Rights,
): ReadonlyMap<string, MapEntry> | undefined {
  if (entry === undefined) return undefined;
  const subject = withinEntry(properties, 'EventInvokeConfig', entry);
  const given = mapOf(entry.value, subject, 'must be a map');
  refuseOtherKeys(given, INVOKE_CONFIG_KEYS, subject);
  const result = new Map<string, MapEntry>();
  for (const [key, inner] of given.entries)
    result.set(key, { ...inner, origin: withinEntry(subject, key, inner).path });
  result.set('FunctionName', { at: entry.at, value: nodeOf({ Ref: logicalId }, entry.at) });
  result.set('Qualifier', { at: entry.at, value: nodeOf('$LATEST', entry.at) });
  const destinations = given.entries.get('DestinationConfig');
  if (destinations === undefined) return result;
  const where = withinEntry(subject, 'DestinationConfig', destinations);
  const map = mapOf(destinations.value, where, 'must be a map with OnSuccess and OnFailure');
  refuseOtherKeys(map, ['OnFailure', 'OnSuccess'], where);
  const targets: Record<string, { Destination: Node }> = {};
  for (const [outcome, node] of map.entries) {
    const { type, target } = readDestination(node.value, withinEntry(where, outcome, node), 'Destination', [
      'SQS',
      'Lambda',
    ]);
    targets[outcome] = { Destination: target };
    rights.inline.push(destinationRight(`${logicalId}EventInvokeConfig${outcome}Policy`, type, target, node.at));
  }
  result.set('DestinationConfig', { ...destinations, value: nodeOf(targets, destinations.at), origin: where.path });
  return result;
}
