/** `https://{apiId}.execute-api.{region}.{suffix}/{stage}` and what follows. Source: API Gateway developer guide. */
const EXECUTE_API_URL =
  /^https:\/\/([a-z0-9]+)\.execute-api\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?(?:\/([^/?#]*))?(.*)$/s;

/**
 * An output as it is to be used here: the AWS address of an API that this template made becomes its address at the
 * edge, anything else stays. See docs/decisions/0006-outputs-at-the-edge.md.
 */
export function outputAtTheEdge(
  value: string,
  apiIds: ReadonlySet<string>,
  urlFor: (apiId: string, stage: string) => string,
): string {
  const [, apiId = '', stage = '', rest = ''] = EXECUTE_API_URL.exec(value) ?? [];
  return apiIds.has(apiId) ? urlFor(apiId, stage) + rest : value;
}

/**
 * The HTTPS address of a domain that this template made, as it is spoken to here: without TLS. See
 * docs/decisions/0009-domain-endpoints-by-path.md.
 *
 * @param endpoints what `DomainEndpoint` gives: host and path
 */
export function domainAtTheEdge(value: string, endpoints: readonly string[]): string {
  const isDomain = endpoints.some(
    (endpoint) => value === `https://${endpoint}` || value.startsWith(`https://${endpoint}/`),
  );
  return isDomain ? value.replace(/^https:/, 'http:') : value;
}
