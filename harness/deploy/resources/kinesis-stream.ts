import {
  AddTagsToStreamCommand,
  CreateStreamCommand,
  DeleteStreamCommand,
  DescribeStreamSummaryCommand,
  IncreaseStreamRetentionPeriodCommand,
  KinesisClient,
  type StreamDescriptionSummary,
} from '@aws-sdk/client-kinesis';
import { z } from 'zod';
import { unless } from './aws-errors.ts';
import { defineResource, type ResourceContext } from './resource-type.ts';
import { integer, tagMap, tags, text } from './schemas.ts';

/** What a stream has from the start. Source: Kinesis developer guide, "Change the data retention period". */
const DEFAULT_RETENTION_HOURS = 24;

export const kinesisStream = defineResource({
  type: 'AWS::Kinesis::Stream',
  properties: z.strictObject({
    Name: text().optional(),
    ShardCount: integer().optional(),
    RetentionPeriodHours: integer().optional(),
    StreamModeDetails: z.strictObject({ StreamMode: z.enum(['PROVISIONED', 'ON_DEMAND']) }).optional(),
    Tags: tags().optional(),
  }),
  attributes: ['Arn'],
  async create(properties, context) {
    const name = properties.Name ?? context.physicalName({ maxLength: 128 });
    await context.aws.client(KinesisClient, context.region).send(
      new CreateStreamCommand({
        StreamName: name,
        ShardCount: properties.ShardCount,
        StreamModeDetails: properties.StreamModeDetails,
      }),
    );
    const { partition, region, accountId } = context;
    return { ref: name, attributes: { Arn: `arn:${partition}:kinesis:${region}:${accountId}:stream/${name}` } };
  },
  async complete(properties, made, context) {
    const { ref } = made;
    const kinesis = context.aws.client(KinesisClient, context.region);
    await context.until('the stream becoming ACTIVE', async () => {
      return (await describe(ref, context))?.StreamStatus === 'ACTIVE' ? true : undefined;
    });
    const hours = properties.RetentionPeriodHours ?? DEFAULT_RETENTION_HOURS;
    if (hours !== DEFAULT_RETENTION_HOURS) {
      await kinesis.send(new IncreaseStreamRetentionPeriodCommand({ StreamName: ref, RetentionPeriodHours: hours }));
    }
    if (properties.Tags !== undefined && properties.Tags.length > 0) {
      await kinesis.send(new AddTagsToStreamCommand({ StreamName: ref, Tags: tagMap(properties.Tags) }));
    }
    return made;
  },
  exists: async (_properties, { ref }, context) => (await describe(ref, context)) !== undefined,
  async delete(_properties, { ref }, context) {
    const kinesis = context.aws.client(KinesisClient, context.region);
    await unless(['ResourceNotFoundException'], () => kinesis.send(new DeleteStreamCommand({ StreamName: ref })));
    await context.until('the stream being gone', async () => {
      return (await describe(ref, context)) === undefined ? true : undefined;
    });
  },
});

async function describe(name: string, context: ResourceContext): Promise<StreamDescriptionSummary | undefined> {
  const kinesis = context.aws.client(KinesisClient, context.region);
  const answer = await unless(['ResourceNotFoundException'], () =>
    kinesis.send(new DescribeStreamSummaryCommand({ StreamName: name })),
  );
  return answer?.StreamDescriptionSummary;
}
