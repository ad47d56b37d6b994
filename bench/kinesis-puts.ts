import { RECORD_BYTES } from './direct-put.ts';
import type { RequestDescription } from './load/connection.ts';
import { jsonCall, recordData } from './load/requests.ts';

/** The most that one PutRecords takes. */
export const BATCH = 500;
/** PutRecords under way at once: more only wait for each other. */
export const WRITERS = 4;
/** A shard's limits are seconds of the clock, and would be all that is measured. */
export const UNLIMITED = ['--kinesis', 'throttling=off'];

/** A call that puts as many records as one takes, each with a partition key of its own. */
export function putRecordsCall(
  endpoint: string,
  stream: string,
): { readonly request: RequestDescription; readonly records: number } {
  const Data = recordData(RECORD_BYTES);
  const request = jsonCall(endpoint, 'kinesis', 'Kinesis_20131202.PutRecords', {
    StreamName: stream,
    Records: Array.from({ length: BATCH }, (_, n) => ({ Data, PartitionKey: partitionKey(n) })),
  });
  return { request, records: BATCH };
}

export function partitionKey(n: number): string {
  return `sender-${n}`;
}
