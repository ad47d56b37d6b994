import { z } from 'zod';
import { flag, integer, text } from './schemas.ts';

/**
 * Where a delivery stream can deliver to. CloudFormation and Firehose's API have the same names for all of it, so what
 * is checked here is passed on as it is. Limits, patterns and what needs what are for the service to say, in its words.
 */
const bufferingHints = z.strictObject({ IntervalInSeconds: integer().optional(), SizeInMBs: integer().optional() });
const retryOptions = z.strictObject({ DurationInSeconds: integer().optional() });
const cloudWatchLoggingOptions = z.strictObject({
  Enabled: flag().optional(),
  LogGroupName: text().optional(),
  LogStreamName: text().optional(),
});

const processor = z.strictObject({
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
});
const processingConfiguration = z.strictObject({
  Enabled: flag().optional(),
  Processors: z.array(processor).optional(),
});

export const s3Destination = z.strictObject({
  RoleARN: text(),
  BucketARN: text(),
  Prefix: text().optional(),
  ErrorOutputPrefix: text().optional(),
  BufferingHints: bufferingHints.optional(),
  CompressionFormat: z.enum(['UNCOMPRESSED', 'GZIP', 'ZIP', 'Snappy', 'HADOOP_SNAPPY']).optional(),
  CloudWatchLoggingOptions: cloudWatchLoggingOptions.optional(),
  EncryptionConfiguration: z
    .strictObject({
      KMSEncryptionConfig: z.strictObject({ AWSKMSKeyARN: text() }).optional(),
      NoEncryptionConfig: z.literal('NoEncryption').optional(),
    })
    .optional(),
});

export const extendedS3Destination = s3Destination.extend({
  CustomTimeZone: text().optional(),
  DynamicPartitioningConfiguration: z
    .strictObject({ Enabled: flag().optional(), RetryOptions: retryOptions.optional() })
    .optional(),
  FileExtension: text().optional(),
  ProcessingConfiguration: processingConfiguration.optional(),
  S3BackupConfiguration: s3Destination.optional(),
  S3BackupMode: z.enum(['Disabled', 'Enabled']).optional(),
});

/** The same for AmazonopensearchserviceDestinationConfiguration and the older ElasticsearchDestinationConfiguration. */
export const openSearchDestination = z.strictObject({
  RoleARN: text(),
  IndexName: text(),
  S3Configuration: s3Destination,
  BufferingHints: bufferingHints.optional(),
  CloudWatchLoggingOptions: cloudWatchLoggingOptions.optional(),
  ClusterEndpoint: text().optional(),
  DocumentIdOptions: z
    .strictObject({ DefaultDocumentIdFormat: z.enum(['FIREHOSE_DEFAULT', 'NO_DOCUMENT_ID']) })
    .optional(),
  DomainARN: text().optional(),
  IndexRotationPeriod: z.enum(['NoRotation', 'OneHour', 'OneDay', 'OneWeek', 'OneMonth']).optional(),
  ProcessingConfiguration: processingConfiguration.optional(),
  RetryOptions: retryOptions.optional(),
  S3BackupMode: z.enum(['FailedDocumentsOnly', 'AllDocuments']).optional(),
  TypeName: text().optional(),
});

export const httpEndpointDestination = z.strictObject({
  EndpointConfiguration: z.strictObject({
    Url: text(),
    AccessKey: text().optional(),
    Name: text().optional(),
  }),
  S3Configuration: s3Destination,
  BufferingHints: bufferingHints.optional(),
  CloudWatchLoggingOptions: cloudWatchLoggingOptions.optional(),
  ProcessingConfiguration: processingConfiguration.optional(),
  RequestConfiguration: z
    .strictObject({
      CommonAttributes: z.array(z.strictObject({ AttributeName: text(), AttributeValue: text() })).optional(),
      ContentEncoding: z.enum(['NONE', 'GZIP']).optional(),
    })
    .optional(),
  RetryOptions: retryOptions.optional(),
  RoleARN: text().optional(),
  S3BackupMode: z.enum(['FailedDataOnly', 'AllData']).optional(),
});
