import {
  APIGatewayClient,
  CreateUsagePlanCommand,
  DeleteUsagePlanCommand,
  GetUsagePlanCommand,
  type ThrottleSettings,
  UpdateUsagePlanCommand,
} from '@aws-sdk/client-api-gateway';
import { z } from 'zod';
import { unless } from './aws-errors.ts';
import { defineResource } from './resource-type.ts';
import { decimal, integer, tagMap, tags, text } from './schemas.ts';

const throttle = z.strictObject({ BurstLimit: integer().optional(), RateLimit: decimal().optional() });

const apiStage = z.strictObject({
  ApiId: text(),
  Stage: text(),
  /** By `/{path}/{method}`. */
  Throttle: z.record(z.string(), throttle).optional(),
});

type ApiStage = z.output<typeof apiStage>;

/** A deployment must have made the stages that the plan names: the template says so in `DependsOn`, as on AWS. */
export const apiGatewayUsagePlan = defineResource({
  type: 'AWS::ApiGateway::UsagePlan',
  properties: z.strictObject({
    ApiStages: z.array(apiStage).optional(),
    Description: text().optional(),
    Quota: z
      .strictObject({
        Limit: integer().optional(),
        Offset: integer().optional(),
        Period: z.enum(['DAY', 'WEEK', 'MONTH']).optional(),
      })
      .optional(),
    Tags: tags().optional(),
    Throttle: throttle.optional(),
    UsagePlanName: text().optional(),
  }),
  attributes: ['Id'],
  async create(properties, context) {
    const { ApiStages, Quota, Throttle } = properties;
    const gateway = context.aws.client(APIGatewayClient, context.region);
    const { id = '' } = await gateway.send(
      new CreateUsagePlanCommand({
        name: properties.UsagePlanName ?? context.physicalName({ maxLength: 255 }),
        description: properties.Description,
        apiStages: ApiStages?.map(stageOf),
        quota: Quota && { limit: Quota.Limit, offset: Quota.Offset, period: Quota.Period },
        throttle: Throttle && throttleOf(Throttle),
        tags: properties.Tags && tagMap(properties.Tags),
      }),
    );
    return { ref: id, attributes: { Id: id } };
  },
  async exists(_properties, { ref }, context) {
    const gateway = context.aws.client(APIGatewayClient, context.region);
    const plan = await unless(['NotFoundException'], () => gateway.send(new GetUsagePlanCommand({ usagePlanId: ref })));
    return plan !== undefined;
  },
  /** A plan that has stages cannot be deleted. */
  async delete(_properties, { ref }, context) {
    const gateway = context.aws.client(APIGatewayClient, context.region);
    await unless(['NotFoundException'], async () => {
      const { apiStages = [] } = await gateway.send(new GetUsagePlanCommand({ usagePlanId: ref }));
      if (apiStages.length > 0) {
        const patchOperations = apiStages.map(({ apiId, stage }) => ({
          op: 'remove' as const,
          path: '/apiStages',
          value: `${apiId}:${stage}`,
        }));
        await gateway.send(new UpdateUsagePlanCommand({ usagePlanId: ref, patchOperations }));
      }
      await gateway.send(new DeleteUsagePlanCommand({ usagePlanId: ref }));
    });
  },
});

function stageOf({ ApiId, Stage, Throttle }: ApiStage) {
  const limits = Object.entries(Throttle ?? {}).map(([method, limit]) => [method, throttleOf(limit)] as const);
  return { apiId: ApiId, stage: Stage, throttle: Throttle && Object.fromEntries(limits) };
}

function throttleOf({ BurstLimit, RateLimit }: z.output<typeof throttle>): ThrottleSettings {
  return { burstLimit: BurstLimit, rateLimit: RateLimit };
}
