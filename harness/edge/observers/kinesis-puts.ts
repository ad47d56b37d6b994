import { type EntryNumber, ids, type Ledger } from '../../ledger/index.ts';
import type { MetricSink } from '../sinks.ts';

/** What became of one record, as PutRecords says it. */
export interface PutResult {
  readonly SequenceNumber?: string | undefined;
  readonly ShardId?: string | undefined;
  readonly ErrorCode?: string | undefined;
  readonly ErrorMessage?: string | undefined;
}

export type PutOperation = 'PutRecord' | 'PutRecords';

const NAMESPACE = 'AWS/Kinesis';
const THROTTLED = 'ProvisionedThroughputExceededException';

/** One call that was answered. */
export interface Puts {
  readonly stream: string;
  readonly operation: PutOperation;
  readonly status: number;
  readonly results: readonly PutResult[];
}

/** Writes `accepted` for the records of each shard, and `refused` for those that failed of each error. */
export function writePuts(ledger: Ledger, cause: EntryNumber | undefined, puts: Puts): void {
  const { stream, operation, status, results } = puts;
  const where = `kinesis/${stream}`;
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
    const detail = { operation, error, message, records: records.length, status };
    ledger.append({ where, what: 'refused', cause, detail });
  }
}

/** What a stream holds goes away with it. */
export function writeDeletion(ledger: Ledger, cause: EntryNumber | undefined, stream: string): void {
  const where = `kinesis/${stream}`;
  const detail = { places: [where], reason: `The stream ${stream} was deleted.` };
  ledger.append({ where, what: 'destroyed', cause, detail });
}

/**
 * Counts what CloudWatch shows of a stream's producers (kinesis.md, CloudWatch).
 *
 * @param sizes bytes of data, record by record
 */
export function countPuts(
  metrics: MetricSink,
  dimensions: { readonly StreamName: string },
  { operation, status, results }: Omit<Puts, 'stream'>,
  sizes: readonly number[],
): void {
  const add = (metric: string, value: number) => metrics.count(NAMESPACE, metric, dimensions, value);
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
