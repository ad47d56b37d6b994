import type { CloudWatchLoggingOptions } from '@aws-sdk/client-firehose';
import type { LogSink } from '../../../edge/sinks.ts';
import { errors } from '../errors.ts';
import type { Violations } from '../violations.ts';
import type { ErrorLogPlace, Origin } from './destination.ts';

const MAX_NAME_LENGTH = 512;
const LOG_GROUP_PATTERN = '[\\.\\-_/#A-Za-z0-9]*';
const LOG_STREAM_PATTERN = '[^:*]*';

/** The constraints of the API model (2015-08-04). */
export function checkLogging(path: string, options: CloudWatchLoggingOptions | undefined, to: Violations): void {
  to.text(`${path}.logGroupName`, options?.LogGroupName, 0, MAX_NAME_LENGTH, LOG_GROUP_PATTERN);
  to.text(`${path}.logStreamName`, options?.LogStreamName, 0, MAX_NAME_LENGTH, LOG_STREAM_PATTERN);
}

/** @throws InvalidArgumentException when logging is on without a place to log to */
export function readLogging(options: CloudWatchLoggingOptions | undefined): ErrorLogPlace | undefined {
  if (!options?.Enabled) return undefined;
  const { LogGroupName: logGroupName, LogStreamName: logStreamName } = options;
  if (!logGroupName || !logStreamName) {
    const missing = logGroupName ? 'Stream' : 'Group';
    throw errors.invalid(`CloudWatch Log ${missing} Name is required if CloudWatch Logging is enabled`);
  }
  return { logGroupName, logStreamName };
}

export interface LoggedError {
  /** Ms since the epoch. */
  readonly timestamp: number;
  /** ARN or URL. */
  readonly destination: string;
  readonly code: string;
  readonly message: string;
  /** The ARN of the function that failed, where it was one. */
  readonly processor?: string | undefined;
}

/**
 * Writes one error as Firehose does
 * (https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-logs.html).
 */
export function logError(
  sink: LogSink,
  { logGroupName, logStreamName }: ErrorLogPlace,
  origin: Origin,
  error: LoggedError,
): void {
  const message = JSON.stringify({
    deliveryStreamARN: origin.deliveryStreamArn,
    destination: error.destination,
    deliveryStreamVersionId: origin.versionId,
    message: error.message,
    errorCode: error.code,
    processor: error.processor,
  });
  sink.put(logGroupName, logStreamName, [{ timestamp: error.timestamp, message }]);
}
