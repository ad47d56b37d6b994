import { type AwsTarget, parseIntegrationUri } from '../integrations/aws-uri.ts';
import type { BackendRequest } from '../integrations/integration.ts';
import type { Exchange } from './exchange.ts';
import { configurationError } from './gateway-failure.ts';
import { checkHeaderNames } from './parameter-mapping.ts';
import { chooseRequestTemplate } from './request-template.ts';
import type { MethodRuntime } from './runtime.ts';
import { overridden } from './templates.ts';

/** Dropped from what goes to an AWS service, also when a mapping set them. */
const DROPPED_FOR_AWS = new Set(['expect', 'proxy-authenticate', 'te', 'referer']);
const NO_BODY_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** The request template's output, or the body itself where no template applies. */
export function renderRequestBody(exchange: Exchange, runtime: MethodRuntime): string {
  const template = chooseRequestTemplate(
    runtime.requestTemplates,
    runtime.integration.passthroughBehavior,
    exchange.headers.lastOfAnyCase('content-type'),
  );
  return template ? template.render(exchange, exchange.bodyText) : exchange.bodyText;
}

/** What goes to the backend: the rendered body with mapped parameters, over which a template's overrides win. */
export function buildBackendRequest(exchange: Exchange, runtime: MethodRuntime, body: string): BackendRequest {
  const mapped = {
    header: new Map<string, string>(),
    querystring: [] as [string, string][],
    path: new Map<string, string>(),
  };
  for (const { location, name, source } of runtime.requestMappings) {
    const value = source(exchange);
    if (value === undefined) continue;
    if (location !== 'querystring') mapped[location].set(name, typeof value === 'string' ? value : value.join(','));
    else for (const one of [value].flat()) mapped.querystring.push([name, one]);
  }
  checkHeaderNames(mapped.header.keys());
  for (const [name, value] of overridden(exchange, 'requestOverride', 'header')) mapped.header.set(name, value);
  for (const [name, value] of overridden(exchange, 'requestOverride', 'path')) mapped.path.set(name, value);
  for (const [name, value] of overridden(exchange, 'requestOverride', 'querystring')) {
    mapped.querystring = [...mapped.querystring.filter(([other]) => other !== name), [name, value]];
  }
  const { httpMethod } = runtime.integration;
  const method = httpMethod && httpMethod !== 'ANY' ? httpMethod : exchange.httpMethod;
  return {
    method,
    target: runtime.target ?? resolveTarget(runtime.integration.uri ?? '', exchange, mapped.path),
    headers: headersFor(exchange, method, mapped.header),
    query: mapped.querystring,
    body,
    hasCredentials: runtime.integration.credentials !== undefined,
  };
}

function headersFor(exchange: Exchange, method: string, mapped: ReadonlyMap<string, string>): Record<string, string> {
  const headers: Record<string, string> = {};
  const given = new Set<string>();
  for (const [name, value] of mapped) {
    if (DROPPED_FOR_AWS.has(name.toLowerCase())) continue;
    headers[name] = value;
    given.add(name.toLowerCase());
  }
  if (!given.has('accept')) headers.Accept = 'application/json';
  if (!given.has('user-agent')) headers['User-Agent'] = `AmazonAPIGateway_${exchange.api.id}`;
  headers['X-Amzn-Trace-Id'] = `Root=${exchange.traceRoot}`;
  const contentType = exchange.headers.lastOfAnyCase('content-type');
  if (contentType !== undefined && !given.has('content-type') && !NO_BODY_METHODS.has(method)) {
    headers['Content-Type'] = contentType;
  }
  return headers;
}

/** Fills `{name}` from mapped path parameters and `${stageVariables.name}` into an integration's URI. */
function resolveTarget(uri: string, exchange: Exchange, path: ReadonlyMap<string, string>): AwsTarget {
  const resolved = uri
    .replace(
      /\$\{stageVariables\.([A-Za-z0-9_]+)\}/g,
      (_whole, name: string) => exchange.stageVariables.get(name) ?? '',
    )
    .replace(/\{([^{}]+?)\+?\}/g, (whole, name: string) => path.get(name) ?? whole);
  const target = parseIntegrationUri(resolved);
  if (!target) throw configurationError(`Invalid endpoint address: ${resolved}`);
  return target;
}
