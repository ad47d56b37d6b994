import type { IncomingHttpHeaders } from 'node:http';
import type { CustomDomainRoute, DataPlaneRoute, DomainRoute } from './emulator.ts';
import { bucketInHost, hostName } from './host.ts';
import type { TlsConnection } from './http.ts';

/** Whose a request is. */
export type Route =
  /** `path` is what follows `/_naetmul`, beginning with `/`, without the query. */
  | { readonly kind: 'control'; readonly path: string }
  | { readonly kind: 'health' }
  | { readonly kind: 'execute-api'; readonly api: DataPlaneRoute }
  | { readonly kind: 'custom-domain'; readonly domain: CustomDomainRoute }
  /** A request to the endpoint of an OpenSearch domain, perhaps signed. */
  | { readonly kind: 'es-domain'; readonly domain: DomainRoute; readonly scope: Scope | undefined }
  /** A call of an AWS service, or something for LocalStack alone (`service` undefined). */
  | { readonly kind: 'service'; readonly service: string | undefined; readonly scope: Scope | undefined };

/** The credential scope of a signed request. */
export interface Scope {
  readonly accessKeyId: string;
  readonly region: string | undefined;
  readonly service: string;
}

export interface RoutedRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  readonly tls?: TlsConnection | undefined;
}

/**
 * @param targets the service of each `X-Amz-Target` prefix that an emulator answers to
 * @param services the services that emulators play
 * @param isCustomDomain whether a host is a custom domain name of deployed APIs
 */
export function route(
  request: RoutedRequest,
  targets: ReadonlyMap<string, string>,
  services: ReadonlySet<string>,
  isCustomDomain: (host: string) => boolean = () => false,
): Route {
  const { path, query } = splitTarget(request.target);
  const host = hostName(request.headers.host);
  // Over TLS there are custom domain names and nothing else.
  if (request.tls || (host !== undefined && isCustomDomain(host))) {
    return { kind: 'custom-domain', domain: { host: host ?? '', path, query } };
  }
  const scope = credentialScope(request.headers, query);

  const apiHost = host && EXECUTE_API_HOST.exec(host);
  if (apiHost) return { kind: 'execute-api', api: { apiId: apiHost[1] as string, ...stageAndPath(path), query } };
  const [, label, labelRegion] = (host && DOMAIN_HOST.exec(host)) || [];
  if (label !== undefined && labelRegion !== undefined) {
    return { kind: 'es-domain', domain: { name: label, region: labelRegion, path, query }, scope };
  }

  // A bucket named in the host owns every path, also those that begin like ours.
  if (bucketInHost(host, scope?.service) === undefined) {
    if (path === '/_naetmul' || path.startsWith('/_naetmul/')) {
      return { kind: 'control', path: path.slice('/_naetmul'.length) || '/' };
    }
    if (path === '/_localstack/health' && (request.method === 'GET' || request.method === 'HEAD')) {
      return { kind: 'health' };
    }
    if (path.startsWith('/_localstack/')) return { kind: 'service', service: undefined, scope };
    const api = path.startsWith('/_') || mayBeApi(scope) ? apiPath(path) : undefined;
    if (api) return { kind: 'execute-api', api: { ...api, query } };
    const [, region, name, rest] = DOMAIN_PATH.exec(path) ?? [];
    if (region !== undefined && name !== undefined) {
      return { kind: 'es-domain', domain: { region, name: decode(name), path: rest ?? '/', query }, scope };
    }
  }

  return { kind: 'service', scope, service: scope?.service ?? unsignedService(request, path, host, targets, services) };
}

/** `{apiId}.execute-api.localhost`, `….localhost.localstack.cloud`, `….{region}.amazonaws.com[.cn]`. */
const EXECUTE_API_HOST =
  /^([a-z0-9]+)\.execute-api\.(?:(?:[a-z0-9-]+\.)?localhost|(?:[a-z0-9-]+\.)?localhost\.localstack\.cloud|[a-z0-9-]+\.amazonaws\.com(?:\.cn)?)$/;

/** `search-{domain}-{26 letters and digits}.{region}.es.…`, below `amazonaws.com` or this machine's own names. */
const DOMAIN_HOST =
  /^(search-[a-z][a-z0-9-]+-[a-z0-9]{26})\.([a-z0-9-]+)\.es\.(?:localhost|localhost\.localstack\.cloud|amazonaws\.com(?:\.cn)?)$/;

/** The same without DNS: `/_aws/es/{region}/{domain}/…`; the first part of the host's name will do as well. */
const DOMAIN_PATH = /^\/_aws\/es\/([a-z0-9-]+)\/([^/]+)(\/.*)?$/;

/** `/restapis/…` can be an object of a bucket of that name; then the request is signed for S3. */
function mayBeApi(scope: Scope | undefined): boolean {
  return scope === undefined || scope.service === 'execute-api' || scope.service === 'apigateway';
}

/** `/restapis/{id}/{stage}/_user_request_/…` and `/_aws/execute-api/{id}/{stage}/…`. */
function apiPath(path: string): Omit<DataPlaneRoute, 'query'> | undefined {
  const match =
    /^\/restapis\/([^/]+)\/([^/]+)\/_user_request_(\/.*)?$/.exec(path) ??
    /^\/_aws\/execute-api\/([^/]+)(?:\/([^/]+)(\/.*)?)?\/?$/.exec(path);
  if (!match) return undefined;
  return { apiId: match[1] as string, stage: decode(match[2] ?? ''), path: match[3] ?? '/' };
}

/** Any number of slashes may stand before the stage (recorded). */
function stageAndPath(target: string): { stage: string; path: string } {
  const path = target.replace(/^\/+/, '');
  const slash = path.indexOf('/');
  if (slash < 0) return { stage: decode(path), path: '/' };
  return { stage: decode(path.slice(0, slash)), path: path.slice(slash) };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** From `Authorization`, or from `X-Amz-Credential` of a presigned URL. SigV4a's scope has no region. */
export function credentialScope(headers: IncomingHttpHeaders, query: string): Scope | undefined {
  const { authorization } = headers;
  if (authorization?.startsWith('AWS4-')) {
    const credential = /Credential=([^,\s]+)/.exec(authorization)?.[1];
    return credential === undefined ? undefined : parseCredential(credential);
  }
  // Signature version 2 is still spoken by old S3 clients only.
  const old = authorization === undefined ? undefined : /^AWS ([^:\s]+):/.exec(authorization)?.[1];
  if (old !== undefined) return { accessKeyId: old, region: undefined, service: 's3' };
  if (query.includes('X-Amz-Credential=')) {
    return parseCredential(new URLSearchParams(query).get('X-Amz-Credential') ?? '');
  }
  // boto3 still signs S3's URLs the old way where no region asks for the new one.
  const oldUrl = query.includes('Signature=') ? /(?:^|&)AWSAccessKeyId=([^&]+)/.exec(query)?.[1] : undefined;
  return oldUrl === undefined ? undefined : { accessKeyId: oldUrl, region: undefined, service: 's3' };
}

function parseCredential(credential: string): Scope | undefined {
  const match = /^([^/]+)\/\d{8}\/(?:([^/]+)\/)?([^/]+)\/aws4_request$/.exec(credential);
  if (!match) return undefined;
  return { accessKeyId: match[1] as string, region: match[2], service: match[3] as string };
}

function unsignedService(
  request: RoutedRequest,
  path: string,
  host: string | undefined,
  targets: ReadonlyMap<string, string>,
  services: ReadonlySet<string>,
): string | undefined {
  const target = request.headers['x-amz-target'];
  if (typeof target === 'string') {
    const service = targets.get(target.slice(0, target.lastIndexOf('.')));
    if (service) return service;
  }
  if (path === '/restapis' || path.startsWith('/restapis/')) return 'apigateway';
  if (services.has('sqs') && QUEUE_PATH.test(path) && mayBeQuery(request)) return 'sqs';
  const label = host === undefined ? undefined : /^([a-z0-9-]+)\..*(?:localhost|amazonaws\.com)/.exec(host)?.[1];
  return label !== undefined && services.has(label) ? label : undefined;
}

/** A queue's URL is an address that its queue can be spoken with by form, also without a signature. */
const QUEUE_PATH = /^\/(?:queue\/[a-z0-9-]+\/)?\d{12}\/[\w-]{1,80}(?:\.fifo)?\/?$/;

function mayBeQuery({ target, headers }: RoutedRequest): boolean {
  const isForm = (headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded');
  return isForm || /(?:^|&)Action=/.test(splitTarget(target).query);
}

export function splitTarget(target: string): { path: string; query: string } {
  // A client that thinks of the edge as a proxy sends the whole URL.
  const local = target.startsWith('/') ? target : target.replace(/^[a-z]+:\/\/[^/?]*/i, '') || '/';
  const question = local.indexOf('?');
  if (question < 0) return { path: local, query: '' };
  return { path: local.slice(0, question), query: local.slice(question + 1) };
}
