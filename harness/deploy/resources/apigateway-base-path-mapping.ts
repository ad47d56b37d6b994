import {
  APIGatewayClient,
  CreateBasePathMappingCommand,
  DeleteBasePathMappingCommand,
  GetBasePathMappingCommand,
} from '@aws-sdk/client-api-gateway';
import { z } from 'zod';
import { unless } from './aws-errors.ts';
import { defineResource } from './resource-type.ts';
import { text } from './schemas.ts';

/** How the API calls the mapping that has no base path. */
const NO_BASE_PATH = '(none)';

/** One that has no stage leads to the stage that a request names after the base path. */
export const apiGatewayBasePathMapping = defineResource({
  type: 'AWS::ApiGateway::BasePathMapping',
  properties: z.strictObject({
    DomainName: text(),
    // CloudFormation can make a mapping that leads nowhere yet; there is nothing that it could serve here.
    RestApiId: text(),
    BasePath: text().optional(),
    Stage: text().optional(),
  }),
  attributes: [],
  async create({ DomainName, RestApiId, BasePath, Stage }, context) {
    const gateway = context.aws.client(APIGatewayClient, context.region);
    await gateway.send(
      new CreateBasePathMappingCommand({
        domainName: DomainName,
        restApiId: RestApiId,
        basePath: BasePath,
        stage: Stage,
      }),
    );
    return { ref: `${DomainName}|${BasePath ?? ''}`, attributes: {} };
  },
  async exists({ DomainName, BasePath }, _made, context) {
    const gateway = context.aws.client(APIGatewayClient, context.region);
    const found = await unless(['NotFoundException'], () =>
      gateway.send(new GetBasePathMappingCommand({ domainName: DomainName, basePath: BasePath || NO_BASE_PATH })),
    );
    return found !== undefined;
  },
  async delete({ DomainName, BasePath }, _made, context) {
    const gateway = context.aws.client(APIGatewayClient, context.region);
    await unless(['NotFoundException'], () =>
      gateway.send(new DeleteBasePathMappingCommand({ domainName: DomainName, basePath: BasePath || NO_BASE_PATH })),
    );
  },
});
