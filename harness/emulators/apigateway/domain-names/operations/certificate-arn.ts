import { badRequest } from '../../errors.ts';
import type { DomainName } from '../model.ts';

const ACM_ARN = /^arn:aws[\w-]*:acm:([a-z0-9-]+):\d{12}:certificate\/[\w-]+$/;
/** Distributions take their certificates from there. */
const EDGE_REGION = 'us-east-1';

/**
 * The ARN that an endpoint of this type needs. Whether ACM has such a certificate is not asked: naetmul's own authority
 * signs what clients see.
 *
 * @throws BadRequestException, in AWS's words where they are known
 */
export function checkCertificateArn(
  type: DomainName['endpointType'],
  region: string,
  given: { readonly certificateArn?: string | undefined; readonly regionalCertificateArn?: string | undefined },
): string {
  const [wanted, other] = type === 'REGIONAL' ? ['REGIONAL', 'EDGE'] : ['EDGE', 'REGIONAL'];
  const [arn, alien] =
    type === 'REGIONAL'
      ? [given.regionalCertificateArn, given.certificateArn]
      : [given.certificateArn, given.regionalCertificateArn];
  if (alien) throw badRequest(`Cannot import certificates for ${other} while ${wanted} is active.`);
  if (!arn) {
    throw badRequest(
      type === 'REGIONAL'
        ? 'A regional domain name needs a certificate: regionalCertificateArn'
        : 'An edge-optimized domain name needs a certificate: certificateArn',
    );
  }
  const of = ACM_ARN.exec(arn)?.[1];
  const needed = type === 'REGIONAL' ? region : EDGE_REGION;
  if (of === undefined) throw badRequest(`Invalid certificate ARN: ${arn}.`);
  if (of !== needed) throw badRequest(`Invalid certificate ARN: ${arn}. Certificate must be in '${needed}'.`);
  return arn;
}
