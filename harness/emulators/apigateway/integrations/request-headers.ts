import type { Exchange } from '../data-plane/exchange.ts';
import { configurationError } from '../data-plane/gateway-failure.ts';

/**
 * What becomes of the headers that an integration sends (recorded; developer guide, "Amazon API Gateway important
 * notes").
 */
export interface RequestHeaderRules {
  /** A mapping of one of these fails the request. */
  readonly refused: ReadonlySet<string>;
  /** These are never sent, whoever sets them. */
  readonly dropped: ReadonlySet<string>;
  /** True when the backend is told which API calls it. */
  readonly namesApi: boolean;
}

const OF_THE_MESSAGE = ['content-length', 'transfer-encoding', 'x-amzn-apigateway-api-id', 'x-amzn-trace-id'];

export const AWS_REQUEST: RequestHeaderRules = {
  refused: new Set([...OF_THE_MESSAGE, 'authorization', 'connection', 'expect', 'proxy-authenticate', 'te']),
  // The host of a service follows from its name and region.
  dropped: new Set(['expect', 'host', 'proxy-authenticate', 'referer', 'te']),
  namesApi: false,
};

export const HTTP_REQUEST: RequestHeaderRules = {
  refused: new Set(OF_THE_MESSAGE),
  // A `Trailer` announces what only a chunked body could have, and none is sent.
  dropped: new Set(['connection', 'expect', 'keep-alive', 'proxy-authenticate', 'te', 'trailer', 'via']),
  namesApi: true,
};

const NO_BODY_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** True for methods of which API Gateway sends no body. */
export const hasNoBody = (method: string): boolean => NO_BODY_METHODS.has(method);

/** @throws GatewayFailure when a mapping sets a header that it may not set */
export function checkMappedHeaders(names: Iterable<string>, { refused }: RequestHeaderRules): void {
  for (const name of names) {
    if (refused.has(name.toLowerCase())) throw configurationError(`${name} header already present`);
  }
}

/** The headers of a backend's request: those given, less what is dropped, with API Gateway's own. */
export function requestHeaders(
  exchange: Exchange,
  given: Iterable<readonly [string, string]>,
  rules: RequestHeaderRules,
): Record<string, string> {
  const headers: Record<string, string> = {};
  const names = new Set<string>();
  for (const [name, value] of given) {
    const lower = name.toLowerCase();
    if (rules.dropped.has(lower)) continue;
    headers[name] = value;
    names.add(lower);
  }
  if (!names.has('accept')) headers.Accept = 'application/json';
  if (!names.has('user-agent')) headers['User-Agent'] = `AmazonAPIGateway_${exchange.api.id}`;
  headers['X-Amzn-Trace-Id'] = `Root=${exchange.traceRoot}`;
  if (rules.namesApi) headers['X-Amzn-Apigateway-Api-Id'] = exchange.api.id;
  if (!names.has('content-type') && !hasNoBody(exchange.httpMethod)) {
    const contentType = exchange.headers.lastOfAnyCase('content-type');
    if (contentType !== undefined) headers['Content-Type'] = contentType;
  }
  return headers;
}
