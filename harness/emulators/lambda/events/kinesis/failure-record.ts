import type { KinesisMapping } from '../../functions/model.ts';
import type { InvocationOutcome } from '../../model.ts';
import type { StreamRecord } from './event.ts';
import type { DiscardCondition } from './shard-line.ts';

/**
 * What an on-failure destination learns of records that were given up: where they are in the stream, not what is in
 * them (Lambda developer guide, "Retain discarded batch records for a Kinesis Data Streams event source").
 *
 * @param outcome of the last run; shown when the retries were exhausted
 */
export function failureRecord(
  mapping: KinesisMapping,
  shardId: string,
  records: readonly StreamRecord[],
  condition: DiscardCondition,
  invocation: {
    readonly requestId: string;
    readonly invokeCount: number;
    readonly outcome?: InvocationOutcome | undefined;
  },
  now: number,
): string {
  const [first, last] = [records[0], records.at(-1)];
  const { requestId, invokeCount, outcome } = invocation;
  return JSON.stringify({
    requestContext: {
      requestId,
      functionArn: mapping.functionArn,
      condition,
      approximateInvokeCount: invokeCount,
    },
    ...(condition === 'RetryAttemptsExhausted' && outcome
      ? {
          responseContext: {
            statusCode: 200,
            executedVersion: outcome.executedVersion,
            functionError: outcome.functionError ?? null,
          },
        }
      : {}),
    version: '1.0',
    timestamp: new Date(now).toISOString(),
    KinesisBatchInfo: {
      shardId,
      startSequenceNumber: first?.sequenceNumber,
      endSequenceNumber: last?.sequenceNumber,
      approximateArrivalOfFirstRecord: timestamp(first),
      approximateArrivalOfLastRecord: timestamp(last),
      batchSize: records.length,
      streamArn: mapping.eventSourceArn,
    },
  });
}

function timestamp(record: StreamRecord | undefined): string | undefined {
  return record && new Date(record.arrival).toISOString();
}
