import type { Processor, ProcessorParameterName, ProcessorType } from '@aws-sdk/client-firehose';
import { errors } from '../errors.ts';
import type { SubRecordType } from './deaggregation.ts';
import { readDelimiter } from './delimiter.ts';
import type { LambdaSettings } from './lambda/index.ts';

const MAX_PROCESSORS = 5;
const RETRIES = { min: 0, max: 300, default: 3 } as const;
const SIZE_MIB = { min: 0.2, max: 3, default: 1 } as const;
const INTERVAL_SECONDS = { min: 0, max: 900, default: 60 } as const;
const LAMBDA_ARN_PATTERN = /^arn:[^:]+:lambda:[^:]+:\d{12}:function:[\w-]+(?::[\w$-]+)?$/;

/** What the processors of a configuration are to do, whatever the order in which they are given. */
export interface Settings {
  readonly decompression: { readonly extractsMessages: boolean } | undefined;
  readonly deaggregation: SubRecordType | undefined;
  readonly lambda: Omit<LambdaSettings, 'takesPartitionKeys'> | undefined;
  /** The jq query of MetadataExtraction. */
  readonly query: string | undefined;
  readonly delimiter: Buffer | undefined;
}

type Parameters = ReadonlyMap<ProcessorParameterName | undefined, string>;

/**
 * The rules beyond the API model, in AWS's words where these are known.
 *
 * @throws InvalidArgumentException
 */
export function readProcessors(processors: readonly Processor[], dynamicPartitioning: boolean): Settings {
  if (processors.length < 1 || processors.length > MAX_PROCESSORS) {
    throw errors.invalid(
      `A maximum of ${MAX_PROCESSORS} and a minimum of 1 processor needs to be supplied when processing is enabled.`,
    );
  }
  if (processors.filter(({ Type }) => Type === 'Lambda').length > 1) {
    throw errors.invalid('Cannot have more than 1 Lambda processor.');
  }
  const find = (type: ProcessorType): Parameters | undefined => {
    const processor = processors.find(({ Type }) => Type === type);
    return (
      processor && new Map(processor.Parameters?.map((given) => [given.ParameterName, given.ParameterValue ?? '']))
    );
  };
  const [deaggregation, extraction] = [find('RecordDeAggregation'), find('MetadataExtraction')];
  if (!dynamicPartitioning && deaggregation) throw needsPartitioning('RecordDeAggregationProcessor');
  if (!dynamicPartitioning && extraction) throw needsPartitioning('MetadataExtractionProcessor');
  const [lambda, delimiter] = [find('Lambda'), find('AppendDelimiterToRecord')];
  return {
    decompression: readDecompression(find('Decompression'), find('CloudWatchLogProcessing')),
    deaggregation: deaggregation && readSubRecordType(deaggregation),
    lambda: lambda && readLambda(lambda),
    query: extraction && readQuery(extraction),
    delimiter: delimiter && readDelimiter(delimiter.get('Delimiter')),
  };
}

function needsPartitioning(processor: string) {
  return errors.invalid(
    `class com.amazonaws.services.firehose.internal.model.${processor} can only be present when Dynamic Partitioning is enabled.`,
  );
}

function readDecompression(
  decompression: Parameters | undefined,
  extraction: Parameters | undefined,
): Settings['decompression'] {
  if (!decompression) {
    if (!extraction) return undefined;
    throw errors.invalid('CloudWatchLogProcessingProcessor can only be enabled with DecompressionProcessor');
  }
  if ((decompression.get('CompressionFormat') ?? 'GZIP') !== 'GZIP') {
    throw errors.invalid('CompressionFormat of the Decompression processor has to be one of GZIP');
  }
  const extracts = extraction ? extraction.get('DataMessageExtraction')?.toLowerCase() : 'false';
  if (extracts !== 'true' && extracts !== 'false') {
    throw errors.invalid('DataMessageExtraction of the CloudWatchLogProcessing processor has to be one of true, false');
  }
  return { extractsMessages: extracts === 'true' };
}

function readSubRecordType(parameters: Parameters): SubRecordType {
  switch (parameters.get('SubRecordType')) {
    case 'JSON':
      return { kind: 'JSON' };
    case 'DELIMITED': {
      const given = parameters.get('Delimiter');
      if (given === undefined) throw errors.invalid('Delimiter should be present for DELIMITED');
      const delimiter = Buffer.from(given, 'base64');
      if (delimiter.length === 0 || delimiter.toString('base64') !== given) {
        throw errors.invalid('Delimiter of the RecordDeAggregation processor has to be base64-encoded');
      }
      return { kind: 'DELIMITED', delimiter };
    }
    default:
      throw errors.invalid('SubRecordType has to be one of JSON, DELIMITED');
  }
}

function readLambda(parameters: Parameters): NonNullable<Settings['lambda']> {
  const functionArn = parameters.get('LambdaArn');
  if (functionArn === undefined) throw errors.invalid('LambdaArn is required when Lambda processor is used.');
  if (!LAMBDA_ARN_PATTERN.test(functionArn)) {
    throw errors.invalid(`LambdaArn of the Lambda processor is not the ARN of a function: ${functionArn}`);
  }
  const retries = readNumber(parameters.get('NumberOfRetries'), RETRIES, 'Number of retries for lambda');
  const [size, interval] = [parameters.get('BufferSizeInMBs'), parameters.get('BufferIntervalInSeconds')];
  if ((size === undefined) !== (interval === undefined)) {
    throw errors.invalid(
      'Both BufferSizeInMBs and BufferIntervalInSeconds are required to configure buffering for lambda processor.',
    );
  }
  return {
    functionArn,
    retries,
    hints: {
      sizeInMBs: readNumber(size, SIZE_MIB, 'BufferSizeInMBs for lambda processor'),
      intervalInSeconds: readNumber(interval, INTERVAL_SECONDS, 'BufferIntervalInSeconds for lambda processor'),
    },
  };
}

function readNumber(
  given: string | undefined,
  { min, max, default: otherwise }: { readonly min: number; readonly max: number; readonly default: number },
  what: string,
): number {
  const value = given === undefined ? otherwise : Number(given);
  if (!(value >= min && value <= max)) throw errors.invalid(`${what} must be between ${min} and ${max}.`);
  return value;
}

function readQuery(parameters: Parameters): string {
  const query = parameters.get('MetadataExtractionQuery');
  if (parameters.get('JsonParsingEngine') !== 'JQ-1.6') {
    throw errors.invalid('MetaDataExtraction JSON Parsing Engine has to be one of JQ-1.6');
  }
  if (query === undefined) {
    throw errors.invalid('MetadataExtractionQuery is required when MetadataExtraction processor is used.');
  }
  return query;
}
