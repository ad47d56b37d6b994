import { CreateDeliveryStreamCommand } from '@aws-sdk/client-firehose';
import { describe, expect, test } from 'vitest';
import { deploy } from '../index.ts';
import { checkTemplate } from '../template/load.ts';
import { parseTemplateText } from '../template/parse.ts';

const BACKUP = `
        S3Configuration:
          BucketARN: arn:aws:s3:::backup
          RoleARN: arn:aws:iam::000000000000:role/firehose
          Prefix: failed_
          ErrorOutputPrefix: "errors/!{firehose:error-output-type}/"
          BufferingHints: { IntervalInSeconds: 60, SizeInMBs: 1 }
          CompressionFormat: GZIP
          EncryptionConfiguration: { NoEncryptionConfig: NoEncryption }
          CloudWatchLoggingOptions: { Enabled: true, LogGroupName: /aws/kinesisfirehose/a, LogStreamName: BackupDelivery }`;
const COMMON = `
        BufferingHints: { IntervalInSeconds: 60, SizeInMBs: 1 }
        CloudWatchLoggingOptions: { Enabled: true, LogGroupName: /aws/kinesisfirehose/a, LogStreamName: DestinationDelivery }
        ProcessingConfiguration:
          Enabled: true
          Processors:
            - Type: Lambda
              Parameters:
                - { ParameterName: LambdaArn, ParameterValue: "arn:aws:lambda:us-east-1:000000000000:function:transform" }
                - { ParameterName: NumberOfRetries, ParameterValue: "3" }
            - { Type: AppendDelimiterToRecord }
        RetryOptions: { DurationInSeconds: 300 }`;

const OPEN_SEARCH = `
        RoleARN: arn:aws:iam::000000000000:role/firehose
        IndexName: pinpoint
        DocumentIdOptions: { DefaultDocumentIdFormat: FIREHOSE_DEFAULT }
        IndexRotationPeriod: OneDay
        S3BackupMode: FailedDocumentsOnly${COMMON}${BACKUP}`;

/** Each of the destinations with everything that is supported of it. */
const DESTINATIONS: Readonly<Record<string, string>> = {
  AmazonopensearchserviceDestinationConfiguration: `
        DomainARN: arn:aws:es:us-east-1:000000000000:domain/pinpoint${OPEN_SEARCH}`,
  ElasticsearchDestinationConfiguration: `
        ClusterEndpoint: https://search-pinpoint.us-east-1.es.amazonaws.com
        TypeName: _doc${OPEN_SEARCH}`,
  HttpEndpointDestinationConfiguration: `
        EndpointConfiguration: { Url: "https://example.com/in", Name: in, AccessKey: secret }
        RequestConfiguration:
          ContentEncoding: GZIP
          CommonAttributes: [{ AttributeName: of, AttributeValue: brook }]
        RoleARN: arn:aws:iam::000000000000:role/firehose
        S3BackupMode: AllData${COMMON}${BACKUP}`,
  ExtendedS3DestinationConfiguration: `
        BucketARN: arn:aws:s3:::data
        RoleARN: arn:aws:iam::000000000000:role/firehose
        Prefix: "customer=!{partitionKeyFromQuery:customer}/"
        ErrorOutputPrefix: "errors/!{firehose:error-output-type}/"
        BufferingHints: { IntervalInSeconds: 60, SizeInMBs: 64 }
        CloudWatchLoggingOptions: { Enabled: false }
        CompressionFormat: UNCOMPRESSED
        CustomTimeZone: Asia/Seoul
        DynamicPartitioningConfiguration: { Enabled: true, RetryOptions: { DurationInSeconds: 30 } }
        EncryptionConfiguration:
          KMSEncryptionConfig: { AWSKMSKeyARN: "arn:aws:kms:us-east-1:000000000000:key/1234abcd-12ab-34cd-56ef-1234567890ab" }
        FileExtension: .json
        ProcessingConfiguration:
          Enabled: true
          Processors:
            - Type: MetadataExtraction
              Parameters:
                - { ParameterName: MetadataExtractionQuery, ParameterValue: "{customer:.customer}" }
                - { ParameterName: JsonParsingEngine, ParameterValue: JQ-1.6 }
        S3BackupMode: Enabled
        S3BackupConfiguration: { BucketARN: "arn:aws:s3:::source", RoleARN: "arn:aws:iam::000000000000:role/firehose" }`,
};

const templateOf = (destination: string, body: string) => `
Resources:
  Delivery:
    Type: AWS::KinesisFirehose::DeliveryStream
    Properties:
      DeliveryStreamName: events
      DeliveryStreamType: DirectPut
      DeliveryStreamEncryptionConfigurationInput: { KeyType: AWS_OWNED_CMK }
      Tags: [{ Key: team, Value: 물 }, { Key: empty }]
      ${destination}:${body}
`;

/** What CreateDeliveryStream is asked for a template. */
async function asked(text: string): Promise<unknown> {
  const inputs: unknown[] = [];
  const send = async (command: { readonly input: unknown }) => {
    if (command instanceof CreateDeliveryStreamCommand) inputs.push(command.input);
    return { DeliveryStreamDescription: { DeliveryStreamStatus: 'ACTIVE' } };
  };
  await deploy(await checkTemplate(parseTemplateText(text, 't.yaml'), 't.yaml'), {
    name: 'analytics',
    aws: { client: <T>() => ({ send }) as T },
    region: 'us-east-1',
    accountId: '000000000000',
    progress: () => undefined,
    urlFor: () => '',
  });
  expect(inputs).toHaveLength(1);
  return inputs[0];
}

describe.each(Object.entries(DESTINATIONS))('a delivery stream with %s', (destination, body) => {
  test('is asked for as the template has it, numbers and truths as such', async () => {
    const text = templateOf(destination, body);
    const written = (await import('yaml')).parse(text).Resources.Delivery.Properties;
    expect(await asked(text)).toEqual(written);
    const asText = text.replaceAll(/: (true|false|\d+)(?=[ ,}\n])/g, ': "$1"');
    expect(asText).not.toBe(text);
    expect(await asked(asText)).toEqual(written);
  });
});

test.each([
  ['RedshiftDestinationConfiguration: { RoleARN: a }', 'RedshiftDestinationConfiguration'],
  ['SplunkDestinationConfiguration: { HECEndpoint: a }', 'SplunkDestinationConfiguration'],
  ['SnowflakeDestinationConfiguration: { Schema: a }', 'SnowflakeDestinationConfiguration'],
  ['IcebergDestinationConfiguration: { RoleARN: a }', 'IcebergDestinationConfiguration'],
  [
    'AmazonOpenSearchServerlessDestinationConfiguration: { IndexName: a }',
    'AmazonOpenSearchServerlessDestinationConfiguration',
  ],
  ['MSKSourceConfiguration: { TopicName: a }', 'MSKSourceConfiguration'],
  [
    'ExtendedS3DestinationConfiguration: { DataFormatConversionConfiguration: { Enabled: true } }',
    'ExtendedS3DestinationConfiguration.DataFormatConversionConfiguration',
  ],
  [
    'AmazonopensearchserviceDestinationConfiguration: { VpcConfiguration: { RoleARN: a } }',
    'AmazonopensearchserviceDestinationConfiguration.VpcConfiguration',
  ],
])('%s is refused by its name', async (property, path) => {
  const text = `Resources:\n  D:\n    Type: AWS::KinesisFirehose::DeliveryStream\n    Properties:\n      ${property}\n`;
  await expect(checkTemplate(parseTemplateText(text, 't.yaml'), 't.yaml')).rejects.toMatchObject({
    code: 'TEMPLATE_UNSUPPORTED_PROPERTY',
    message:
      `t.yaml:5: D.Properties.${path}: ` +
      'naetmul does not support this property of AWS::KinesisFirehose::DeliveryStream.',
  });
});
