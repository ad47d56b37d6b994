import {
  APIGatewayClient,
  CreateStageCommand,
  DeleteStageCommand,
  GetStageCommand,
  UpdateStageCommand,
} from '@aws-sdk/client-api-gateway';
import { z } from 'zod';
import { accessLogSetting, methodSetting, stagePatches } from './apigateway-stage-settings.ts';
import { unless } from './aws-errors.ts';
import { defineResource } from './resource-type.ts';
import { flag, tagMap, tags, text, textMap } from './schemas.ts';

export const apiGatewayStage = defineResource({
  type: 'AWS::ApiGateway::Stage',
  properties: z.strictObject({
    RestApiId: text(),
    StageName: text(),
    DeploymentId: text(),
    Description: text().optional(),
    Variables: textMap().optional(),
    TracingEnabled: flag().optional(),
    AccessLogSetting: accessLogSetting.optional(),
    MethodSettings: z.array(methodSetting).optional(),
    Tags: tags().optional(),
  }),
  attributes: [],
  async create(properties, context) {
    const gateway = context.aws.client(APIGatewayClient, context.region);
    await gateway.send(
      new CreateStageCommand({
        restApiId: properties.RestApiId,
        stageName: properties.StageName,
        deploymentId: properties.DeploymentId,
        description: properties.Description,
        variables: properties.Variables,
        tracingEnabled: properties.TracingEnabled,
        tags: properties.Tags && tagMap(properties.Tags),
      }),
    );
    return { ref: properties.StageName, attributes: {} };
  },
  async complete(properties, made, context) {
    const patchOperations = stagePatches(properties);
    if (patchOperations.length > 0) {
      const gateway = context.aws.client(APIGatewayClient, context.region);
      const { RestApiId: restApiId, StageName: stageName } = properties;
      await gateway.send(new UpdateStageCommand({ restApiId, stageName, patchOperations }));
    }
    return made;
  },
  async exists({ RestApiId, StageName }, _made, context) {
    const gateway = context.aws.client(APIGatewayClient, context.region);
    const stage = await unless(['NotFoundException'], () =>
      gateway.send(new GetStageCommand({ restApiId: RestApiId, stageName: StageName })),
    );
    return stage !== undefined;
  },
  async delete({ RestApiId, StageName }, _made, context) {
    const gateway = context.aws.client(APIGatewayClient, context.region);
    await unless(['NotFoundException'], () =>
      gateway.send(new DeleteStageCommand({ restApiId: RestApiId, stageName: StageName })),
    );
  },
  partOf: ({ RestApiId }) => RestApiId,
});
