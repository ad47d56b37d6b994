import type { MapEntry, MapNode, Node } from '../template/node.ts';
import { mapOf, refuseOtherKeys, sectionOf, textAt } from '../template/shape.ts';
import { type Subject, templateError, within, withinEntry } from '../template/template-error.ts';
import { flagAt } from './properties.ts';
import { propertiesOf, resourceOf } from './resource.ts';

/** The API of the events that name none. */
export const IMPLICIT_API = 'ServerlessRestApi';

const VERBS = ['any', 'delete', 'get', 'head', 'options', 'patch', 'post', 'put'];

/** A function's event of the type `Api`: a method that the function answers. */
export interface ApiEvent {
  readonly functionId: string;
  /** `Events` has it under this name. */
  readonly name: string;
  readonly path: string;
  /** In lower case; `any` for all. */
  readonly method: string;
  /** The API's logical id. */
  readonly apiId: string;
  readonly auth: EventAuth;
  /** Of the event's properties. */
  readonly subject: Subject;
}

/** Who may call a method, where it is not as its API says. */
export interface EventAuth {
  /** `NONE` for nobody's leave. */
  readonly authorizer: string | undefined;
  readonly apiKeyRequired: boolean | undefined;
}

/** The events of the type `Api` that an AWS::Serverless::Function has. */
export function readApiEvents(functionId: string, { at, value }: MapEntry, file: string): ApiEvent[] {
  const around: Subject = { file, path: functionId, at };
  const resource = mapOf(value, around, 'a resource is a map with a Type');
  const properties = sectionOf(resource, 'Properties', around);
  const entry = properties?.entries.get('Events');
  if (entry === undefined) return [];
  const subject = withinEntry(within(around, ['Properties'], at), 'Events', entry);
  const events = [...mapOf(entry.value, subject, 'must be a map of events').entries].flatMap(([name, event]) =>
    isApiEvent(event.value) ? [readApiEvent(functionId, name, event, withinEntry(subject, name, event))] : [],
  );
  const condition = resource.entries.get('Condition');
  if (condition !== undefined && events.length > 0) {
    const where = withinEntry(around, 'Condition', condition);
    const sentence = 'a function that has events of the type Api cannot have a condition here.';
    throw templateError('TEMPLATE_UNSUPPORTED_PROPERTY', where, sentence);
  }
  return events;
}

export function isApiEvent(event: Node): boolean {
  const type = event.kind === 'map' ? event.entries.get('Type')?.value : undefined;
  return type?.kind === 'scalar' && type.value === 'Api';
}

function readApiEvent(functionId: string, name: string, entry: MapEntry, around: Subject): ApiEvent {
  const event = mapOf(entry.value, around, 'an event is a map with Type and Properties');
  refuseOtherKeys(event, ['Type', 'Properties'], around);
  const subject = within(around, ['Properties'], event.entries.get('Properties')?.at ?? entry.at);
  const given = sectionOf(event, 'Properties', around) ?? { kind: 'map', entries: new Map(), at: entry.at };
  refuseOtherKeys(given, ['Path', 'Method', 'RestApiId', 'Auth'], subject);
  const needed = (key: string): string => {
    const text = textAt(given, key, subject);
    if (text !== undefined) return text;
    throw templateError('TEMPLATE_INVALID_PROPERTY', within(subject, [key], subject.at), 'is missing (Api event).');
  };
  const where = (key: string) => within(subject, [key], given.entries.get(key)?.at ?? subject.at);
  const path = needed('Path');
  if (!path.startsWith('/')) throw templateError('TEMPLATE_INVALID_PROPERTY', where('Path'), 'must begin with "/".');
  const method = needed('Method').toLowerCase();
  if (!VERBS.includes(method)) {
    const sentence = `must be one of ${VERBS.join(', ').toUpperCase()}.`;
    throw templateError('TEMPLATE_INVALID_PROPERTY', where('Method'), sentence);
  }
  const api = given.entries.get('RestApiId');
  const apiId = api === undefined ? IMPLICIT_API : nameIn(api.value, where('RestApiId'));
  return { functionId, name, path, method, apiId, auth: readEventAuth(given, subject), subject };
}

function readEventAuth(given: MapNode, subject: Subject): EventAuth {
  const auth = sectionOf(given, 'Auth', subject);
  if (auth === undefined) return { authorizer: undefined, apiKeyRequired: undefined };
  const where = within(subject, ['Auth'], auth.at);
  refuseOtherKeys(auth, ['ApiKeyRequired', 'Authorizer'], where);
  return { authorizer: textAt(auth, 'Authorizer', where), apiKeyRequired: flagAt(auth, 'ApiKeyRequired', where) };
}

/** The logical id in `!Ref Api`, or written out. */
function nameIn(node: Node, subject: Subject): string {
  const name = node.kind === 'call' && node.name === 'Ref' ? node.argument : node;
  if (name.kind === 'scalar') return String(name.value);
  throw templateError('TEMPLATE_UNSUPPORTED_PROPERTY', subject, 'must be !Ref of an API of this template.');
}

/** What SAM puts behind `{function}{event}Permission`, and the right of the API's method to call the function. */
export function permissionOf(event: ApiEvent, stageName: Node | string | undefined): [string, MapEntry] {
  const { functionId, name, path, method, apiId, subject } = event;
  const written = typeof stageName === 'object' && stageName.kind === 'scalar' ? String(stageName.value) : stageName;
  const suffix = typeof written === 'string' ? written : 'Stage';
  // A path of an ARN ends without "/" and has "*" for everything that can vary.
  const inArn = path.replace(/(.)\/$/, '$1').replaceAll(/\{[\w.-]+\+?\}/g, '*');
  const verb = method === 'any' ? '*' : method.toUpperCase();
  const source = `arn:\${AWS::Partition}:execute-api:\${AWS::Region}:\${AWS::AccountId}:\${${apiId}}/*/${verb}${inArn}`;
  const properties = {
    Action: 'lambda:InvokeFunction',
    FunctionName: { Ref: functionId },
    Principal: 'apigateway.amazonaws.com',
    SourceArn: { 'Fn::Sub': source },
  };
  const id = `${functionId}${name}Permission${suffix}`;
  return [id, resourceOf('AWS::Lambda::Permission', propertiesOf(properties, subject))];
}
