import { UpdateDomainName$, type UpdateDomainNameRequest } from '@aws-sdk/client-api-gateway';
import type { Call } from '../../../../edge/emulator.ts';
import { badRequest, notSupported } from '../../errors.ts';
import { operation, type Parts } from '../../operations/operation.ts';
import { invalidPath, type Patch, readPatches } from '../../patch.ts';
import type { DomainName } from '../model.ts';
import { domainNameShape } from '../shapes.ts';
import { checkCertificateArn } from './certificate-arn.ts';
import { type MutualTlsInput, newTarget, readMutualTls } from './create-domain-name.ts';
import { checkEndpointType, checkMutualTls, checkSecurityPolicy } from './domain-name-checks.ts';
import { serveTls } from './serve-tls.ts';

const UNSUPPORTED: Readonly<Record<string, string>> = {
  '/endpointAccessMode': 'the access mode of custom domain names',
  '/managementPolicy': 'policies of custom domain names',
  '/policy': 'policies of custom domain names',
  '/routingMode': 'routing rules of custom domain names',
};

/** What a call wants changed. */
interface Changes {
  endpointType?: DomainName['endpointType'];
  certificateArn?: string;
  regionalCertificateArn?: string;
  certificateName?: string;
  securityPolicy?: DomainName['securityPolicy'];
  ipAddressType?: DomainName['ipAddressType'];
  ownershipVerificationCertificateArn?: string | undefined;
  truststore?: MutualTlsInput;
}

/** All patches are applied, or none. The truststore is read again when a patch names it, and not otherwise. */
export const updateDomainName = operation(UpdateDomainName$, async (parts, input: UpdateDomainNameRequest, call) => {
  const { store, clock } = parts;
  const changes: Changes = {};
  const before = store.domains.find(call, input.domainName);
  for (const patch of readPatches(input.patchOperations, 'updateDomainNameInput')) note(patch, changes, before);
  const next = await changed(before, changes, parts, call);
  checkMutualTls(next, next.mutualTls);
  // It may be gone by now, or be another; what has been mapped meanwhile stays.
  if (store.domains.find(call, input.domainName) !== before) {
    throw badRequest('The domain name was changed by another call at the same time. Try again');
  }
  const hasNewCertificate = next.certificateArn !== before.certificateArn;
  const domain = hasNewCertificate ? { ...next, certificateUploadDate: new Date(clock.now()) } : next;
  store.domains.put(domain);
  await serveTls(parts, domain.name);
  return domainNameShape(domain);
});

function note({ op, path, value = '' }: Patch, changes: Changes, domain: DomainName): void {
  const truststore = changes.truststore ?? domain.mutualTls;
  const given = op === 'remove' ? '' : value;
  switch (path) {
    case '/certificateArn':
      changes.certificateArn = given;
      return;
    case '/regionalCertificateArn':
      changes.regionalCertificateArn = given;
      return;
    case '/certificateName':
    case '/regionalCertificateName':
      changes.certificateName = given;
      return;
    case '/ownershipVerificationCertificateArn':
      changes.ownershipVerificationCertificateArn = given || undefined;
      return;
    case '/securityPolicy':
      changes.securityPolicy = checkSecurityPolicy(given);
      return;
    case '/endpointConfiguration/ipAddressType':
      if (given !== 'ipv4' && given !== 'dualstack') throw badRequest(`Invalid IP address type specified: ${given}`);
      changes.ipAddressType = given;
      return;
    case '/endpointConfiguration/types':
    case `/endpointConfiguration/types/${domain.endpointType}`:
      if (op === 'replace') changes.endpointType = checkEndpointType([given]);
      else throw notSupported('custom domain names with several endpoints (patch path /endpointConfiguration/types)');
      return;
    case '/mutualTlsAuthentication/truststoreUri':
      // Another object has other versions.
      changes.truststore = { truststoreUri: given, truststoreVersion: changes.truststore?.truststoreVersion };
      return;
    case '/mutualTlsAuthentication/truststoreVersion':
      changes.truststore = { truststoreUri: truststore?.truststoreUri, truststoreVersion: given };
      return;
    default: {
      const unsupported = UNSUPPORTED[path];
      if (unsupported !== undefined) throw notSupported(`${unsupported} (patch path ${path})`);
      throw invalidPath({ op, path, segments: [], value });
    }
  }
}

async function changed(domain: DomainName, changes: Changes, parts: Parts, call: Call): Promise<DomainName> {
  const { endpointType = domain.endpointType, truststore, certificateArn, regionalCertificateArn } = changes;
  const moved = endpointType !== domain.endpointType;
  const hasCertificate = certificateArn !== undefined || regionalCertificateArn !== undefined;
  const mutualTls = truststore ? await readMutualTls(parts, call, truststore) : domain.mutualTls;
  return {
    ...domain,
    endpointType,
    mutualTls,
    certificateArn:
      moved || hasCertificate ? checkCertificateArn(endpointType, call.region, changes) : domain.certificateArn,
    certificateName: changes.certificateName ?? domain.certificateName,
    securityPolicy: changes.securityPolicy ?? domain.securityPolicy,
    ipAddressType: changes.ipAddressType ?? domain.ipAddressType,
    ownershipVerificationCertificateArn:
      'ownershipVerificationCertificateArn' in changes
        ? changes.ownershipVerificationCertificateArn
        : domain.ownershipVerificationCertificateArn,
    target: moved ? newTarget(parts, endpointType, call.region) : domain.target,
  };
}
