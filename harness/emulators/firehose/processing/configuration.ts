import type { ProcessingConfiguration } from '@aws-sdk/client-firehose';
import type { Violations } from '../violations.ts';

const TYPES = [
  'RecordDeAggregation',
  'Decompression',
  'CloudWatchLogProcessing',
  'Lambda',
  'MetadataExtraction',
  'AppendDelimiterToRecord',
] as const;

const PARAMETER_NAMES = [
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
] as const;

const MAX_VALUE_LENGTH = 5120;
const VALUE_PATTERN = '^(?!\\s*$).+';

/** The constraints of the API model (2015-08-04). `path` is that of the configuration in the request. */
export function checkProcessing(
  configuration: ProcessingConfiguration | undefined,
  path: string,
  violations: Violations,
): void {
  configuration?.Processors?.forEach((processor, index) => {
    const member = `${path}.processors.${index + 1}.member`;
    if (violations.required(`${member}.type`, processor.Type)) {
      violations.oneOf(`${member}.type`, processor.Type, TYPES);
    }
    processor.Parameters?.forEach(({ ParameterName: name, ParameterValue: value }, position) => {
      const parameter = `${member}.parameters.${position + 1}.member`;
      if (violations.required(`${parameter}.parameterName`, name)) {
        violations.oneOf(`${parameter}.parameterName`, name, PARAMETER_NAMES);
      }
      if (violations.required(`${parameter}.parameterValue`, value)) {
        violations.text(`${parameter}.parameterValue`, value, 1, MAX_VALUE_LENGTH, VALUE_PATTERN);
      }
    });
  });
}
