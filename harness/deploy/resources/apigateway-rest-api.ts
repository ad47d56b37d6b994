import {
  APIGatewayClient,
  CreateRestApiCommand,
  DeleteRestApiCommand,
  GetResourcesCommand,
  GetRestApiCommand,
} from '@aws-sdk/client-api-gateway';
import { z } from 'zod';
import { importRestApi, settleImported } from './apigateway-rest-api-import.ts';
import { unless } from './aws-errors.ts';
import { defineResource, type ResourceContext } from './resource-type.ts';
import { flag, integer, json, tagMap, tags, text, textMap } from './schemas.ts';

/** Resources and methods of the template define the API, or `Body` does (OpenAPI). It cannot come from S3. */
const properties = z
  .strictObject({
    Name: text().optional(),
    Description: text().optional(),
    ApiKeySourceType: z.enum(['HEADER', 'AUTHORIZER']).optional(),
    // CloudFormation has the slash of `image/png` as `~1`.
    BinaryMediaTypes: z.array(text().transform((type) => type.replaceAll('~1', '/'))).optional(),
    Body: json().optional(),
    DisableExecuteApiEndpoint: flag().optional(),
    EndpointConfiguration: z
      .strictObject({
        IpAddressType: z.enum(['ipv4', 'dualstack']).optional(),
        Types: z.array(z.enum(['REGIONAL', 'EDGE', 'PRIVATE'])).optional(),
      })
      .optional(),
    FailOnWarnings: flag().optional(),
    MinimumCompressionSize: integer().optional(),
    Mode: z.enum(['merge', 'overwrite']).optional(),
    Parameters: textMap().optional(),
    Policy: json().optional(),
    Tags: tags().optional(),
  })
  .refine(({ Name, Body }) => Name !== undefined || Body !== undefined, { path: ['Name'], error: 'is missing' });

export type RestApiProperties = z.output<typeof properties>;

export const apiGatewayRestApi = defineResource({
  type: 'AWS::ApiGateway::RestApi',
  properties,
  attributes: ['RestApiId', 'RootResourceId'],
  async create(properties, context) {
    const gateway = context.aws.client(APIGatewayClient, context.region);
    const { Body: body, EndpointConfiguration: endpoint } = properties;
    const { id = '', rootResourceId } =
      body === undefined
        ? await gateway.send(
            new CreateRestApiCommand({
              name: properties.Name,
              description: properties.Description,
              apiKeySource: properties.ApiKeySourceType,
              binaryMediaTypes: properties.BinaryMediaTypes,
              disableExecuteApiEndpoint: properties.DisableExecuteApiEndpoint,
              endpointConfiguration: endpoint && { types: endpoint.Types, ipAddressType: endpoint.IpAddressType },
              minimumCompressionSize: properties.MinimumCompressionSize,
              policy: properties.Policy,
              tags: properties.Tags && tagMap(properties.Tags),
            }),
          )
        : await importRestApi(gateway, body, properties);
    return { ref: id, attributes: { RestApiId: id, RootResourceId: rootResourceId ?? '' } };
  },
  /** Older API Gateways do not say the root resource's id when they create an API. */
  async complete(properties, made, context) {
    if (properties.Body !== undefined) await settleImported(made.ref, properties, context);
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
