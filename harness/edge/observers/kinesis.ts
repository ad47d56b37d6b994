import { cbor } from '@smithy/core/cbor';
import type { Ledger } from '../../ledger/index.ts';
import { INTERNAL_HEADERS } from '../headers.ts';
import type { MetricSink } from '../sinks.ts';
import { countPuts, type PutOperation, type PutResult, writeDeletion, writePuts } from './kinesis-puts.ts';
import type { PassedCall, PassedOutcome, PassThroughObserver } from './observer.ts';

/** A PutRecords request is at most 10 MiB of data (kinesis.md, Limits), which base64 makes a third longer. */
const MAX_REQUEST_BYTES = 16 * 1024 * 1024;
/** 500 records' answers are some 60 KB. */
const MAX_RESPONSE_BYTES = 1024 * 1024;

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
        if (outcome.kind === 'answered' && outcome.status < 300) writeDeletion(ledger, call.cause, stream);
        return;
      }
      const puts = operation === 'PutRecord' ? [request] : (request.Records ?? []);
      const results = resultsOf(call, outcome, puts.length);
      if (outcome.kind === 'unknown') {
        if (!call.writesOwnEntries) writeUnknown(ledger, call, stream, operation, outcome.reason);
        return;
      }
      const { status } = outcome;
      if (!call.writesOwnEntries) writePuts(ledger, call.cause, { stream, operation, status, results });
      if (!metrics) return;
      const gathered = call.request.headers[INTERNAL_HEADERS.gathered] === 'PutRecord';
      const counted = { operation: gathered ? 'PutRecord' : operation, status, results } as const;
      const sizes = puts.map((put) => sizeOf(put.Data));
      countPuts(metrics, { StreamName: stream }, counted, sizes);
    },
  };
}

const OPERATIONS: ReadonlyMap<unknown, PutOperation | 'DeleteStream'> = new Map([
  ['Kinesis_20131202.PutRecord', 'PutRecord'],
  ['Kinesis_20131202.PutRecords', 'PutRecords'],
  ['Kinesis_20131202.DeleteStream', 'DeleteStream'],
]);

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

function writeUnknown(
  ledger: Ledger,
  { cause }: PassedCall,
  stream: string,
  operation: PutOperation,
  reason: string,
): void {
  ledger.append({ where: `kinesis/${stream}`, what: 'unknown', cause, detail: { operation, reason } });
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
