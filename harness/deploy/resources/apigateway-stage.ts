import {
  APIGatewayClient,
  CreateStageCommand,
  DeleteStageCommand,
  GetStageCommand,
  type PatchOperation,
  UpdateStageCommand,
} from '@aws-sdk/client-api-gateway';
import { z } from 'zod';
import { unless } from './aws-errors.ts';
import { defineResource } from './resource-type.ts';
import { decimal, flag, integer, tagMap, tags, text, textMap } from './schemas.ts';

const methodSetting = z.strictObject({
  ResourcePath: text(),
  HttpMethod: text(),
  LoggingLevel: z.enum(['OFF', 'ERROR', 'INFO']).optional(),
  DataTraceEnabled: flag().optional(),
  MetricsEnabled: flag().optional(),
  ThrottlingBurstLimit: integer().optional(),
  ThrottlingRateLimit: decimal().optional(),
});

type MethodSetting = z.output<typeof methodSetting>;

/** Where UpdateStage has each setting. Source: API Gateway developer guide, "Patch operations", UpdateStage. */
const SETTING_PATHS = {
  LoggingLevel: 'logging/loglevel',
  DataTraceEnabled: 'logging/dataTrace',
  MetricsEnabled: 'metrics/enabled',
  ThrottlingBurstLimit: 'throttling/burstLimit',
  ThrottlingRateLimit: 'throttling/rateLimit',
} as const;

export const apiGatewayStage = defineResource({
  type: 'AWS::ApiGateway::Stage',
  properties: z.strictObject({
    RestApiId: text(),
    StageName: text(),
    DeploymentId: text(),
    Description: text().optional(),
    Variables: textMap().optional(),
    TracingEnabled: flag().optional(),
    AccessLogSetting: z.strictObject({ DestinationArn: text(), Format: text() }).optional(),
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
  async complete({ RestApiId, StageName, MethodSettings = [], AccessLogSetting }, made, context) {
    const patchOperations = MethodSettings.flatMap(patchesOf);
    if (AccessLogSetting !== undefined) {
      patchOperations.push(
        { op: 'replace', path: '/accessLogSettings/destinationArn', value: AccessLogSetting.DestinationArn },
        { op: 'replace', path: '/accessLogSettings/format', value: AccessLogSetting.Format },
      );
    }
    if (patchOperations.length > 0) {
      const gateway = context.aws.client(APIGatewayClient, context.region);
      await gateway.send(new UpdateStageCommand({ restApiId: RestApiId, stageName: StageName, patchOperations }));
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

// `/v1` and `POST` make `/~1v1/POST/...`; all resources and all methods (`/*` and `*`) make `/*/*/...`.
function patchesOf(setting: MethodSetting): PatchOperation[] {
  const resource =
    setting.ResourcePath === '/*' ? '*' : setting.ResourcePath.replaceAll('~', '~0').replaceAll('/', '~1');
  return Object.entries(SETTING_PATHS).flatMap(([name, path]) => {
    const value = setting[name as keyof typeof SETTING_PATHS];
    if (value === undefined) return [];
    return [{ op: 'replace' as const, path: `/${resource}/${setting.HttpMethod}/${path}`, value: String(value) }];
  });
}
