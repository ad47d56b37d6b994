import type { InvocationOutcome } from '../../model.ts';
import { parseJson } from '../attempt.ts';
import type { AsyncEvent } from '../contract.ts';
import type { StringAttribute } from '../queues.ts';
import type { GiveUpCondition } from './schedule.ts';

/** What a dead-letter queue's ErrorMessage is cut to (Lambda developer guide, "Dead-letter queues"). */
const ERROR_MESSAGE_BYTES = 1024;

/**
 * The record that a destination gets (Lambda developer guide, "Capturing records of Lambda asynchronous invocations").
 *
 * @param invokeCount how often the function ran, about
 * @param outcome of its last run; undefined when it never ran
 */
export function destinationRecord(
  event: AsyncEvent,
  condition: 'Success' | GiveUpCondition,
  invokeCount: number,
  outcome: InvocationOutcome | undefined,
  now: number,
): string {
  return JSON.stringify({
    version: '1.0',
    timestamp: new Date(now).toISOString(),
    requestContext: {
      requestId: event.requestId,
      functionArn: `${event.functionArn}:$LATEST`,
      condition,
      approximateInvokeCount: invokeCount,
    },
    requestPayload: parseJson(event.payload),
    ...(outcome && {
      responseContext: {
        statusCode: 200,
        executedVersion: outcome.executedVersion,
        ...(outcome.functionError === undefined ? {} : { functionError: outcome.functionError }),
      },
      responsePayload: parseJson(outcome.payload),
    }),
  });
}

/** The message attributes of an event in a dead-letter queue. SQS takes no empty ones. */
export function deadLetterAttributes(
  requestId: string,
  errorCode: number,
  errorMessage: string | undefined,
): Record<string, StringAttribute> {
  const message = cut(errorMessage ?? '', ERROR_MESSAGE_BYTES);
  return {
    RequestID: { DataType: 'String', StringValue: requestId },
    ErrorCode: { DataType: 'Number', StringValue: String(errorCode) },
    ...(message === '' ? {} : { ErrorMessage: { DataType: 'String', StringValue: message } }),
  };
}

/** The longest beginning of a text that has at most so many bytes and ends between two characters. */
function cut(text: string, bytes: number): string {
  const buffer = Buffer.from(text);
  if (buffer.length <= bytes) return text;
  let end = bytes;
  while (((buffer[end] ?? 0) & 0xc0) === 0x80) end--;
  return buffer.toString('utf8', 0, end);
}
