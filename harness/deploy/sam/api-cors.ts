import type { MapEntry, MapNode, Node } from '../template/node.ts';
import { mapOf, refuseOtherKeys } from '../template/shape.ts';
import { type Subject, templateError, within, withinEntry } from '../template/template-error.ts';
import { changePaths, isOpenApi, withMembers } from './edit.ts';
import type { Plain } from './node-of.ts';
import { flagAt } from './properties.ts';

/** What an API tells browsers. The values are those of mappings: a text stands in single quotes. */
export interface Cors {
  readonly origin: Node | string;
  readonly headers: Node | undefined;
  readonly methods: Node | undefined;
  readonly maxAge: Node | undefined;
  readonly credentials: boolean;
}

const KEYS = ['AllowCredentials', 'AllowHeaders', 'AllowMethods', 'AllowOrigin', 'MaxAge'];
const ANY_ORIGIN = "'*'";
const ANY_METHOD = 'x-amazon-apigateway-any-method';
const METHODS = ['delete', 'get', 'head', 'options', 'patch', 'post', 'put'];
const TEXT = { type: 'string' };

/** The `Cors` of an API: the origin alone, or a map. Source: SAM developer guide, "CorsConfiguration". */
export function readCors(entry: MapEntry | undefined, properties: Subject): Cors | undefined {
  if (entry === undefined) return undefined;
  const subject = withinEntry(properties, 'Cors', entry);
  const { value } = entry;
  if (value.kind === 'call') return { ...ORIGIN_ALONE, origin: value };
  if (value.kind === 'scalar') return value.value === '' ? undefined : { ...ORIGIN_ALONE, origin: value };
  const given = mapOf(value, subject, 'must be an origin, or a map');
  refuseOtherKeys(given, KEYS, subject);
  if (given.entries.size === 0) return undefined;
  const at = (key: string): Node | undefined => given.entries.get(key)?.value;
  const origin = at('AllowOrigin') ?? ANY_ORIGIN;
  const originSubject = within(subject, ['AllowOrigin'], given.entries.get('AllowOrigin')?.at ?? subject.at);
  if (isText(origin, '')) throw templateError('TEMPLATE_INVALID_PROPERTY', originSubject, 'must not be empty.');
  const credentials = flagAt(given, 'AllowCredentials', subject) ?? false;
  if (credentials && isText(origin, ANY_ORIGIN)) {
    const sentence = "must name an origin where AllowCredentials is true: browsers refuse '*' then.";
    throw templateError('TEMPLATE_INVALID_PROPERTY', originSubject, sentence);
  }
  return { origin, headers: at('AllowHeaders'), methods: at('AllowMethods'), maxAge: at('MaxAge'), credentials };
}

const ORIGIN_ALONE = { headers: undefined, methods: undefined, maxAge: undefined, credentials: false } as const;

const isText = (node: Node | string, text: string): boolean =>
  typeof node === 'string' ? node === text : node.kind === 'scalar' && node.value === text;

/**
 * The definition with a method OPTIONS at each path that has none, which answers what browsers ask before the request
 * itself. What a function answers has no such headers: it sends its own.
 */
export function addCors(definition: MapNode, cors: Cors, { at }: Subject): MapNode {
  const openApi = isOpenApi(definition);
  const done = new Set<string>();
  return changePaths(definition, (item, path) => {
    const resource = path === '/' ? path : path.replace(/\/+$/, '');
    const names = [...item.entries.keys()].map((name) => name.toLowerCase());
    if (done.has(resource)) return item;
    done.add(resource);
    if (names.includes('options')) return item;
    const allowed = names.includes(ANY_METHOD)
      ? METHODS
      : [...names.filter((name) => METHODS.includes(name)), 'options'];
    const methods = cors.methods ?? `'${allowed.sort().join(',').toUpperCase()}'`;
    return withMembers(item, { options: optionsMethod({ ...cors, methods }, openApi) }, at);
  });
}

function optionsMethod(cors: Omit<Cors, 'methods'> & { readonly methods: Node | string }, openApi: boolean): Plain {
  const told: readonly (readonly [name: string, value: Plain | undefined, type: Plain])[] = [
    ['Allow-Origin', cors.origin, TEXT],
    ['Allow-Headers', cors.headers, TEXT],
    ['Allow-Methods', cors.methods, TEXT],
    ['Max-Age', cors.maxAge, { type: 'integer' }],
    ['Allow-Credentials', cors.credentials ? "'true'" : undefined, TEXT],
  ];
  const parameters: Record<string, Plain> = {};
  const headers: Record<string, Plain> = {};
  for (const [name, value, type] of told) {
    if (value === undefined) continue;
    parameters[`method.response.header.Access-Control-${name}`] = value;
    headers[`Access-Control-${name}`] = openApi ? { schema: type } : type;
  }
  const types = openApi ? {} : { consumes: ['application/json'], produces: ['application/json'] };
  return {
    summary: 'CORS support',
    ...types,
    'x-amazon-apigateway-integration': {
      type: 'mock',
      requestTemplates: { 'application/json': '{\n  "statusCode" : 200\n}\n' },
      responses: {
        default: {
          statusCode: '200',
          responseParameters: parameters,
          responseTemplates: { 'application/json': '{}\n' },
        },
      },
    },
    responses: { 200: { description: 'Default response for CORS method', headers } },
  };
}
