import { CreateDomainName$, type CreateDomainNameRequest } from '@aws-sdk/client-api-gateway';
import type { Call } from '../../../../edge/emulator.ts';
import { badRequest, refuse } from '../../errors.ts';
import { operation, type Parts } from '../../operations/operation.ts';
import { newApiId } from '../../store/ids.ts';
import type { DomainName, MutualTls } from '../model.ts';
import { domainNameShape } from '../shapes.ts';
import { checkCertificateArn } from './certificate-arn.ts';
import { checkEndpointType, checkMutualTls, checkName, checkSecurityPolicy } from './domain-name-checks.ts';
import { serveTls } from './serve-tls.ts';

/** Without a configuration an endpoint is edge-optimized, and TLS 1.0 will do, as on AWS. */
export const createDomainName = operation(CreateDomainName$, async (parts, input: CreateDomainNameRequest, call) => {
  const { store, clock } = parts;
  const { types = ['EDGE'], ipAddressType = 'ipv4' } = input.endpointConfiguration ?? {};
  const name = checkName(input.domainName);
  const uploaded = input.certificateBody ?? input.certificatePrivateKey ?? input.certificateChain;
  refuse(uploaded, 'certificates uploaded to API Gateway (certificateBody); ACM is for that');
  refuse(input.policy, 'policies of custom domain names (policy)');
  refuse(input.endpointAccessMode, 'the access mode of custom domain names (endpointAccessMode)');
  const routed = input.routingMode !== undefined && input.routingMode !== 'BASE_PATH_MAPPING_ONLY';
  refuse(routed, 'routing rules of custom domain names (routingMode)');
  const endpointType = checkEndpointType(types);
  const securityPolicy = checkSecurityPolicy(input.securityPolicy ?? 'TLS_1_0');
  const certificateArn = checkCertificateArn(endpointType, call.region, input);
  const refuseTaken = () => {
    if (store.domains.has(call, name)) throw badRequest('The domain name you provided already exists.');
  };
  refuseTaken();
  const mutualTls = await readMutualTls(parts, call, input.mutualTlsAuthentication);
  checkMutualTls({ endpointType, securityPolicy }, mutualTls);
  // While the truststore was read, somebody else may have come first.
  refuseTaken();
  const domain: DomainName = {
    name,
    region: call.region,
    accountId: call.accountId,
    endpointType,
    ipAddressType,
    certificateArn,
    certificateName: endpointType === 'REGIONAL' ? input.regionalCertificateName : input.certificateName,
    certificateUploadDate: new Date(clock.now()),
    ownershipVerificationCertificateArn: input.ownershipVerificationCertificateArn,
    securityPolicy,
    target: newTarget(parts, endpointType, call.region),
    mutualTls,
    tags: new Map(Object.entries(input.tags ?? {})),
    mappings: new Map(),
  };
  store.domains.put(domain);
  try {
    await serveTls(parts, name);
  } catch (error) {
    store.domains.remove(domain);
    throw error;
  }
  return domainNameShape(domain);
});

/** What DNS would point to; a new one for each endpoint. */
export function newTarget({ random }: Parts, type: DomainName['endpointType'], region: string): string {
  const id = newApiId(random);
  return type === 'REGIONAL' ? `d-${id}.execute-api.${region}.amazonaws.com` : `d${id}.cloudfront.net`;
}

export interface MutualTlsInput {
  readonly truststoreUri?: string | undefined;
  readonly truststoreVersion?: string | undefined;
}

/** Undefined without a truststore: mutual TLS is off. @throws BadRequestException */
export async function readMutualTls(
  { truststores }: Parts,
  call: Pick<Call, 'region'>,
  input: MutualTlsInput | undefined,
): Promise<MutualTls | undefined> {
  const { truststoreUri, truststoreVersion } = input ?? {};
  if (!truststoreUri) {
    if (truststoreVersion) throw badRequest('A truststore version needs a truststore URI');
    return undefined;
  }
  const version = truststoreVersion || undefined;
  const truststore = await truststores.read({ uri: truststoreUri, version, region: call.region });
  return { truststoreUri, truststoreVersion: version, truststore };
}
