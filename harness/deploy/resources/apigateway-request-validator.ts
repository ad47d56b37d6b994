import {
  APIGatewayClient,
  CreateRequestValidatorCommand,
  DeleteRequestValidatorCommand,
  GetRequestValidatorCommand,
} from '@aws-sdk/client-api-gateway';
import { z } from 'zod';
import { unless } from './aws-errors.ts';
import { defineResource } from './resource-type.ts';
import { flag, text } from './schemas.ts';

export const apiGatewayRequestValidator = defineResource({
  type: 'AWS::ApiGateway::RequestValidator',
  properties: z.strictObject({
    RestApiId: text(),
    Name: text().optional(),
    ValidateRequestBody: flag().optional(),
    ValidateRequestParameters: flag().optional(),
  }),
  attributes: ['RequestValidatorId'],
  async create({ RestApiId, Name, ValidateRequestBody, ValidateRequestParameters }, context) {
    const gateway = context.aws.client(APIGatewayClient, context.region);
    const { id = '' } = await gateway.send(
      new CreateRequestValidatorCommand({
        restApiId: RestApiId,
        name: Name ?? context.physicalName({ maxLength: 128 }),
        validateRequestBody: ValidateRequestBody,
        validateRequestParameters: ValidateRequestParameters,
      }),
    );
    return { ref: id, attributes: { RequestValidatorId: id } };
  },
  async exists({ RestApiId }, { ref }, context) {
    const gateway = context.aws.client(APIGatewayClient, context.region);
    const validator = await unless(['NotFoundException'], () =>
      gateway.send(new GetRequestValidatorCommand({ restApiId: RestApiId, requestValidatorId: ref })),
    );
    return validator !== undefined;
  },
  async delete({ RestApiId }, { ref }, context) {
    const gateway = context.aws.client(APIGatewayClient, context.region);
    await unless(['NotFoundException'], () =>
      gateway.send(new DeleteRequestValidatorCommand({ restApiId: RestApiId, requestValidatorId: ref })),
    );
  },
  partOf: ({ RestApiId }) => RestApiId,
});
