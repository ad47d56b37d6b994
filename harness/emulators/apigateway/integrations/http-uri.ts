import { configurationError } from '../data-plane/gateway-failure.ts';

/** What java.net.URI, which API Gateway reads addresses with, takes in no part of one. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const ILLEGAL = /[\x00-\x20"<>\\^`{|}\x7f]/;

/**
 * Sees to it that an address can be one.
 *
 * @throws GatewayFailure in Java's words, such as `Illegal character in path at index 20: http://…/{proxy}`
 */
export function checkUri(uri: string): string {
  const index = uri.search(ILLEGAL);
  if (index < 0) return uri;
  const authority = uri.indexOf('//') + 2;
  const path = uri.slice(authority).search(/[/?]/);
  const query = uri.indexOf('?');
  const part = path < 0 || index < authority + path ? 'authority' : query >= 0 && index > query ? 'query' : 'path';
  throw configurationError(`Illegal character in ${part} at index ${index}: ${uri}`);
}

/** Where to connect, and what to ask for there: `path` as it stands in the address, with its query. */
export interface HttpAddress {
  readonly secure: boolean;
  readonly hostname: string;
  readonly port: number;
  readonly path: string;
}

const ADDRESS = /^(https?):\/\/([^/?#]+)([^#]*)/i;

/** @throws GatewayFailure when it is no address */
export function readAddress(uri: string): HttpAddress {
  const [, scheme = '', authority = '', rest = ''] = ADDRESS.exec(uri) ?? [];
  const secure = scheme.toLowerCase() === 'https';
  const host = URL.parse(`${scheme}://${authority}`);
  if (!host) throw configurationError('Invalid endpoint address');
  const path = rest.startsWith('/') ? rest : `/${rest}`;
  return {
    secure,
    // Node wants the address of an IPv6 host without its brackets.
    hostname: host.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: host.port === '' ? (secure ? 443 : 80) : Number(host.port),
    // Java takes letters of all languages; HTTP takes none but ASCII's.
    path: path.toWellFormed().replace(/[^\x21-\x7e]+/g, encodeURIComponent),
  };
}
