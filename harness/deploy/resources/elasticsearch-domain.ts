import {
  CreateElasticsearchDomainCommand,
  type CreateElasticsearchDomainCommandInput,
  ElasticsearchServiceClient,
} from '@aws-sdk/client-elasticsearch-service';
import { z } from 'zod';
import { clusterConfig, domainLifecycle, madeOf, nameOf, sharedProperties } from './opensearch-domain.ts';
import { defineResource } from './resource-type.ts';
import { type Tags, text } from './schemas.ts';

const domain = z.strictObject({
  ...sharedProperties,
  ElasticsearchClusterConfig: z.strictObject(clusterConfig).optional(),
  ElasticsearchVersion: text().optional(),
});

/** The older name, of the API of 2015. */
export const elasticsearchDomain = defineResource({
  type: 'AWS::Elasticsearch::Domain',
  properties: domain,
  attributes: ['Arn', 'DomainArn', 'DomainEndpoint'],
  async create({ Tags, ...properties }, context) {
    const input = { ...properties, DomainName: nameOf(properties, context), TagList: Tags as Tags };
    const command = new CreateElasticsearchDomainCommand(input as CreateElasticsearchDomainCommandInput);
    const { DomainStatus } = await context.aws.client(ElasticsearchServiceClient, context.region).send(command);
    const { DomainName = '', ARN = '' } = DomainStatus ?? {};
    return madeOf({ DomainName, ARN });
  },
  ...domainLifecycle(),
});
