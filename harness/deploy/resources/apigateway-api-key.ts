import {
  APIGatewayClient,
  CreateApiKeyCommand,
  DeleteApiKeyCommand,
  GetApiKeyCommand,
} from '@aws-sdk/client-api-gateway';
import { z } from 'zod';
import { unless } from './aws-errors.ts';
import { defineResource } from './resource-type.ts';
import { flag, tagMap, tags, text } from './schemas.ts';

/** A key is disabled unless `Enabled` says otherwise, as on AWS. Keys of stages (`StageKeys`) are not supported. */
export const apiGatewayApiKey = defineResource({
  type: 'AWS::ApiGateway::ApiKey',
  properties: z.strictObject({
    CustomerId: text().optional(),
    Description: text().optional(),
    Enabled: flag().optional(),
    GenerateDistinctId: flag().optional(),
    Name: text().optional(),
    Tags: tags().optional(),
    Value: text().optional(),
  }),
  attributes: ['APIKeyId'],
  async create(properties, context) {
    const gateway = context.aws.client(APIGatewayClient, context.region);
    const { id = '' } = await gateway.send(
      new CreateApiKeyCommand({
        name: properties.Name ?? context.physicalName({ maxLength: 255 }),
        description: properties.Description,
        enabled: properties.Enabled,
        generateDistinctId: properties.GenerateDistinctId,
        value: properties.Value,
        customerId: properties.CustomerId,
        tags: properties.Tags && tagMap(properties.Tags),
      }),
    );
    return { ref: id, attributes: { APIKeyId: id } };
  },
  async exists(_properties, { ref }, context) {
    const gateway = context.aws.client(APIGatewayClient, context.region);
    const key = await unless(['NotFoundException'], () => gateway.send(new GetApiKeyCommand({ apiKey: ref })));
    return key !== undefined;
  },
  async delete(_properties, { ref }, context) {
    const gateway = context.aws.client(APIGatewayClient, context.region);
    await unless(['NotFoundException'], () => gateway.send(new DeleteApiKeyCommand({ apiKey: ref })));
  },
});
