import {
  APIGatewayClient,
  CreateDeploymentCommand,
  DeleteDeploymentCommand,
  GetDeploymentCommand,
  TagResourceCommand,
  UpdateStageCommand,
} from '@aws-sdk/client-api-gateway';
import { z } from 'zod';
import { accessLogSetting, methodSetting, methodSettings, stagePatches } from './apigateway-stage-settings.ts';
import { unless } from './aws-errors.ts';
import { defineResource } from './resource-type.ts';
import { flag, tagMap, tags, text, textMap } from './schemas.ts';

const stageDescription = z.strictObject({
  ...methodSettings,
  AccessLogSetting: accessLogSetting.optional(),
  Description: text().optional(),
  MethodSettings: z.array(methodSetting).optional(),
  Tags: tags().optional(),
  TracingEnabled: flag().optional(),
  Variables: textMap().optional(),
});

type StageDescription = z.output<typeof stageDescription>;

/** A snapshot of the API's methods: as on AWS, the template must say in `DependsOn` which methods come before it. */
export const apiGatewayDeployment = defineResource({
  type: 'AWS::ApiGateway::Deployment',
  properties: z
    .strictObject({
      RestApiId: text(),
      Description: text().optional(),
      StageDescription: stageDescription.optional(),
      StageName: text().optional(),
    })
    .refine(({ StageDescription, StageName }) => StageDescription === undefined || StageName !== undefined, {
      path: ['StageDescription'],
      error: 'describes the stage that StageName names, and there is no StageName',
    }),
  attributes: ['DeploymentId'],
  async create({ RestApiId, Description, StageDescription, StageName }, context) {
    const gateway = context.aws.client(APIGatewayClient, context.region);
    const { id = '' } = await gateway.send(
      new CreateDeploymentCommand({
        restApiId: RestApiId,
        description: Description,
        stageName: StageName,
        stageDescription: StageDescription?.Description,
        tracingEnabled: StageDescription?.TracingEnabled,
        variables: StageDescription?.Variables,
      }),
    );
    return { ref: id, attributes: { DeploymentId: id } };
  },
  async complete({ RestApiId, StageDescription, StageName }, made, context) {
    if (StageDescription === undefined) return made;
    const gateway = context.aws.client(APIGatewayClient, context.region);
    const patchOperations = stagePatches({
      AccessLogSetting: StageDescription.AccessLogSetting,
      MethodSettings: settingsOf(StageDescription),
    });
    if (patchOperations.length > 0) {
      await gateway.send(new UpdateStageCommand({ restApiId: RestApiId, stageName: StageName, patchOperations }));
    }
    if (StageDescription.Tags !== undefined) {
      const { partition, region } = context;
      const resourceArn = `arn:${partition}:apigateway:${region}::/restapis/${RestApiId}/stages/${StageName}`;
      await gateway.send(new TagResourceCommand({ resourceArn, tags: tagMap(StageDescription.Tags) }));
    }
    return made;
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

/** Settings that name no method are those of all methods. */
function settingsOf(description: StageDescription) {
  const { LoggingLevel, DataTraceEnabled, MetricsEnabled, ThrottlingBurstLimit, ThrottlingRateLimit } = description;
  const ofAll = { LoggingLevel, DataTraceEnabled, MetricsEnabled, ThrottlingBurstLimit, ThrottlingRateLimit };
  return [{ ResourcePath: '/*', HttpMethod: '*', ...ofAll }, ...(description.MethodSettings ?? [])];
}
