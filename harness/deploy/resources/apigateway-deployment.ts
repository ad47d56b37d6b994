import {
  APIGatewayClient,
  CreateDeploymentCommand,
  DeleteDeploymentCommand,
  GetDeploymentCommand,
} from '@aws-sdk/client-api-gateway';
import { z } from 'zod';
import { unless } from './aws-errors.ts';
import { defineResource } from './resource-type.ts';
import { text } from './schemas.ts';

/** A snapshot of the API's methods: as on AWS, the template must say in `DependsOn` which methods come before it. */
export const apiGatewayDeployment = defineResource({
  type: 'AWS::ApiGateway::Deployment',
  properties: z.strictObject({ RestApiId: text(), Description: text().optional(), StageName: text().optional() }),
  attributes: ['DeploymentId'],
  async create({ RestApiId, Description, StageName }, context) {
    const gateway = context.aws.client(APIGatewayClient, context.region);
    const { id = '' } = await gateway.send(
      new CreateDeploymentCommand({ restApiId: RestApiId, description: Description, stageName: StageName }),
    );
    return { ref: id, attributes: { DeploymentId: id } };
  },
  async exists({ RestApiId }, { ref }, context) {
    const gateway = context.aws.client(APIGatewayClient, context.region);
    const deployment = await unless(['NotFoundException'], () =>
      gateway.send(new GetDeploymentCommand({ restApiId: RestApiId, deploymentId: ref })),
    );
    return deployment !== undefined;
  },
  async delete({ RestApiId }, { ref }, context) {
    const gateway = context.aws.client(APIGatewayClient, context.region);
    await unless(['NotFoundException'], () =>
      gateway.send(new DeleteDeploymentCommand({ restApiId: RestApiId, deploymentId: ref })),
    );
  },
  partOf: ({ RestApiId }) => RestApiId,
});
