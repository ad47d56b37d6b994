import type { CreateEventSourceMappingRequest } from '@aws-sdk/client-lambda';
import { errors, refuse } from '../errors.ts';
import type { EventSourceMapping, KinesisMapping } from '../functions/model.ts';
import {
  DEFAULT_KINESIS_BATCH_SIZE,
  DEFAULT_SQS_BATCH_SIZE,
  MAX_BATCH_SIZE,
  MAX_BATCHING_WINDOW,
  MAX_SQS_BATCH_WITHOUT_WINDOW,
} from '../limits.ts';
import type { Parts } from './operation.ts';
import { Violations } from './violations.ts';

const RESPONSE_TYPES = ['ReportBatchItemFailures'];
const STARTING_POSITIONS = ['LATEST', 'AT_TIMESTAMP', 'TRIM_HORIZON'];
/** What only streams have. */
const STREAM_ONLY = [
  'ParallelizationFactor',
  'BisectBatchOnFunctionError',
  'MaximumRecordAgeInSeconds',
  'MaximumRetryAttempts',
  'TumblingWindowInSeconds',
  'DestinationConfig',
] as const;

/** The members of CreateEventSourceMapping; those of UpdateEventSourceMapping are among them. */
export type MappingInput = Partial<CreateEventSourceMappingRequest>;

/** The constraints of the API's model. */
export function checkModel(input: MappingInput): void {
  const violations = new Violations();
  violations.range('batchSize', input.BatchSize, 1, MAX_BATCH_SIZE);
  violations.range('maximumBatchingWindowInSeconds', input.MaximumBatchingWindowInSeconds, 0, MAX_BATCHING_WINDOW);
  violations.range('parallelizationFactor', input.ParallelizationFactor, 1, 10);
  violations.oneOf('startingPosition', input.StartingPosition, STARTING_POSITIONS);
  violations.range('maximumRecordAgeInSeconds', input.MaximumRecordAgeInSeconds, -1, 604_800);
  violations.range('maximumRetryAttempts', input.MaximumRetryAttempts, -1, 10_000);
  violations.range('tumblingWindowInSeconds', input.TumblingWindowInSeconds, 0, 900);
  violations.range('scalingConfig.maximumConcurrency', input.ScalingConfig?.MaximumConcurrency, 2, 1000);
  const types: readonly string[] = input.FunctionResponseTypes ?? [];
  if (types.some((type) => !RESPONSE_TYPES.includes(type))) {
    violations.add(
      `Value '[${types.join(', ')}]'`,
      'functionResponseTypes',
      `Member must satisfy constraint: [Member must satisfy enum value set: [${RESPONSE_TYPES.join(', ')}]]`,
    );
  }
  violations.raise();
  refuse(input.Topics, 'Kafka (Topics)');
  refuse(input.Queues, 'Amazon MQ (Queues)');
  refuse(input.SelfManagedEventSource, 'Kafka (SelfManagedEventSource)');
  refuse(input.SourceAccessConfigurations, 'Kafka and Amazon MQ (SourceAccessConfigurations)');
  refuse(input.KMSKeyArn, 'keys for filter criteria (KMSKeyArn)');
  refuse(input.MetricsConfig?.Metrics, 'metrics of mappings (MetricsConfig)');
  refuse(input.LoggingConfig, 'logs of mappings (LoggingConfig)');
  refuse(input.ProvisionedPollerConfig, 'provisioned pollers (ProvisionedPollerConfig)');
  refuse(input.TumblingWindowInSeconds, 'tumbling windows (TumblingWindowInSeconds)');
}

/** @throws NotImplementedException for a source that AWS has and naetmul has not */
export function kindOf(eventSourceArn: string | undefined): EventSourceMapping['kind'] {
  const service = /^arn:aws[a-zA-Z-]*:([a-z0-9-]+):/.exec(eventSourceArn ?? '')?.[1];
  if (service === 'sqs' || service === 'kinesis') return service;
  if (service === 'dynamodb' || service === 'kafka' || service === 'mq' || service === 'rds') {
    throw errors.unsupported(`event source mappings of ${service} (EventSourceArn)`);
  }
  throw errors.invalid('Unrecognized event source.');
}

export interface MappingPlace {
  readonly uuid: string;
  readonly region: string;
  readonly accountId: string;
  readonly functionArn: string;
  readonly eventSourceArn: string;
}

/**
 * The mapping that an input means, after all checks that need nobody else. `old` has what an update keeps.
 *
 * @throws InvalidParameterValueException
 */
export async function mappingOf(
  parts: Parts,
  input: MappingInput,
  place: MappingPlace,
  old?: EventSourceMapping,
): Promise<EventSourceMapping> {
  const kind = old?.kind ?? kindOf(place.eventSourceArn);
  if (input.DestinationConfig?.OnSuccess) throw unsupportedParameter('DestinationConfig');
  const common = {
    ...place,
    batchSize:
      input.BatchSize ?? old?.batchSize ?? (kind === 'sqs' ? DEFAULT_SQS_BATCH_SIZE : DEFAULT_KINESIS_BATCH_SIZE),
    batchingWindowMs: seconds(input.MaximumBatchingWindowInSeconds) ?? old?.batchingWindowMs ?? 0,
    filterPatterns: (await filterPatterns(parts, input, kind)) ?? old?.filterPatterns ?? [],
    reportBatchItemFailures: input.FunctionResponseTypes
      ? input.FunctionResponseTypes.length > 0
      : (old?.reportBatchItemFailures ?? false),
  };
  if (kind === 'sqs') {
    const before = old?.kind === 'sqs' ? old : undefined;
    const fifo = place.eventSourceArn.endsWith('.fifo');
    checkQueueInput(input, fifo);
    if (common.batchSize > MAX_SQS_BATCH_WITHOUT_WINDOW) checkLargeBatch(common.batchingWindowMs, fifo);
    const maximumConcurrency = input.ScalingConfig
      ? input.ScalingConfig.MaximumConcurrency
      : before?.maximumConcurrency;
    return { ...common, kind, fifo, maximumConcurrency };
  }
  return { ...common, kind, ...streamMembers(input, old?.kind === 'kinesis' ? old : undefined) };
}

function checkQueueInput(input: MappingInput, fifo: boolean): void {
  if (input.StartingPosition !== undefined || input.StartingPositionTimestamp !== undefined) {
    throw errors.invalid('StartingPosition is not valid for SQS event sources.');
  }
  const foreign = STREAM_ONLY.find((member) => input[member] !== undefined);
  if (foreign) throw unsupportedParameter(foreign);
  if (fifo && input.MaximumBatchingWindowInSeconds) {
    throw errors.invalid('Batching window is not supported for FIFO queues');
  }
}

function checkLargeBatch(batchingWindowMs: number, fifo: boolean): void {
  if (fifo) {
    throw errors.invalid(`Maximum batch size for FIFO queues is ${MAX_SQS_BATCH_WITHOUT_WINDOW}.`);
  }
  if (batchingWindowMs === 0) {
    throw errors.invalid(
      'Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10',
    );
  }
}

function streamMembers(
  input: MappingInput,
  old: KinesisMapping | undefined,
): Omit<
  KinesisMapping,
  keyof MappingPlace | 'kind' | 'batchSize' | 'batchingWindowMs' | 'filterPatterns' | 'reportBatchItemFailures'
> {
  const startingPosition = input.StartingPosition ?? old?.startingPosition;
  if (startingPosition === undefined) {
    throw errors.invalid(
      "1 validation error detected: Value null at 'startingPosition' failed to satisfy constraint: Member must not be null.",
    );
  }
  const timestamp = input.StartingPositionTimestamp?.getTime() ?? old?.startingPositionTimestamp;
  if (startingPosition === 'AT_TIMESTAMP' && timestamp === undefined) {
    throw errors.invalid('StartingPositionTimestamp is required if StartingPosition is AT_TIMESTAMP.');
  }
  const age = input.MaximumRecordAgeInSeconds;
  if (age !== undefined && age !== -1 && age < 60) {
    throw errors.invalid('MaximumRecordAgeInSeconds must be -1 or at least 60.');
  }
  if (input.ScalingConfig) throw unsupportedParameter('ScalingConfig');
  const { OnFailure } = input.DestinationConfig ?? {};
  if (OnFailure?.Destination && OnFailure.Destination.split(':')[2] !== 'sqs') {
    throw errors.unsupported(`the destination ${OnFailure.Destination} (DestinationConfig)`);
  }
  return {
    startingPosition,
    startingPositionTimestamp: startingPosition === 'AT_TIMESTAMP' ? timestamp : undefined,
    parallelizationFactor: input.ParallelizationFactor ?? old?.parallelizationFactor ?? 1,
    maximumRetryAttempts: input.MaximumRetryAttempts ?? old?.maximumRetryAttempts ?? -1,
    maximumRecordAgeMs: age === undefined ? (old?.maximumRecordAgeMs ?? -1) : age < 0 ? -1 : age * 1000,
    bisectBatchOnFunctionError: input.BisectBatchOnFunctionError ?? old?.bisectBatchOnFunctionError ?? false,
    onFailure: OnFailure ? OnFailure.Destination || undefined : old?.onFailure,
  };
}

async function filterPatterns(
  { checkFilters }: Parts,
  { FilterCriteria }: MappingInput,
  kind: EventSourceMapping['kind'],
): Promise<readonly string[] | undefined> {
  if (!FilterCriteria) return undefined;
  const patterns = (FilterCriteria.Filters ?? []).map(({ Pattern = '' }) => Pattern);
  await checkFilters(patterns, kind);
  return patterns;
}

function unsupportedParameter(member: string) {
  return errors.invalid(`Unsupported ${member} parameter for given event source mapping type.`);
}

function seconds(value: number | undefined): number | undefined {
  return value === undefined ? undefined : value * 1000;
}
