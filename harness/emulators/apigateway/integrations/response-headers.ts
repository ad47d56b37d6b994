import type { GatewayAnswer } from '../data-plane/exchange.ts';

/**
 * What becomes of headers on their way to the caller. Of the remapped ones only `x-amzn-Remapped-<name>` arrives.
 * Sources: recorded answers, apigateway.md ("Response headers").
 */
export interface ResponseHeaderRules {
  readonly remapped: ReadonlySet<string>;
  readonly dropped: ReadonlySet<string>;
}

const REMAPPED_BY_ALL = ['connection', 'content-length', 'date', 'server', 'www-authenticate'];

/** Of what the integration response of a custom integration maps. */
export const CUSTOM_RESPONSE: ResponseHeaderRules = {
  remapped: new Set([
    ...REMAPPED_BY_ALL,
    'authorization',
    'content-md5',
    'expect',
    'host',
    'max-forwards',
    'proxy-authenticate',
    'trailer',
    'upgrade',
    'user-agent',
  ]),
  dropped: new Set(['transfer-encoding']),
};

/** Of what a proxy's backend answers. */
export const PROXY_RESPONSE: ResponseHeaderRules = {
  remapped: new Set([...REMAPPED_BY_ALL, 'x-amzn-requestid']),
  dropped: new Set(['keep-alive', 'transfer-encoding', 'via', 'x-amz-apigw-id']),
};

/** Adds a header under the name that it gets; a name that is there already gets another value. */
export function addResponseHeader(
  headers: Record<string, string | string[]>,
  name: string,
  value: string,
  { remapped, dropped }: ResponseHeaderRules,
): void {
  const lower = name.toLowerCase();
  if (dropped.has(lower)) return;
  const given = remapped.has(lower) ? `x-amzn-Remapped-${name}` : name;
  const known = headers[given];
  if (known === undefined) headers[given] = onWire(value);
  else if (typeof known === 'string') headers[given] = [known, onWire(value)];
  else known.push(onWire(value));
}

/**
 * A finished answer, with a content type, as every answer has one (developer guide, "Amazon API Gateway important
 * notes").
 */
export function finishAnswer(
  status: number,
  headers: Record<string, string | string[]>,
  body: Buffer | string,
  contentType = 'application/json',
): GatewayAnswer {
  if (!Object.keys(headers).some((name) => name.toLowerCase() === 'content-type'))
    headers['Content-Type'] = contentType;
  // Node writes headers before a text in the text's encoding, which is not theirs.
  const plain = typeof body !== 'string' || Object.values(headers).every((value) => [value].flat().every(isPlain));
  return { status, headers, body: plain ? body : bytesOf(body) };
}

export const bytesOf = (body: Buffer | string): Buffer => (typeof body === 'string' ? Buffer.from(body) : body);

const PLAIN = /^[\t\x20-\x7e]*$/;
const isPlain = (value: string): boolean => PLAIN.test(value);
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const CONTROL = /[\x00-\x08\x0a-\x1f\x7f]/g;

/**
 * A header's value as HTTP can carry it: UTF-8, each byte as one character, and spaces for control characters, so that
 * no value that somebody sent begins a header of its own.
 */
export function onWire(value: string): string {
  if (isPlain(value)) return value;
  return Buffer.from(value.replace(CONTROL, ' '), 'utf8').toString('latin1');
}
