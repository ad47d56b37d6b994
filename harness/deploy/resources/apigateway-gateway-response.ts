import {
  APIGatewayClient,
  DeleteGatewayResponseCommand,
  type GatewayResponseType,
  GetGatewayResponseCommand,
  PutGatewayResponseCommand,
} from '@aws-sdk/client-api-gateway';
import { z } from 'zod';
import { unless } from './aws-errors.ts';
import { defineResource } from './resource-type.ts';
import { text, textMap } from './schemas.ts';

export const apiGatewayGatewayResponse = defineResource({
  type: 'AWS::ApiGateway::GatewayResponse',
  properties: z.strictObject({
    RestApiId: text(),
    ResponseType: text(),
    ResponseParameters: textMap().optional(),
    ResponseTemplates: textMap().optional(),
    StatusCode: text().optional(),
  }),
  attributes: ['Id'],
  async create({ RestApiId, ResponseType, ResponseParameters, ResponseTemplates, StatusCode }, context) {
    const gateway = context.aws.client(APIGatewayClient, context.region);
    await gateway.send(
      new PutGatewayResponseCommand({
        restApiId: RestApiId,
        responseType: ResponseType as GatewayResponseType,
        responseParameters: ResponseParameters,
        responseTemplates: ResponseTemplates,
        statusCode: StatusCode,
      }),
    );
    const ref = `${RestApiId}|${ResponseType}`;
    return { ref, attributes: { Id: ref } };
  },
  /** Every type has an answer: one of the API's own, or the gateway's. */
  async exists({ RestApiId, ResponseType }, _made, context) {
    const gateway = context.aws.client(APIGatewayClient, context.region);
    const response = await unless(['NotFoundException'], () =>
      gateway.send(
        new GetGatewayResponseCommand({ restApiId: RestApiId, responseType: ResponseType as GatewayResponseType }),
      ),
    );
    return response?.defaultResponse === false;
  },
  async delete({ RestApiId, ResponseType }, _made, context) {
    const gateway = context.aws.client(APIGatewayClient, context.region);
    const responseType = ResponseType as GatewayResponseType;
    await unless(['NotFoundException'], () =>
      gateway.send(new DeleteGatewayResponseCommand({ restApiId: RestApiId, responseType })),
    );
  },
  partOf: ({ RestApiId }) => RestApiId,
});
