import {
  APIGatewayClient,
  CreateAuthorizerCommand,
  DeleteAuthorizerCommand,
  GetAuthorizerCommand,
} from '@aws-sdk/client-api-gateway';
import { z } from 'zod';
import { unless } from './aws-errors.ts';
import { defineResource } from './resource-type.ts';
import { integer, text } from './schemas.ts';

/** A function that decides who may call. Cognito user pools (`COGNITO_USER_POOLS`, `ProviderARNs`) are not supported. */
export const apiGatewayAuthorizer = defineResource({
  type: 'AWS::ApiGateway::Authorizer',
  properties: z.strictObject({
    RestApiId: text(),
    Name: text(),
    Type: z.enum(['TOKEN', 'REQUEST'], { error: 'must be TOKEN or REQUEST' }),
    AuthType: text().optional(),
    AuthorizerCredentials: text().optional(),
    AuthorizerResultTtlInSeconds: integer().optional(),
    AuthorizerUri: text().optional(),
    IdentitySource: text().optional(),
    IdentityValidationExpression: text().optional(),
  }),
  attributes: ['AuthorizerId'],
  async create(properties, context) {
    const gateway = context.aws.client(APIGatewayClient, context.region);
    const { id = '' } = await gateway.send(
      new CreateAuthorizerCommand({
        restApiId: properties.RestApiId,
        name: properties.Name,
        type: properties.Type,
        authType: properties.AuthType,
        authorizerCredentials: properties.AuthorizerCredentials,
        authorizerResultTtlInSeconds: properties.AuthorizerResultTtlInSeconds,
        authorizerUri: properties.AuthorizerUri,
        identitySource: properties.IdentitySource,
        identityValidationExpression: properties.IdentityValidationExpression,
      }),
    );
    return { ref: id, attributes: { AuthorizerId: id } };
  },
  async exists({ RestApiId }, { ref }, context) {
    const gateway = context.aws.client(APIGatewayClient, context.region);
    const authorizer = await unless(['NotFoundException'], () =>
      gateway.send(new GetAuthorizerCommand({ restApiId: RestApiId, authorizerId: ref })),
    );
    return authorizer !== undefined;
  },
  async delete({ RestApiId }, { ref }, context) {
    const gateway = context.aws.client(APIGatewayClient, context.region);
    await unless(['NotFoundException'], () =>
      gateway.send(new DeleteAuthorizerCommand({ restApiId: RestApiId, authorizerId: ref })),
    );
  },
  partOf: ({ RestApiId }) => RestApiId,
});
