import {
  APIGatewayClient,
  DeleteMethodCommand,
  GetMethodCommand,
  PutIntegrationCommand,
  PutIntegrationResponseCommand,
  PutMethodCommand,
  PutMethodResponseCommand,
} from '@aws-sdk/client-api-gateway';
import { z } from 'zod';
import { unless } from './aws-errors.ts';
import { defineResource } from './resource-type.ts';
import { flag, integer, text, textMap } from './schemas.ts';

const contentHandling = z.enum(['CONVERT_TO_BINARY', 'CONVERT_TO_TEXT']);

const integrationResponse = z.strictObject({
  StatusCode: text(),
  SelectionPattern: text().optional(),
  ResponseParameters: textMap().optional(),
  ResponseTemplates: textMap().optional(),
  ContentHandling: contentHandling.optional(),
});

const integration = z.strictObject({
  Type: z.enum(['AWS', 'AWS_PROXY', 'HTTP', 'HTTP_PROXY', 'MOCK']),
  IntegrationHttpMethod: text().optional(),
  Uri: text().optional(),
  Credentials: text().optional(),
  RequestParameters: textMap().optional(),
  RequestTemplates: textMap().optional(),
  PassthroughBehavior: z.enum(['WHEN_NO_MATCH', 'WHEN_NO_TEMPLATES', 'NEVER']).optional(),
  ContentHandling: contentHandling.optional(),
  TimeoutInMillis: integer().optional(),
  IntegrationResponses: z.array(integrationResponse).optional(),
});

const methodResponse = z.strictObject({
  StatusCode: text(),
  ResponseModels: textMap().optional(),
  ResponseParameters: z.record(z.string(), flag()).optional(),
});

type Integration = z.output<typeof integration>;

export const apiGatewayMethod = defineResource({
  type: 'AWS::ApiGateway::Method',
  properties: z.strictObject({
    RestApiId: text(),
    ResourceId: text(),
    HttpMethod: text(),
    AuthorizationType: z.enum(['NONE', 'AWS_IAM', 'CUSTOM'], { error: 'must be NONE, AWS_IAM or CUSTOM' }),
    AuthorizerId: text().optional(),
    ApiKeyRequired: flag().optional(),
    OperationName: text().optional(),
    RequestModels: textMap().optional(),
    RequestParameters: z.record(z.string(), flag()).optional(),
    RequestValidatorId: text().optional(),
    Integration: integration.optional(),
    MethodResponses: z.array(methodResponse).optional(),
  }),
  attributes: [],
  async create(properties, context) {
    const gateway = context.aws.client(APIGatewayClient, context.region);
    await gateway.send(
      new PutMethodCommand({
        ...methodKey(properties),
        authorizationType: properties.AuthorizationType,
        authorizerId: properties.AuthorizerId,
        apiKeyRequired: properties.ApiKeyRequired,
        operationName: properties.OperationName,
        requestModels: properties.RequestModels,
        requestParameters: properties.RequestParameters,
        requestValidatorId: properties.RequestValidatorId,
      }),
    );
    const { RestApiId, ResourceId, HttpMethod } = properties;
    return { ref: `${RestApiId}|${ResourceId}|${HttpMethod}`, attributes: {} };
  },
  async complete(properties, made, context) {
    const gateway = context.aws.client(APIGatewayClient, context.region);
    const key = methodKey(properties);
    for (const response of properties.MethodResponses ?? []) {
      await gateway.send(
        new PutMethodResponseCommand({
          ...key,
          statusCode: response.StatusCode,
          responseModels: response.ResponseModels,
          responseParameters: response.ResponseParameters,
        }),
      );
    }
    if (properties.Integration !== undefined) await putIntegration(gateway, key, properties.Integration);
    return made;
  },
  async exists(properties, _made, context) {
    const gateway = context.aws.client(APIGatewayClient, context.region);
    const method = await unless(['NotFoundException'], () => gateway.send(new GetMethodCommand(methodKey(properties))));
    return method !== undefined;
  },
  async delete(properties, _made, context) {
    const gateway = context.aws.client(APIGatewayClient, context.region);
    await unless(['NotFoundException'], () => gateway.send(new DeleteMethodCommand(methodKey(properties))));
  },
  partOf: ({ RestApiId }) => RestApiId,
});

interface MethodKey {
  readonly restApiId: string;
  readonly resourceId: string;
  readonly httpMethod: string;
}

function methodKey(properties: { RestApiId: string; ResourceId: string; HttpMethod: string }): MethodKey {
  return { restApiId: properties.RestApiId, resourceId: properties.ResourceId, httpMethod: properties.HttpMethod };
}

async function putIntegration(gateway: APIGatewayClient, key: MethodKey, integration: Integration): Promise<void> {
  await gateway.send(
    new PutIntegrationCommand({
      ...key,
      type: integration.Type,
      integrationHttpMethod: integration.IntegrationHttpMethod,
      uri: integration.Uri,
      credentials: integration.Credentials,
      requestParameters: integration.RequestParameters,
      requestTemplates: integration.RequestTemplates,
      passthroughBehavior: integration.PassthroughBehavior,
      contentHandling: integration.ContentHandling,
      timeoutInMillis: integration.TimeoutInMillis,
    }),
  );
  for (const response of integration.IntegrationResponses ?? []) {
    await gateway.send(
      new PutIntegrationResponseCommand({
        ...key,
        statusCode: response.StatusCode,
        selectionPattern: response.SelectionPattern,
        responseParameters: response.ResponseParameters,
        responseTemplates: response.ResponseTemplates,
        contentHandling: response.ContentHandling,
      }),
    );
  }
}
