import {
  CreateDeliveryStreamCommand,
  DeleteDeliveryStreamCommand,
  type DeliveryStreamDescription,
  DescribeDeliveryStreamCommand,
  FirehoseClient,
} from '@aws-sdk/client-firehose';
import { z } from 'zod';
import { unless } from './aws-errors.ts';
import { defineResource, type ResourceContext } from './resource-type.ts';
import { flag, integer, tags, text } from './schemas.ts';

/** Firehose's API takes the same structures as the template, so they are passed on once they are checked. */
const bufferingHints = z.strictObject({ IntervalInSeconds: integer().optional(), SizeInMBs: integer().optional() });
const cloudWatchLoggingOptions = z.strictObject({
  Enabled: flag().optional(),
  LogGroupName: text().optional(),
  LogStreamName: text().optional(),
});
const processors = z.array(
  z.strictObject({
    Type: z.enum([
      'RecordDeAggregation',
      'Decompression',
      'CloudWatchLogProcessing',
      'Lambda',
      'MetadataExtraction',
      'AppendDelimiterToRecord',
    ]),
    Parameters: z
      .array(
        z.strictObject({
          ParameterName: z.enum([
            'LambdaArn',
            'NumberOfRetries',
            'MetadataExtractionQuery',
            'JsonParsingEngine',
            'RoleArn',
            'BufferSizeInMBs',
            'BufferIntervalInSeconds',
            'SubRecordType',
            'Delimiter',
            'CompressionFormat',
            'DataMessageExtraction',
          ]),
          ParameterValue: text(),
        }),
      )
      .optional(),
  }),
);

const s3Destination = z.strictObject({
  RoleARN: text(),
  BucketARN: text(),
  Prefix: text().optional(),
  ErrorOutputPrefix: text().optional(),
  BufferingHints: bufferingHints.optional(),
  CompressionFormat: z.enum(['UNCOMPRESSED', 'GZIP', 'ZIP', 'Snappy', 'HADOOP_SNAPPY']).optional(),
  CloudWatchLoggingOptions: cloudWatchLoggingOptions.optional(),
  EncryptionConfiguration: z.strictObject({ NoEncryptionConfig: z.literal('NoEncryption') }).optional(),
});

const extendedS3Destination = s3Destination.extend({
  CustomTimeZone: text().optional(),
  FileExtension: text().optional(),
  ProcessingConfiguration: z.strictObject({ Enabled: flag().optional(), Processors: processors.optional() }).optional(),
});

export const firehoseDeliveryStream = defineResource({
  type: 'AWS::KinesisFirehose::DeliveryStream',
  properties: z.strictObject({
    DeliveryStreamName: text().optional(),
    DeliveryStreamType: z.enum(['DirectPut', 'KinesisStreamAsSource']).optional(),
    KinesisStreamSourceConfiguration: z.strictObject({ KinesisStreamARN: text(), RoleARN: text() }).optional(),
    S3DestinationConfiguration: s3Destination.optional(),
    ExtendedS3DestinationConfiguration: extendedS3Destination.optional(),
    Tags: tags().optional(),
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
