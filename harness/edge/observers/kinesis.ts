import { cbor } from '@smithy/core/cbor';
import { ids, type Ledger } from '../../ledger/index.ts';
import { INTERNAL_HEADERS } from '../headers.ts';
import type { MetricSink } from '../sinks.ts';
import type { PassedCall, PassedOutcome, PassThroughObserver } from './observer.ts';

/** A PutRecords request is at most 10 MiB of data (kinesis.md, Limits), which base64 makes a third longer. */
const MAX_REQUEST_BYTES = 16 * 1024 * 1024;
/** 500 records' answers are some 60 KB. */
const MAX_RESPONSE_BYTES = 1024 * 1024;

const NAMESPACE = 'AWS/Kinesis';
const THROTTLED = 'ProvisionedThroughputExceededException';

export interface KinesisObserverOptions {
  readonly ledger: Ledger;
  readonly metrics?: MetricSink;
}

interface PutRequest {
  readonly StreamName?: string;
  readonly StreamARN?: string;
  readonly Data?: string | Uint8Array;
  readonly Records?: readonly { readonly Data?: string | Uint8Array }[];
}

interface PutResult {
  readonly SequenceNumber?: string;
  readonly ShardId?: string;
  readonly ErrorCode?: string;
  readonly ErrorMessage?: string;
}

/**
 * Writes down what producers put into streams: `accepted` for the records of each shard, `refused` for those that
 * failed, `unknown` when the answer was lost, `destroyed` for a deleted stream. Counts the metrics of kinesis.md
 * (CloudWatch).
 */
export function kinesisObserver({ ledger, metrics }: KinesisObserverOptions): PassThroughObserver {
  return {
    requestBytes: MAX_REQUEST_BYTES,
    responseBytes: MAX_RESPONSE_BYTES,
    matches: ({ request, service }) =>
      (service === 'kinesis' || service === undefined) && OPERATIONS.has(request.headers['x-amz-target']),
    observe(call, outcome) {
      const operation = OPERATIONS.get(call.request.headers['x-amz-target']);
      const request = parse(call, outcome.requestBody) as PutRequest | undefined;
      if (!operation || !request) return;
      const stream = streamOf(request);
      if (stream === undefined) return;
      if (operation === 'DeleteStream') {
        if (outcome.kind === 'answered' && outcome.status < 300) writeDeletion(ledger, call, stream);
        return;
      }
      const puts = operation === 'PutRecord' ? [request] : (request.Records ?? []);
      const results = resultsOf(call, outcome, puts.length);
      if (!call.writesOwnEntries) writeEntries(ledger, call, outcome, stream, operation, results);
      if (metrics && outcome.kind === 'answered') {
        const gathered = call.request.headers[INTERNAL_HEADERS.gathered] === 'PutRecord';
        const sizes = puts.map((put) => sizeOf(put.Data));
        count(metrics, stream, gathered ? 'PutRecord' : operation, sizes, results, outcome.status);
      }
    },
  };
}

type PutOperation = 'PutRecord' | 'PutRecords';

const OPERATIONS: ReadonlyMap<unknown, PutOperation | 'DeleteStream'> = new Map([
  ['Kinesis_20131202.PutRecord', 'PutRecord'],
  ['Kinesis_20131202.PutRecords', 'PutRecords'],
  ['Kinesis_20131202.DeleteStream', 'DeleteStream'],
]);

/** What a stream holds goes away with it. */
function writeDeletion(ledger: Ledger, { cause }: PassedCall, stream: string): void {
  const where = `kinesis/${stream}`;
  const detail = { places: [where], reason: `The stream ${stream} was deleted.` };
  ledger.append({ where, what: 'destroyed', cause, detail });
}

/** What became of each record; of a failed call, the same for all. */
function resultsOf(call: PassedCall, outcome: PassedOutcome, size: number): readonly PutResult[] {
  if (outcome.kind === 'unknown') return [];
  const body = parse(call, outcome.responseBody) as (PutResult & { Records?: PutResult[] }) | undefined;
  if (outcome.status < 300 && body) return body.Records ?? [body];
  const error = body as { __type?: string; message?: string; Message?: string } | undefined;
  const failure = {
    ErrorCode: error?.__type?.split('#').at(-1) ?? `HTTP ${outcome.status}`,
    ErrorMessage: error?.message ?? error?.Message ?? '',
  };
  return Array.from({ length: size }, () => failure);
}

function writeEntries(
  ledger: Ledger,
  { cause }: PassedCall,
  outcome: PassedOutcome,
  stream: string,
  operation: PutOperation,
  results: readonly PutResult[],
): void {
  const where = `kinesis/${stream}`;
  if (outcome.kind === 'unknown') {
    ledger.append({ where, what: 'unknown', cause, detail: { operation, reason: outcome.reason } });
    return;
  }
  const accepted = Map.groupBy(
    results.filter((result) => result.SequenceNumber !== undefined),
    (result) => result.ShardId ?? '',
  );
  for (const [shardId, records] of accepted) {
    const named = records.map(({ SequenceNumber }) => ids.record(stream, SequenceNumber as string));
    ledger.append({ where, what: 'accepted', ids: named, cause, detail: { operation, shardId } });
  }
  const refused = Map.groupBy(
    results.filter((result) => result.SequenceNumber === undefined),
    (result) => result.ErrorCode ?? 'unknown',
  );
  for (const [error, records] of refused) {
    const message = records[0]?.ErrorMessage ?? '';
    const detail = { operation, error, message, records: records.length, status: outcome.status };
    ledger.append({ where, what: 'refused', cause, detail });
  }
}

function count(
  metrics: MetricSink,
  stream: string,
  operation: PutOperation,
  sizes: readonly number[],
  results: readonly PutResult[],
  status: number,
): void {
  const add = (metric: string, value: number) => metrics.count(NAMESPACE, metric, { StreamName: stream }, value);
  const succeeded = results.map((result) => result.SequenceNumber !== undefined);
  const records = succeeded.filter(Boolean).length;
  const bytes = sizes.reduce((sum, size, index) => (succeeded[index] ? sum + size : sum), 0);
  const throttled = results.filter(({ ErrorCode }) => ErrorCode === THROTTLED).length;
  if (records > 0) {
    add('IncomingRecords', records);
    add('IncomingBytes', bytes);
  }
  if (throttled > 0) add('WriteProvisionedThroughputExceeded', throttled);
  if (operation === 'PutRecord') {
    for (const [index, ok] of succeeded.entries()) {
      add('PutRecord.Success', ok ? 1 : 0);
      if (ok) add('PutRecord.Bytes', sizes[index] ?? 0);
    }
    return;
  }
  add('PutRecords.Success', records > 0 ? 1 : 0);
  if (status >= 300) return;
  add('PutRecords.Bytes', bytes);
  add('PutRecords.Records', records);
  add('PutRecords.TotalRecords', results.length);
  add('PutRecords.SuccessfulRecords', records);
  add('PutRecords.FailedRecords', results.length - records - throttled);
  add('PutRecords.ThrottledRecords', throttled);
}

function streamOf({ StreamName, StreamARN }: PutRequest): string | undefined {
  return StreamName ?? StreamARN?.split(':stream/')[1];
}

/** Data is base64 text in JSON and bytes in CBOR, which Java's SDK speaks. */
function sizeOf(data: string | Uint8Array | undefined): number {
  return typeof data === 'string' ? Buffer.byteLength(data, 'base64') : (data?.length ?? 0);
}

function parse({ request }: PassedCall, body: Buffer | undefined): unknown {
  if (body === undefined || body.length === 0) return undefined;
  try {
    const isCbor = (request.headers['content-type'] ?? '').includes('cbor');
    return isCbor ? cbor.deserialize(body) : JSON.parse(body.toString());
  } catch {
    // A body that is no JSON is refused by Kinesis itself, and concerns no stream.
    return undefined;
  }
}
