import type { Processor } from '@aws-sdk/client-firehose';
import { expect, test } from 'vitest';
import { answeringAws } from '../testing.ts';
import { Violations } from '../violations.ts';
import { checkProcessing, readProcessing } from './index.ts';
import { FUNCTION_ARN, processor, QUERY } from './testing.ts';

const parts = { aws: answeringAws(() => undefined) };
const read = (processors: readonly Processor[], dynamicPartitioning = false, Enabled: boolean | undefined = true) =>
  readProcessing({ Enabled, Processors: [...processors] }, 'S3', { dynamicPartitioning }, parts);
const lambda = (parameters: Record<string, string> = {}) =>
  processor('Lambda', { LambdaArn: FUNCTION_ARN, ...parameters });
const deaggregation = (parameters: Record<string, string>) => processor('RecordDeAggregation', parameters);
const APPEND = processor('AppendDelimiterToRecord');

test('without a configuration, or with one that is not enabled, nothing is done', () => {
  expect(readProcessing(undefined, 'S3', { dynamicPartitioning: false }, parts)).toBeUndefined();
  expect(read([], false, false)).toBeUndefined();
});

test('records are collected for a function alone, for 1 MiB or 60 seconds unless told otherwise', () => {
  expect(read([APPEND])?.hints).toBeUndefined();
  expect(read([lambda()])?.hints).toEqual({ sizeInMBs: 1, intervalInSeconds: 60 });
  const hints = { BufferSizeInMBs: '0.2', BufferIntervalInSeconds: '0' };
  expect(read([lambda(hints)])?.hints).toEqual({ sizeInMBs: 0.2, intervalInSeconds: 0 });
});

test('the configuration is described as it was given', () => {
  const Processors = [lambda({ NumberOfRetries: '1' }), APPEND];
  expect(read(Processors)?.configuration).toEqual({ Enabled: true, Processors });
});

const COUNT = 'A maximum of 5 and a minimum of 1 processor needs to be supplied when processing is enabled.';
const BOTH =
  'Both BufferSizeInMBs and BufferIntervalInSeconds are required to configure buffering for lambda processor.';
const onlyPartitioned = (type: string) =>
  `class com.amazonaws.services.firehose.internal.model.${type}Processor can only be present when Dynamic Partitioning is enabled.`;

test.each<[readonly Processor[], boolean, string]>([
  [[], false, COUNT],
  [[APPEND, APPEND, APPEND, APPEND, APPEND, APPEND], false, COUNT],
  [[lambda(), lambda()], false, 'Cannot have more than 1 Lambda processor.'],
  [[processor('Lambda')], false, 'LambdaArn is required when Lambda processor is used.'],
  [[lambda({ NumberOfRetries: '301' })], false, 'Number of retries for lambda must be between 0 and 300.'],
  [[lambda({ NumberOfRetries: 'many' })], false, 'Number of retries for lambda must be between 0 and 300.'],
  [
    [lambda({ BufferSizeInMBs: '0.1', BufferIntervalInSeconds: '60' })],
    false,
    'BufferSizeInMBs for lambda processor must be between 0.2 and 3.',
  ],
  [
    [lambda({ BufferSizeInMBs: '1', BufferIntervalInSeconds: '901' })],
    false,
    'BufferIntervalInSeconds for lambda processor must be between 0 and 900.',
  ],
  [[lambda({ BufferSizeInMBs: '1' })], false, BOTH],
  [[lambda({ BufferIntervalInSeconds: '60' })], false, BOTH],
  [[lambda({ LambdaArn: 'worker' })], false, 'LambdaArn of the Lambda processor is not the ARN of a function: worker'],
  [[QUERY('.')], false, onlyPartitioned('MetadataExtraction')],
  [[deaggregation({ SubRecordType: 'JSON' })], false, onlyPartitioned('RecordDeAggregation')],
  [[deaggregation({ SubRecordType: 'CSV' })], true, 'SubRecordType has to be one of JSON, DELIMITED'],
  [[deaggregation({ SubRecordType: 'DELIMITED' })], true, 'Delimiter should be present for DELIMITED'],
  [
    [deaggregation({ SubRecordType: 'DELIMITED', Delimiter: '####' })],
    true,
    'Delimiter of the RecordDeAggregation processor has to be base64-encoded',
  ],
  [
    [processor('MetadataExtraction', { MetadataExtractionQuery: '.', JsonParsingEngine: 'JQ-1.7' })],
    true,
    'MetaDataExtraction JSON Parsing Engine has to be one of JQ-1.6',
  ],
  [
    [processor('MetadataExtraction', { JsonParsingEngine: 'JQ-1.6' })],
    true,
    'MetadataExtractionQuery is required when MetadataExtraction processor is used.',
  ],
  [
    [processor('CloudWatchLogProcessing', { DataMessageExtraction: 'true' })],
    false,
    'CloudWatchLogProcessingProcessor can only be enabled with DecompressionProcessor',
  ],
  [
    [processor('Decompression'), processor('CloudWatchLogProcessing')],
    false,
    'DataMessageExtraction of the CloudWatchLogProcessing processor has to be one of true, false',
  ],
  [
    [processor('Decompression', { CompressionFormat: 'ZIP' })],
    false,
    'CompressionFormat of the Decompression processor has to be one of GZIP',
  ],
])('%j is refused', (processors, dynamicPartitioning, message) => {
  expect(() => read(processors, dynamicPartitioning)).toThrow(
    expect.objectContaining({ code: 'InvalidArgumentException', message }),
  );
});

test("the API model's constraints are checked with the members' paths", () => {
  const violations = new Violations();
  const Parameters = [{ ParameterName: 'Name' as never, ParameterValue: '' }];
  checkProcessing(
    { Processors: [{ Type: 'Zip' as never, Parameters }] },
    'destination.processingConfiguration',
    violations,
  );
  const path = 'destination.processingConfiguration.processors.1.member';
  expect(() => violations.raise()).toThrow(
    `4 validation errors detected: Value 'Zip' at '${path}.type' failed to satisfy constraint: Member must satisfy enum value set: [RecordDeAggregation, Decompression, CloudWatchLogProcessing, Lambda, MetadataExtraction, AppendDelimiterToRecord]; ` +
      `Value 'Name' at '${path}.parameters.1.member.parameterName'`,
  );
});
