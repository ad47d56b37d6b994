import { machine } from '../harness/clock/index.ts';
import type { LoadClient } from './load/client.ts';
import type { RequestDescription } from './load/connection.ts';
import { jsonCall, recordData } from './load/requests.ts';
import { mustSucceed } from './load/run.ts';
import { type Aws, contentOf } from './rivals.ts';

/** One request, and how often it is to be sent. */
interface Call {
  readonly request: RequestDescription;
  readonly times: number;
}

const BATCH = 500;
const CONNECTIONS = 8;
/**
 * 8,192 records of 128 bytes are 1 MiB to the byte: with a number of records that fills whole buffers, the size hint
 * alone brings every record into S3, and nobody has to wait for the interval.
 */
export const RECORD_BYTES = 128;
export const RECORDS_PER_BUFFER = 8192;
const POLL_MS = 50;
/** Longer than the interval: what is not there by then never comes. */
const VISIBLE_WITHIN_MS = 120_000;

/** Puts `records` records in batches of 500, and the rest in one more. */
export async function putAll(client: LoadClient, endpoint: string, name: string, records: number): Promise<void> {
  const Data = recordData(RECORD_BYTES);
  const batch = (size: number) =>
    jsonCall(endpoint, 'firehose', 'Firehose_20150804.PutRecordBatch', {
      DeliveryStreamName: name,
      Records: Array.from({ length: size }, () => ({ Data })),
    });
  const rest = records % BATCH;
  await mustSucceed(client, {
    connections: CONNECTIONS,
    requests: [
      { request: batch(BATCH), times: Math.floor(records / BATCH) },
      ...(rest === 0 ? [] : [{ request: batch(rest), times: 1 }]),
    ],
  });
}

/** The calls that put each of these records once, in batches of 500. */
export function putCalls(endpoint: string, name: string, records: readonly string[]): Call[] {
  const calls = [];
  for (let from = 0; from < records.length; from += BATCH) {
    const request = jsonCall(endpoint, 'firehose', 'Firehose_20150804.PutRecordBatch', {
      DeliveryStreamName: name,
      Records: records.slice(from, from + BATCH).map((record) => ({ Data: Buffer.from(record).toString('base64') })),
    });
    calls.push({ request, times: 1 });
  }
  return calls;
}

export async function makeCalls(client: LoadClient, calls: readonly Call[]): Promise<void> {
  await mustSucceed(client, { connections: CONNECTIONS, requests: calls });
}

/** Resolves with the number of objects once the bucket holds `bytes`. */
export async function allVisible(aws: Aws, bucket: string, bytes: number, signal: AbortSignal): Promise<number> {
  const deadline = machine.monotonic() + VISIBLE_WITHIN_MS;
  for (;;) {
    const content = await contentOf(aws, bucket);
    if (content.bytes > bytes) throw new Error(`The bucket holds ${content.bytes} bytes; only ${bytes} were put.`);
    if (content.bytes === bytes) return content.objects;
    if (machine.monotonic() > deadline) throw new Error(`Only ${content.bytes} of ${bytes} bytes are in the bucket.`);
    await machine.sleep(POLL_MS, signal);
  }
}
