import {
  APIGatewayClient,
  CreateResourceCommand,
  DeleteResourceCommand,
  GetResourceCommand,
} from '@aws-sdk/client-api-gateway';
import { z } from 'zod';
import { unless } from './aws-errors.ts';
import { defineResource } from './resource-type.ts';
import { text } from './schemas.ts';

export const apiGatewayResource = defineResource({
  type: 'AWS::ApiGateway::Resource',
  properties: z.strictObject({ RestApiId: text(), ParentId: text(), PathPart: text() }),
  attributes: ['ResourceId'],
  async create({ RestApiId, ParentId, PathPart }, context) {
    const gateway = context.aws.client(APIGatewayClient, context.region);
    const { id = '' } = await gateway.send(
      new CreateResourceCommand({ restApiId: RestApiId, parentId: ParentId, pathPart: PathPart }),
    );
    return { ref: id, attributes: { ResourceId: id } };
  },
  async exists({ RestApiId }, { ref }, context) {
    const gateway = context.aws.client(APIGatewayClient, context.region);
    const resource = await unless(['NotFoundException'], () =>
      gateway.send(new GetResourceCommand({ restApiId: RestApiId, resourceId: ref })),
    );
    return resource !== undefined;
  },
  async delete({ RestApiId }, { ref }, context) {
    const gateway = context.aws.client(APIGatewayClient, context.region);
    await unless(['NotFoundException'], () =>
      gateway.send(new DeleteResourceCommand({ restApiId: RestApiId, resourceId: ref })),
    );
  },
  partOf: ({ RestApiId }) => RestApiId,
});
