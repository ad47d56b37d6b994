import {
  CreateEventSourceMappingCommand,
  DeleteEventSourceMappingCommand,
  type EventSourceMappingConfiguration,
  GetEventSourceMappingCommand,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import { z } from 'zod';
import { unless } from './aws-errors.ts';
import { defineResource, type ResourceContext } from './resource-type.ts';
import { decimal, flag, integer, tagMap, tags, text } from './schemas.ts';

export const lambdaEventSourceMapping = defineResource({
  type: 'AWS::Lambda::EventSourceMapping',
  properties: z.strictObject({
    BatchSize: integer().optional(),
    BisectBatchOnFunctionError: flag().optional(),
    DestinationConfig: z.strictObject({ OnFailure: z.strictObject({ Destination: text() }).optional() }).optional(),
    Enabled: flag().optional(),
    EventSourceArn: text(),
    FilterCriteria: z
      .strictObject({ Filters: z.array(z.strictObject({ Pattern: text().optional() })).optional() })
      .optional(),
    FunctionName: text(),
    FunctionResponseTypes: z.array(z.enum(['ReportBatchItemFailures'])).optional(),
    MaximumBatchingWindowInSeconds: integer().optional(),
    MaximumRecordAgeInSeconds: integer().optional(),
    MaximumRetryAttempts: integer().optional(),
    ParallelizationFactor: integer().optional(),
    ScalingConfig: z.strictObject({ MaximumConcurrency: integer().optional() }).optional(),
    StartingPosition: z.enum(['TRIM_HORIZON', 'LATEST', 'AT_TIMESTAMP']).optional(),
    /** Seconds since the epoch. */
    StartingPositionTimestamp: decimal().optional(),
    Tags: tags().optional(),
    TumblingWindowInSeconds: integer().optional(),
  }),
  attributes: ['Id', 'EventSourceMappingArn'],
  async create({ StartingPositionTimestamp: seconds, Tags = [], ...properties }, context) {
    const { UUID = '', EventSourceMappingArn } = await context.aws.client(LambdaClient, context.region).send(
      new CreateEventSourceMappingCommand({
        ...properties,
        ...(seconds !== undefined && { StartingPositionTimestamp: new Date(seconds * 1000) }),
        ...(Tags.length > 0 && { Tags: tagMap(Tags) }),
      }),
    );
    const { partition, region, accountId } = context;
    const arn = EventSourceMappingArn ?? `arn:${partition}:lambda:${region}:${accountId}:event-source-mapping:${UUID}`;
    return { ref: UUID, attributes: { Id: UUID, EventSourceMappingArn: arn } };
  },
  async complete({ Enabled = true }, made, context) {
    const wanted = Enabled ? 'Enabled' : 'Disabled';
    await context.until(`the mapping becoming ${wanted}`, async () => {
      return (await describe(made.ref, context))?.State === wanted ? true : undefined;
    });
    return made;
  },
  exists: async (_properties, { ref }, context) => (await describe(ref, context)) !== undefined,
  async delete(_properties, { ref }, context) {
    const lambda = context.aws.client(LambdaClient, context.region);
    await unless(['ResourceNotFoundException'], () => lambda.send(new DeleteEventSourceMappingCommand({ UUID: ref })));
    await context.until('the mapping being gone', async () => {
      return (await describe(ref, context)) === undefined ? true : undefined;
    });
  },
});

function describe(uuid: string, context: ResourceContext): Promise<EventSourceMappingConfiguration | undefined> {
  const lambda = context.aws.client(LambdaClient, context.region);
  return unless(['ResourceNotFoundException'], () => lambda.send(new GetEventSourceMappingCommand({ UUID: uuid })));
}
