import {
  APIGatewayClient,
  CreateRestApiCommand,
  DeleteRestApiCommand,
  GetResourcesCommand,
  GetRestApiCommand,
} from '@aws-sdk/client-api-gateway';
import { z } from 'zod';
import { unless } from './aws-errors.ts';
import { defineResource, type ResourceContext } from './resource-type.ts';
import { flag, integer, json, tagMap, tags, text } from './schemas.ts';

/** An API defined by `Body` or `BodyS3Location` (OpenAPI) is not supported: resources and methods define it. */
export const apiGatewayRestApi = defineResource({
  type: 'AWS::ApiGateway::RestApi',
  properties: z.strictObject({
    Name: text(),
    Description: text().optional(),
    ApiKeySourceType: z.enum(['HEADER', 'AUTHORIZER']).optional(),
    BinaryMediaTypes: z.array(text()).optional(),
    DisableExecuteApiEndpoint: flag().optional(),
    EndpointConfiguration: z
      .strictObject({ Types: z.array(z.enum(['REGIONAL', 'EDGE', 'PRIVATE'])).optional() })
      .optional(),
    MinimumCompressionSize: integer().optional(),
    Policy: json().optional(),
    Tags: tags().optional(),
  }),
  attributes: ['RestApiId', 'RootResourceId'],
  async create(properties, context) {
    const gateway = context.aws.client(APIGatewayClient, context.region);
    const { id = '', rootResourceId } = await gateway.send(
      new CreateRestApiCommand({
        name: properties.Name,
        description: properties.Description,
        apiKeySource: properties.ApiKeySourceType,
        binaryMediaTypes: properties.BinaryMediaTypes,
        disableExecuteApiEndpoint: properties.DisableExecuteApiEndpoint,
        endpointConfiguration: properties.EndpointConfiguration && { types: properties.EndpointConfiguration.Types },
        minimumCompressionSize: properties.MinimumCompressionSize,
        policy: properties.Policy,
        tags: properties.Tags && tagMap(properties.Tags),
      }),
    );
    return { ref: id, attributes: { RestApiId: id, RootResourceId: rootResourceId ?? '' } };
  },
  /** Older API Gateways do not say the root resource's id when they create an API. */
  async complete(_properties, made, context) {
    if (made.attributes.RootResourceId !== '') return made;
    return { ...made, attributes: { ...made.attributes, RootResourceId: await rootResourceOf(made.ref, context) } };
  },
  async exists(_properties, { ref }, context) {
    const gateway = context.aws.client(APIGatewayClient, context.region);
    const api = await unless(['NotFoundException'], () => gateway.send(new GetRestApiCommand({ restApiId: ref })));
    return api !== undefined;
  },
  async delete(_properties, { ref }, context) {
    const gateway = context.aws.client(APIGatewayClient, context.region);
    await unless(['NotFoundException'], () => gateway.send(new DeleteRestApiCommand({ restApiId: ref })));
  },
});

async function rootResourceOf(restApiId: string, context: ResourceContext): Promise<string> {
  const gateway = context.aws.client(APIGatewayClient, context.region);
  const { items = [] } = await gateway.send(new GetResourcesCommand({ restApiId }));
  const root = items.find(({ path }) => path === '/')?.id;
  if (root === undefined) throw new Error(`The API ${restApiId} has no root resource.`);
  return root;
}
