import type { EdgeRequest } from '../../../edge/http.ts';
import { urlDecode } from '../input/util.ts';
import type { RestApi } from '../store/model.ts';
import { MultiMap } from './multi-map.ts';

/** Headers that API Gateway takes off before anything sees them. Source: apigateway.md, "Integration types". */
const DROPPED_HEADERS = new Set([
  'connection',
  'content-length',
  'content-md5',
  'expect',
  'max-forwards',
  'proxy-authenticate',
  'server',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'www-authenticate',
]);

/** What stands before an edge-optimised API spells these in its own way; other names come as they were sent (recorded). */
const EDGE_SPELLING = new Map([
  ['authorization', 'Authorization'],
  ['user-agent', 'User-Agent'],
]);

/** What the client sent, with the headers that API Gateway's own front adds. */
export function readHeaders(request: EdgeRequest, traceRoot: string, type: RestApi['endpointType']): MultiMap {
  const spelling = type === 'EDGE' ? EDGE_SPELLING : undefined;
  const headers = new MultiMap();
  const { rawHeaders } = request;
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] as string;
    const lower = name.toLowerCase();
    if (DROPPED_HEADERS.has(lower) || FRONT_HEADERS.has(lower)) continue;
    headers.add(spelling?.get(lower) ?? name, rawHeaders[at + 1] as string);
  }
  headers.add('X-Amzn-Trace-Id', `Root=${traceRoot}`);
  const forwarded = request.headers['x-forwarded-for'];
  headers.add('X-Forwarded-For', forwarded ? `${forwarded}, ${request.remoteAddress}` : request.remoteAddress);
  headers.add('X-Forwarded-Port', '443');
  headers.add('X-Forwarded-Proto', 'https');
  return headers;
}

/**
 * The trace that a request belongs to, after `Root=`: the sender's, with the parent that it names and whether it is
 * sampled (recorded), or a new one.
 */
export function traceRootOf(request: EdgeRequest, make: () => string): string {
  const given = request.headers['x-amzn-trace-id'];
  const parts = typeof given === 'string' ? given.split(';').map((part) => part.trim()) : [];
  const root = parts.find((part) => TRACE_ROOT.test(part));
  if (root === undefined) return make();
  const rest = parts.filter((part) => /^(?:Parent|Sampled)=/.test(part));
  return [root.slice('Root='.length), ...rest].join(';');
}

const TRACE_ROOT = /^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/i;

const FRONT_HEADERS = new Set(['x-amzn-trace-id', 'x-forwarded-for', 'x-forwarded-port', 'x-forwarded-proto']);

/** `a=1&b=%20x&c`: decoded as form values are; a name without `=` has the empty value; what cannot be decoded stays. */
export function readQuery(query: string): MultiMap {
  const parameters = new MultiMap();
  for (const part of query.split(/[&;]/)) {
    if (part === '') continue;
    const equals = part.indexOf('=');
    const [name, value] = equals < 0 ? [part, ''] : [part.slice(0, equals), part.slice(equals + 1)];
    parameters.add(decodeOr(name), decodeOr(value));
  }
  return parameters;
}

function decodeOr(text: string): string {
  try {
    return urlDecode(text);
  } catch {
    return text;
  }
}

/** The media type alone: `application/json; charset=UTF-8` is `application/json`. */
export function mediaType(contentType: string): string {
  const semicolon = contentType.indexOf(';');
  return (semicolon < 0 ? contentType : contentType.slice(0, semicolon)).trim();
}
