import { APIGatewayClient, CreateModelCommand, DeleteModelCommand, GetModelCommand } from '@aws-sdk/client-api-gateway';
import { z } from 'zod';
import { unless } from './aws-errors.ts';
import { defineResource } from './resource-type.ts';
import { json, text } from './schemas.ts';

export const apiGatewayModel = defineResource({
  type: 'AWS::ApiGateway::Model',
  properties: z.strictObject({
    RestApiId: text(),
    Name: text().optional(),
    ContentType: text().optional(),
    Description: text().optional(),
    Schema: json().optional(),
  }),
  attributes: [],
  async create({ RestApiId, Name, ContentType, Description, Schema }, context) {
    const gateway = context.aws.client(APIGatewayClient, context.region);
    // A model's name takes letters and digits alone.
    const name = Name ?? context.physicalName({ maxLength: 128 }).replaceAll('-', '');
    await gateway.send(
      new CreateModelCommand({
        restApiId: RestApiId,
        name,
        contentType: ContentType,
        description: Description,
        schema: Schema,
      }),
    );
    return { ref: name, attributes: {} };
  },
  async exists({ RestApiId }, { ref }, context) {
    const gateway = context.aws.client(APIGatewayClient, context.region);
    const model = await unless(['NotFoundException'], () =>
      gateway.send(new GetModelCommand({ restApiId: RestApiId, modelName: ref })),
    );
    return model !== undefined;
  },
  async delete({ RestApiId }, { ref }, context) {
    const gateway = context.aws.client(APIGatewayClient, context.region);
    await unless(['NotFoundException'], () =>
      gateway.send(new DeleteModelCommand({ restApiId: RestApiId, modelName: ref })),
    );
  },
  partOf: ({ RestApiId }) => RestApiId,
});
