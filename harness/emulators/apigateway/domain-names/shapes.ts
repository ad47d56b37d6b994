import type * as sdk from '@aws-sdk/client-api-gateway';
import { present } from '../store/shapes.ts';
import type { BasePathMapping, DomainName } from './model.ts';
import { NO_BASE_PATH } from './registry.ts';

/** The zone that all distributions share (general reference, "Amazon CloudFront endpoints and quotas"). */
const CLOUDFRONT_ZONE = 'Z2FDTNDATAQYW2';

/** Route 53 zones of regional endpoints (general reference, "Amazon API Gateway endpoints and quotas"). */
const REGIONAL_ZONES: Readonly<Record<string, string>> = {
  'ap-northeast-1': 'Z1YSHQZHG15GKL',
  'ap-northeast-2': 'Z20JF4UZKIW1U8',
  'ap-south-1': 'Z3VO1THU9YC4UR',
  'ap-southeast-1': 'ZL327KTPIQFUL',
  'ap-southeast-2': 'Z2RPCDW04V8134',
  'eu-central-1': 'Z1U9ULNL0V5AJ3',
  'eu-west-1': 'ZLY8HYME6SFDD',
  'eu-west-2': 'ZJ5UAJN8Y3Z2Q',
  'us-east-1': 'Z1UJRXOUMOOFQ8',
  'us-east-2': 'ZOJJZC49E0EPZ',
  'us-west-1': 'Z2MUQ32089INYE',
  'us-west-2': 'Z2OJLYMUO9EFXC',
};

export function domainNameShape(domain: DomainName): sdk.DomainName {
  const { mutualTls, target, certificateArn, certificateName } = domain;
  const endpoint =
    domain.endpointType === 'REGIONAL'
      ? {
          regionalDomainName: target,
          regionalHostedZoneId: REGIONAL_ZONES[domain.region],
          regionalCertificateArn: certificateArn,
          regionalCertificateName: certificateName,
        }
      : {
          distributionDomainName: target,
          distributionHostedZoneId: CLOUDFRONT_ZONE,
          certificateArn,
          certificateName,
        };
  return present({
    domainName: domain.name,
    domainNameArn: `arn:aws:apigateway:${domain.region}::/domainnames/${domain.name}`,
    ...endpoint,
    certificateUploadDate: domain.certificateUploadDate,
    endpointConfiguration: { types: [domain.endpointType], ipAddressType: domain.ipAddressType },
    domainNameStatus: 'AVAILABLE',
    securityPolicy: domain.securityPolicy,
    tags: domain.tags.size > 0 ? Object.fromEntries(domain.tags) : undefined,
    mutualTlsAuthentication:
      mutualTls &&
      present({
        truststoreUri: mutualTls.truststoreUri,
        truststoreVersion: mutualTls.truststoreVersion,
        truststoreWarnings: mutualTls.truststore.warnings.length > 0 ? [...mutualTls.truststore.warnings] : undefined,
      }),
    ownershipVerificationCertificateArn: domain.ownershipVerificationCertificateArn,
    routingMode: 'BASE_PATH_MAPPING_ONLY',
  });
}

export const basePathMappingShape = ({ basePath, restApiId, stage }: BasePathMapping): sdk.BasePathMapping =>
  present({ basePath: basePath === '' ? NO_BASE_PATH : basePath, restApiId, stage });
