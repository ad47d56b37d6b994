import type { AwsAccess, InternalResponse } from '../../../../edge/emulator.ts';
import { INTERNAL_HEADERS } from '../../../../edge/headers.ts';
import { errors } from '../../errors.ts';
import { ANSWER_PARTS } from './answer.ts';

/** Where a domain is reached through the edge. */
export interface DomainEndpoint {
  readonly region: string;
  /** Of the request, where the domain is known by its host's name. */
  readonly host: string | undefined;
  /** What comes before the API's path. */
  readonly basePath: string;
}

const DOMAIN_ARN = /^arn:[^:]*:es:([^:]+):\d{12}:domain\/(.+)$/;
/** Without DNS: see docs/decisions/0009-domain-endpoints-by-path.md. */
const PATH = /^(\/_aws\/es\/([a-z0-9-]+)\/[^/]+)\/?$/;
const HOST = /^search-[a-z][a-z0-9-]+-[a-z0-9]{26}\.([a-z0-9-]+)\.es\./;

export function endpointOfArn(arn: string): DomainEndpoint {
  const [, region = '', name = ''] = DOMAIN_ARN.exec(arn) ?? [];
  return { region, host: undefined, basePath: `/_aws/es/${region}/${name}` };
}

/** @throws InvalidArgumentException for what is no endpoint of a domain */
export function endpointOfUrl(clusterEndpoint: string, member: string): DomainEndpoint {
  const url = URL.parse(clusterEndpoint);
  if (url === null) throw errors.invalid(`${member}.ClusterEndpoint ${clusterEndpoint} is not a valid URL`);
  const [, basePath, region] = PATH.exec(url.pathname) ?? [];
  if (basePath !== undefined && region !== undefined) return { region, host: undefined, basePath };
  const [, regionOfHost] = HOST.exec(url.hostname) ?? [];
  if (regionOfHost !== undefined && url.pathname === '/') {
    return { region: regionOfHost, host: url.hostname, basePath: '' };
  }
  throw errors.unsupported(
    `${member}.ClusterEndpoint ${clusterEndpoint}, which is not the endpoint of a domain of Amazon OpenSearch Service,`,
  );
}

/**
 * Sends a bulk request, signed as AWS does it with the stream's role. The ledger's entries are the delivery stream's to
 * write.
 */
export function sendBulk(
  aws: AwsAccess,
  { region, host, basePath }: DomainEndpoint,
  body: Buffer,
  signal: AbortSignal,
): Promise<InternalResponse> {
  return aws.send({
    service: 'es',
    region,
    method: 'POST',
    target: `${basePath}/_bulk?filter_path=${ANSWER_PARTS}`,
    headers: {
      ...(host === undefined ? {} : { host }),
      'content-type': 'application/x-ndjson',
      [INTERNAL_HEADERS.observed]: 'no',
    },
    body,
    signal,
  });
}
