import type { ApiSnapshot, GatewayResponse, GatewayResponseType } from '../store/model.ts';
import { DEFAULT_GATEWAY_TEMPLATES } from '../store/shapes.ts';
import { type ContextVariables, contextText } from './context-variables.ts';
import type { GatewayFailure } from './gateway-failure.ts';
import type { MultiMap } from './multi-map.ts';
import { mediaType } from './request.ts';
import { compileFormat } from './variables-format.ts';

/** A refusal of IAM keeps the capital letter that IAM gives it. */
const ACCESS_DENIED_TEMPLATES = { 'application/json': '{"Message":$context.error.messageString}' } as const;

/** What ends a request while it is carried out is told with a blank (recorded; before that, AWS writes none). */
const EXECUTION_TEMPLATES = { 'application/json': '{"message": $context.error.messageString}' } as const;
const OF_THE_EXECUTION: ReadonlySet<GatewayResponseType> = new Set([
  'API_CONFIGURATION_ERROR',
  'BAD_REQUEST_BODY',
  'BAD_REQUEST_PARAMETERS',
  'DEFAULT_5XX',
  'INTEGRATION_FAILURE',
  'INTEGRATION_TIMEOUT',
]);

export interface RenderedGatewayResponse {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
  /** The type of the API's own gateway response that this is; undefined for AWS's. */
  readonly setBy: GatewayResponseType | undefined;
}

/** What a gateway response may refer to. Before routing there are no path parameters. */
export interface GatewayResponseScope {
  readonly context: ContextVariables;
  readonly stageVariables: ReadonlyMap<string, string>;
  readonly headers: MultiMap;
  readonly query: MultiMap;
  readonly pathParameters: Readonly<Record<string, string>>;
}

/** The answer for a failure: the API's own for its type, else its own default for 4XX or 5XX, else AWS's. */
export function renderGatewayResponse(
  failure: GatewayFailure,
  gatewayResponses: ApiSnapshot['gatewayResponses'],
  scope: GatewayResponseScope,
): RenderedGatewayResponse {
  // A request that is too large is answered before the API's own settings are known.
  const types = [failure.type, failure.status < 500 ? 'DEFAULT_4XX' : 'DEFAULT_5XX'] as const;
  const setBy = failure.type === 'REQUEST_TOO_LARGE' ? undefined : types.find((type) => gatewayResponses.has(type));
  const set = setBy && gatewayResponses.get(setBy);
  const lookUp = (name: string): string => lookUpVariable(name, failure, scope) ?? '';
  const { type, template } = chooseTemplate(failure.type, set, scope.headers.lastOfAnyCase('accept'));
  const headers: Record<string, string> = { 'Content-Type': type, 'x-amzn-ErrorType': failure.errorType };
  for (const [target, source] of Object.entries(set?.responseParameters ?? {})) {
    const name = /^gatewayresponse\.header\.(.+)$/.exec(target)?.[1];
    const value = source.startsWith("'") ? source.slice(1, -1) : lookUpVariable(source, failure, scope);
    if (name !== undefined && value !== undefined) headers[name] = value;
  }
  return {
    status: set?.statusCode === undefined ? failure.status : Number(set.statusCode),
    headers,
    body: compileFormat(template)(lookUp),
    setBy,
  };
}

function chooseTemplate(of: GatewayResponseType, set: GatewayResponse | undefined, accept: string | undefined) {
  const own = set?.responseTemplates ?? {};
  const templates: Readonly<Record<string, string>> = Object.keys(own).length > 0 ? own : templatesOfAws(of, set);
  const wanted = mediaType(accept ?? '');
  const type = Object.hasOwn(templates, wanted)
    ? wanted
    : Object.hasOwn(templates, 'application/json')
      ? 'application/json'
      : (Object.keys(templates)[0] as string);
  return { type, template: templates[type] as string };
}

function templatesOfAws(of: GatewayResponseType, set: GatewayResponse | undefined) {
  if (of === 'ACCESS_DENIED') return ACCESS_DENIED_TEMPLATES;
  return set === undefined && OF_THE_EXECUTION.has(of) ? EXECUTION_TEMPLATES : DEFAULT_GATEWAY_TEMPLATES;
}

function lookUpVariable(name: string, failure: GatewayFailure, scope: GatewayResponseScope): string | undefined {
  if (name.startsWith('context.error.')) {
    const member = name.slice('context.error.'.length);
    if (member === 'message') return failure.told ?? '';
    if (member === 'messageString') return JSON.stringify(failure.told);
    if (member === 'responseType') return failure.type;
    if (member === 'validationErrorString') return failure.validationError;
    return undefined;
  }
  if (name.startsWith('context.')) return contextText(scope.context, name.slice('context.'.length));
  if (name.startsWith('stageVariables.')) return scope.stageVariables.get(name.slice('stageVariables.'.length));
  const [, kind, parameter = ''] = /^method\.request\.(header|querystring|path)\.(.+)$/.exec(name) ?? [];
  if (kind === 'header') return scope.headers.last(parameter);
  if (kind === 'querystring') return scope.query.last(parameter);
  return kind === 'path' ? scope.pathParameters[parameter] : undefined;
}
