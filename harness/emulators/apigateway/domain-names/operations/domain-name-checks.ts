import { hostName, isAddress } from '../../../../edge/host.ts';
import { badRequest, notSupported } from '../../errors.ts';
import type { DomainName, MutualTls } from '../model.ts';

/** Labels of letters, digits and hyphens; the first may be an asterisk. */
const DOMAIN_NAME = /^(?:\*\.)?(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;
const MAX_NAME_LENGTH = 253;
const MAX_LABEL_LENGTH = 63;
/** Names that the AWS endpoint answers to itself, with all below them. */
const TAKEN = /^(?:\*\.)?localhost$|(?:^|\.)(?:localhost\.localstack\.cloud|amazonaws\.com(?:\.cn)?)$/;

/** In lower case. @throws BadRequestException */
export function checkName(given: string | undefined): string {
  if (!given) throw badRequest('No Domain Name specified');
  const name = given.toLowerCase();
  const labels = name.split('.');
  const isValid =
    name.length <= MAX_NAME_LENGTH &&
    DOMAIN_NAME.test(name) &&
    labels.every(({ length }) => length <= MAX_LABEL_LENGTH) &&
    !isAddress(hostName(name) ?? '');
  if (!isValid) throw badRequest(`Invalid domain name specified: ${given}`);
  if (TAKEN.test(name)) {
    throw badRequest(`The domain name ${given} cannot be used: naetmul's AWS endpoint answers to it`);
  }
  return name;
}

export function checkEndpointType(types: readonly string[]): DomainName['endpointType'] {
  const [type, ...more] = types;
  if (type === 'PRIVATE') throw notSupported('private custom domain names (endpointConfiguration.types)');
  if (more.length > 0) throw notSupported('custom domain names with several endpoints (endpointConfiguration.types)');
  if (type !== 'EDGE' && type !== 'REGIONAL') {
    throw badRequest('Invalid endpoint type specified. Must be one of: [EDGE, REGIONAL, PRIVATE]');
  }
  return type;
}

export function checkSecurityPolicy(policy: string): DomainName['securityPolicy'] {
  if (policy.startsWith('SecurityPolicy_')) throw notSupported(`the security policy ${policy} (securityPolicy)`);
  if (policy !== 'TLS_1_0' && policy !== 'TLS_1_2') {
    throw badRequest('Invalid security policy specified. Must be one of: [TLS_1_0, TLS_1_2]');
  }
  return policy;
}

/** Mutual TLS needs a regional endpoint and TLS 1.2 (developer guide, "Configuring mutual TLS"). */
export function checkMutualTls(
  domain: Pick<DomainName, 'endpointType' | 'securityPolicy'>,
  mutualTls?: MutualTls,
): void {
  if (!mutualTls) return;
  if (domain.endpointType !== 'REGIONAL') {
    throw badRequest('Mutual TLS is only supported for domain names with the endpoint type REGIONAL');
  }
  if (domain.securityPolicy !== 'TLS_1_2') {
    throw badRequest('Mutual TLS is only supported for domain names with the security policy TLS_1_2');
  }
}
