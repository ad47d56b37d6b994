import type { Exchange } from '../../data-plane/exchange.ts';
import { configurationError } from '../../data-plane/gateway-failure.ts';
import type { MethodRuntime } from '../../data-plane/runtime.ts';
import { overridden } from '../../data-plane/templates.ts';
import { convertRequestBody } from '../content-handling.ts';
import type { Backend, BackendRequest } from '../integration.ts';
import { checkMappedHeaders, type RequestHeaderRules, requestHeaders } from '../request-headers.ts';
import { mapParameters } from '../request-mapping.ts';
import { chooseRequestTemplate } from './request-template.ts';

/** The request template's output, or the body itself where no template applies. */
export function renderRequestBody(exchange: Exchange, runtime: MethodRuntime): Buffer | string {
  const { integration, requestTemplates, isBinary } = runtime;
  const template = chooseRequestTemplate(
    requestTemplates,
    integration.passthroughBehavior,
    exchange.headers.lastOfAnyCase('content-type'),
  );
  const body = convertRequestBody(exchange, isBinary, integration.contentHandling);
  if (!template) return body;
  if (typeof body !== 'string') throw configurationError('Unable to transform request');
  return template.render(exchange, body);
}

/** What goes to the backend: the rendered body with mapped parameters, over which a template's overrides win. */
export function buildBackendRequest<Target>(
  exchange: Exchange,
  runtime: MethodRuntime,
  body: Buffer | string,
  backend: Backend<Target>,
  rules: RequestHeaderRules,
): BackendRequest<Target> {
  const { header, path, ...mapped } = mapParameters(exchange, runtime);
  checkMappedHeaders(header.keys(), rules);
  let { querystring } = mapped;
  for (const [name, value] of overridden(exchange, 'requestOverride', 'header')) header.set(name, value);
  for (const [name, value] of overridden(exchange, 'requestOverride', 'path')) path.set(name, value);
  for (const [name, value] of overridden(exchange, 'requestOverride', 'querystring')) {
    querystring = [...querystring.filter(([other]) => other !== name), [name, value]];
  }
  return {
    method: methodOf(exchange, runtime),
    target: backend.targetOf(runtime, exchange, path),
    headers: requestHeaders(exchange, header, rules),
    query: querystring,
    body,
    hasCredentials: runtime.integration.credentials !== undefined,
  };
}

/** `ANY`, and none at all, is the method of the request. */
export function methodOf(exchange: Exchange, { integration: { httpMethod } }: MethodRuntime): string {
  return httpMethod && httpMethod !== 'ANY' ? httpMethod : exchange.httpMethod;
}
