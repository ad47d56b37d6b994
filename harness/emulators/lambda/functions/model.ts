/** An ARN of where the outcome of an invocation goes: an SQS queue or a function. */
export type DestinationArn = string;

/** What becomes of a function's asynchronous invocations: its event invoke config and its DeadLetterConfig. */
export interface AsyncSettings {
  /** 0..2. */
  readonly maximumRetryAttempts: number;
  /** 60 s .. 6 h, in ms. */
  readonly maximumEventAgeMs: number;
  readonly onSuccess: DestinationArn | undefined;
  readonly onFailure: DestinationArn | undefined;
  /** The function's dead-letter queue; used besides `onFailure`. */
  readonly deadLetterArn: string | undefined;
}

/** What the parts that invoke functions later need to know of how. */
export interface AsyncSettingsDirectory {
  /** How it stands now, with AWS's defaults; of a function that is gone, the defaults. */
  asyncSettings(functionArn: string): AsyncSettings;
}

interface MappingBase {
  readonly uuid: string;
  readonly region: string;
  readonly accountId: string;
  /** Without a qualifier. */
  readonly functionArn: string;
  readonly eventSourceArn: string;
  /** 1..10,000. */
  readonly batchSize: number;
  /** `MaximumBatchingWindowInSeconds`, in ms. */
  readonly batchingWindowMs: number;
  /** The patterns of `FilterCriteria`, checked; a record passes when one of them matches. Empty: all pass. */
  readonly filterPatterns: readonly string[];
  /** `FunctionResponseTypes` has `ReportBatchItemFailures`. */
  readonly reportBatchItemFailures: boolean;
}

export interface SqsMapping extends MappingBase {
  readonly kind: 'sqs';
  readonly fifo: boolean;
  /** `ScalingConfig.MaximumConcurrency`, 2..1000. */
  readonly maximumConcurrency: number | undefined;
}

export interface KinesisMapping extends MappingBase {
  readonly kind: 'kinesis';
  readonly startingPosition: 'TRIM_HORIZON' | 'LATEST' | 'AT_TIMESTAMP';
  /** ms since the epoch; with AT_TIMESTAMP. */
  readonly startingPositionTimestamp: number | undefined;
  /** 1..10. */
  readonly parallelizationFactor: number;
  /** -1 (no limit) .. 10,000. */
  readonly maximumRetryAttempts: number;
  /** -1 (no limit), or 60 s .. 7 d in ms. */
  readonly maximumRecordAgeMs: number;
  readonly bisectBatchOnFunctionError: boolean;
  /** An SQS queue that learns of the batches that were given up. */
  readonly onFailure: DestinationArn | undefined;
}

/** An event source mapping as its poller sees it. Replaced by every change, never changed itself. */
export type EventSourceMapping = SqsMapping | KinesisMapping;
