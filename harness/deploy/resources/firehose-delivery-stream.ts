import {
  CreateDeliveryStreamCommand,
  DeleteDeliveryStreamCommand,
  type DeliveryStreamDescription,
  DescribeDeliveryStreamCommand,
  FirehoseClient,
} from '@aws-sdk/client-firehose';
import { z } from 'zod';
import { unless } from './aws-errors.ts';
import {
  extendedS3Destination,
  httpEndpointDestination,
  openSearchDestination,
  s3Destination,
} from './firehose-destinations.ts';
import { defineResource, type ResourceContext } from './resource-type.ts';
import { text } from './schemas.ts';

export const firehoseDeliveryStream = defineResource({
  type: 'AWS::KinesisFirehose::DeliveryStream',
  properties: z.strictObject({
    DeliveryStreamName: text().optional(),
    DeliveryStreamType: z.enum(['DirectPut', 'KinesisStreamAsSource']).optional(),
    KinesisStreamSourceConfiguration: z.strictObject({ KinesisStreamARN: text(), RoleARN: text() }).optional(),
    DeliveryStreamEncryptionConfigurationInput: z
      .strictObject({ KeyType: z.enum(['AWS_OWNED_CMK', 'CUSTOMER_MANAGED_CMK']), KeyARN: text().optional() })
      .optional(),
    AmazonopensearchserviceDestinationConfiguration: openSearchDestination.optional(),
    ElasticsearchDestinationConfiguration: openSearchDestination.optional(),
    ExtendedS3DestinationConfiguration: extendedS3Destination.optional(),
    HttpEndpointDestinationConfiguration: httpEndpointDestination.optional(),
    S3DestinationConfiguration: s3Destination.optional(),
    Tags: z.array(z.strictObject({ Key: text(), Value: text().optional() })).optional(),
  }),
  attributes: ['Arn'],
  async create({ DeliveryStreamName, ...properties }, context) {
    const name = DeliveryStreamName ?? context.physicalName({ maxLength: 64 });
    const firehose = context.aws.client(FirehoseClient, context.region);
    const answer = await firehose.send(new CreateDeliveryStreamCommand({ DeliveryStreamName: name, ...properties }));
    return { ref: name, attributes: { Arn: answer.DeliveryStreamARN ?? '' } };
  },
  async complete(_properties, made, context) {
    await context.until('the delivery stream becoming ACTIVE', async () => {
      const { DeliveryStreamStatus: status, FailureDescription: failure } = (await describe(made.ref, context)) ?? {};
      if (status === 'CREATING_FAILED') throw new Error(`CREATING_FAILED: ${failure?.Details ?? 'no details'}`);
      return status === 'ACTIVE' ? true : undefined;
    });
    return made;
  },
  exists: async (_properties, { ref }, context) => (await describe(ref, context)) !== undefined,
  async delete(_properties, { ref }, context) {
    const firehose = context.aws.client(FirehoseClient, context.region);
    await unless(['ResourceNotFoundException'], () =>
      firehose.send(new DeleteDeliveryStreamCommand({ DeliveryStreamName: ref })),
    );
    await context.until('the delivery stream being gone', async () => {
      return (await describe(ref, context)) === undefined ? true : undefined;
    });
  },
});

async function describe(name: string, context: ResourceContext): Promise<DeliveryStreamDescription | undefined> {
  const firehose = context.aws.client(FirehoseClient, context.region);
  const answer = await unless(['ResourceNotFoundException'], () =>
    firehose.send(new DescribeDeliveryStreamCommand({ DeliveryStreamName: name })),
  );
  return answer?.DeliveryStreamDescription;
}
