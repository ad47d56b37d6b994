import type { Exchange, GatewayAnswer } from '../../data-plane/exchange.ts';
import type { MethodRuntime } from '../../data-plane/runtime.ts';
import type { Caller } from '../call.ts';
import { convertRequestBody, convertResponseBody } from '../content-handling.ts';
import { methodOf } from '../custom/request.ts';
import type { Backend, BackendRequest, BackendResponse, Integration } from '../integration.ts';
import { checkMappedHeaders, HTTP_REQUEST, requestHeaders } from '../request-headers.ts';
import { type MappedParameters, mapParameters } from '../request-mapping.ts';
import { addResponseHeader, finishAnswer, PROXY_RESPONSE } from '../response-headers.ts';

/** Headers of the caller that stay behind, unless a mapping sends them on (recorded). */
const LEFT_BEHIND = new Set(['content-encoding', 'host', 'x-http-method-override']);
const SIGNATURE = /^AWS4-/;

/** HTTP_PROXY: the request goes to the backend as it came, the backend's answer to the caller. */
export function createHttpProxy(backend: Backend<string>, call: Caller): Integration {
  return {
    async answer(exchange, method) {
      const request = buildRequest(exchange, method, backend);
      const response = await call(backend, request, exchange, method.integration.timeoutInMillis);
      return buildAnswer(exchange, method, response);
    },
  };
}

function buildRequest(exchange: Exchange, method: MethodRuntime, backend: Backend<string>): BackendRequest<string> {
  const { integration, isBinary } = method;
  const mapped = mapParameters(exchange, method);
  checkMappedHeaders(mapped.header.keys(), HTTP_REQUEST);
  return {
    method: methodOf(exchange, method),
    target: backend.targetOf(method, exchange, mapped.path),
    headers: requestHeaders(exchange, headersOf(exchange, mapped), HTTP_REQUEST),
    query: [...exchange.query.entries(), ...mapped.querystring],
    body: convertRequestBody(exchange, isBinary, integration.contentHandling),
    hasCredentials: integration.credentials !== undefined,
  };
}

/** The caller's headers, and those that mappings add or put in their place. */
function headersOf(exchange: Exchange, { header }: MappedParameters): [string, string][] {
  const replaced = new Set([...header.keys()].map((name) => name.toLowerCase()));
  const given: [string, string][] = [];
  for (const [name] of exchange.headers.lasts()) {
    const lower = name.toLowerCase();
    if (replaced.has(lower) || LEFT_BEHIND.has(lower)) continue;
    const value = exchange.headers.all(name).join(',');
    if (lower === 'authorization' && SIGNATURE.test(value)) continue;
    given.push([name, value]);
  }
  return [...given, ...header];
}

function buildAnswer(exchange: Exchange, { isBinary }: MethodRuntime, response: BackendResponse): GatewayAnswer {
  const headers: Record<string, string | string[]> = {};
  const { rawHeaders = [] } = response;
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    addResponseHeader(headers, rawHeaders[at] as string, rawHeaders[at + 1] as string, PROXY_RESPONSE);
  }
  return finishAnswer(response.status, headers, convertResponseBody(response, exchange, isBinary, undefined));
}
