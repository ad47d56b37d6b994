import {
  APIGatewayClient,
  CreateDomainNameCommand,
  DeleteDomainNameCommand,
  GetDomainNameCommand,
} from '@aws-sdk/client-api-gateway';
import { z } from 'zod';
import { unless } from './aws-errors.ts';
import { defineResource } from './resource-type.ts';
import { tagMap, tags, text } from './schemas.ts';

export const apiGatewayDomainName = defineResource({
  type: 'AWS::ApiGateway::DomainName',
  properties: z.strictObject({
    DomainName: text(),
    CertificateArn: text().optional(),
    RegionalCertificateArn: text().optional(),
    OwnershipVerificationCertificateArn: text().optional(),
    EndpointConfiguration: z
      .strictObject({ Types: z.array(z.enum(['REGIONAL', 'EDGE', 'PRIVATE'])).optional() })
      .optional(),
    SecurityPolicy: text().optional(),
    MutualTlsAuthentication: z
      .strictObject({ TruststoreUri: text().optional(), TruststoreVersion: text().optional() })
      .optional(),
    Tags: tags().optional(),
  }),
  attributes: [
    'DistributionDomainName',
    'DistributionHostedZoneId',
    'DomainNameArn',
    'RegionalDomainName',
    'RegionalHostedZoneId',
  ],
  async create(properties, context) {
    const { EndpointConfiguration: endpoint, MutualTlsAuthentication: mutualTls } = properties;
    const gateway = context.aws.client(APIGatewayClient, context.region);
    const made = await gateway.send(
      new CreateDomainNameCommand({
        domainName: properties.DomainName,
        certificateArn: properties.CertificateArn,
        regionalCertificateArn: properties.RegionalCertificateArn,
        ownershipVerificationCertificateArn: properties.OwnershipVerificationCertificateArn,
        endpointConfiguration: endpoint && { types: endpoint.Types },
        securityPolicy: properties.SecurityPolicy as 'TLS_1_2' | undefined,
        mutualTlsAuthentication: mutualTls && {
          truststoreUri: mutualTls.TruststoreUri,
          truststoreVersion: mutualTls.TruststoreVersion,
        },
        tags: properties.Tags && tagMap(properties.Tags),
      }),
    );
    return {
      ref: made.domainName ?? properties.DomainName,
      attributes: {
        DistributionDomainName: made.distributionDomainName ?? '',
        DistributionHostedZoneId: made.distributionHostedZoneId ?? '',
        DomainNameArn: made.domainNameArn ?? '',
        RegionalDomainName: made.regionalDomainName ?? '',
        RegionalHostedZoneId: made.regionalHostedZoneId ?? '',
      },
    };
  },
  async exists(_properties, { ref }, context) {
    const gateway = context.aws.client(APIGatewayClient, context.region);
    const found = await unless(['NotFoundException'], () =>
      gateway.send(new GetDomainNameCommand({ domainName: ref })),
    );
    return found !== undefined;
  },
  async delete(_properties, { ref }, context) {
    const gateway = context.aws.client(APIGatewayClient, context.region);
    await unless(['NotFoundException'], () => gateway.send(new DeleteDomainNameCommand({ domainName: ref })));
  },
});
