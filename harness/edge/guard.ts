import type { IncomingHttpHeaders } from 'node:http';
import { hostName, isAddress, isLoopback, isWithin } from './host.ts';
import type { Route } from './route.ts';

/** Domains whose names people point at the edge, and whose DNS no stranger controls. */
const AWS_DOMAINS = ['localhost.localstack.cloud', 'amazonaws.com', 'amazonaws.com.cn'];

/**
 * Why a request must not be answered, or undefined. A web page from elsewhere may make a browser on this machine send
 * requests here, so the edge asks two questions:
 *
 * - Is `Host` a name of ours? A page whose own name was made to resolve to 127.0.0.1 (DNS rebinding) sends that name.
 *   An address is no name, so it cannot have been rebound.
 * - Does the browser say that a page of another site asks (`Origin`, and `Sec-Fetch-Site` for the requests that carry
 *   no `Origin`, such as images and links)? `null` is what a sandboxed frame of any site sends. Form posts carry
 *   `Origin` too. Programs other than browsers send neither header.
 *
 * A deployed API answers pages of any origin, as it would on AWS; its `Host` is checked all the same. The names of
 * custom domains are those that the user has made, and no other API answers to them.
 */
export function refusal(
  headers: IncomingHttpHeaders,
  route: Route,
  publicHostNames: readonly string[],
): string | undefined {
  if (route.kind === 'custom-domain') return undefined;
  const host = hostName(headers.host);
  if (host === undefined || !isOurs(host, publicHostNames)) {
    return (
      `The request is for the host ${JSON.stringify(headers.host ?? '')}, which is not a name of this endpoint. ` +
      'Use localhost, or start naetmul with this name among its public host names.'
    );
  }
  if (route.kind === 'execute-api') return undefined;

  const { origin } = headers;
  if (origin !== undefined) {
    if (isTrustedOrigin(origin, headers.host, publicHostNames)) return undefined;
    return (
      `The request comes from a web page of the origin ${JSON.stringify(origin)}. ` +
      'Only pages served from localhost may call this endpoint; deployed APIs answer every origin.'
    );
  }
  if (headers['sec-fetch-site'] === 'cross-site') {
    return (
      'The request was caused by a web page of another site. Only pages served from localhost may call this ' +
      'endpoint. To open this address yourself, type it into the address bar.'
    );
  }
  return undefined;
}

/** True when pages of this origin may read answers. */
export function isTrustedOrigin(origin: string, host: string | undefined, publicHostNames: readonly string[]): boolean {
  const match = /^https?:\/\/([^/]+)$/i.exec(origin);
  if (!match) return false;
  const authority = match[1] as string;
  if (authority.toLowerCase() === host?.toLowerCase()) return true;
  const name = hostName(authority);
  return name !== undefined && (isLoopback(name) || publicHostNames.some((ours) => isWithin(name, ours)));
}

function isOurs(host: string, publicHostNames: readonly string[]): boolean {
  return (
    isLoopback(host) ||
    isAddress(host) ||
    AWS_DOMAINS.some((domain) => isWithin(host, domain)) ||
    publicHostNames.some((ours) => isWithin(host, ours))
  );
}
