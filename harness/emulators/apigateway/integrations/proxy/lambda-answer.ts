import type { GatewayAnswer } from '../../data-plane/exchange.ts';
import { configurationError } from '../../data-plane/gateway-failure.ts';
import { readBase64 } from '../base64.ts';
import { addResponseHeader, finishAnswer, PROXY_RESPONSE } from '../response-headers.ts';

const MEMBERS = new Set(['statusCode', 'headers', 'multiValueHeaders', 'body', 'isBase64Encoded']);
const DEFAULT_STATUS = 200;
const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/**
 * Reads what a function answers in a Lambda proxy integration (recorded; developer guide, "Output format of a Lambda
 * function for proxy integration"). Every member may be missing, or null. Undefined: it is malformed.
 *
 * @param acceptsBinary whether the request's `Accept` is among the API's binary media types
 * @throws GatewayFailure for a body that says it is base64 and is not
 */
export function readProxyAnswer(payload: string, acceptsBinary: boolean): GatewayAnswer | undefined {
  const answer = parseObject(payload);
  if (!answer || Object.keys(answer).some((member) => !MEMBERS.has(member))) return undefined;
  const status = statusOf(answer.statusCode);
  const headers = headersOf(answer.headers, answer.multiValueHeaders);
  const { body = null, isBase64Encoded = null } = answer;
  if (status === undefined || headers === undefined) return undefined;
  if (body !== null && typeof body !== 'string') return undefined;
  if (isBase64Encoded !== null && typeof isBase64Encoded !== 'boolean') return undefined;
  return finishAnswer(status, headers, isBase64Encoded && acceptsBinary ? decode(body ?? '') : (body ?? ''));
}

type Unread = Readonly<Record<string, unknown>>;

function parseObject(payload: string): Unread | undefined {
  try {
    const value: unknown = JSON.parse(payload);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Unread =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/** A number, also as text. */
function statusOf(statusCode: unknown): number | undefined {
  if (statusCode === undefined || statusCode === null) return DEFAULT_STATUS;
  if (typeof statusCode !== 'number' && typeof statusCode !== 'string') return undefined;
  const status = statusCode === '' ? Number.NaN : Number(statusCode);
  return Number.isInteger(status) && status >= 100 && status <= 599 ? status : undefined;
}

/**
 * Both kinds of headers in one: of a name in both, the spelling and the values of `multiValueHeaders` come first, and a
 * value that is there already does not come again.
 */
function headersOf(single: unknown, multi: unknown): Record<string, string | string[]> | undefined {
  const lists = new Map<string, { readonly name: string; readonly values: string[] }>();
  for (const [name, given] of entriesOf(multi)) {
    if (!Array.isArray(given)) return undefined;
    const values = given.map(textOf);
    if (!NAME.test(name) || values.includes(undefined)) return undefined;
    lists.set(name.toLowerCase(), { name, values: values as string[] });
  }
  for (const [name, given] of entriesOf(single)) {
    const value = textOf(given);
    if (!NAME.test(name) || value === undefined) return undefined;
    const list = lists.get(name.toLowerCase());
    if (!list) lists.set(name.toLowerCase(), { name, values: [value] });
    else if (!list.values.includes(value)) list.values.push(value);
  }
  if (![single, multi].every((map) => map === undefined || map === null || isObject(map))) return undefined;
  const headers: Record<string, string | string[]> = {};
  for (const { name, values } of lists.values()) {
    for (const value of values) addResponseHeader(headers, name, value, PROXY_RESPONSE);
  }
  return headers;
}

const entriesOf = (map: unknown): [string, unknown][] => (isObject(map) ? Object.entries(map) : []);

/** A header's value is text or a boolean. */
function textOf(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'boolean' ? String(value) : undefined;
}

function decode(body: string): Buffer {
  const bytes = readBase64(body);
  if (bytes === undefined) throw configurationError('Unable to base64 decode the body.');
  return bytes;
}
