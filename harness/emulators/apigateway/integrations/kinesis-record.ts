import { readBase64 } from './base64.ts';

/** One PutRecord that may go into a PutRecords with others. */
export interface GatherableRecord {
  readonly stream: string;
  /** As it goes into `Records`. */
  readonly entry: RecordEntry;
  /** Data and partition key, as Kinesis counts them. */
  readonly bytes: number;
}

export interface RecordEntry {
  readonly Data: Buffer;
  readonly PartitionKey: string;
  readonly ExplicitHashKey?: string;
}

/** Source of all: kinesis.md, Limits. */
const STREAM_NAME = /^[a-zA-Z0-9_.-]{1,128}$/;
const EXPLICIT_HASH_KEY = /^(?:0|[1-9]\d{0,38})$/;
const HASH_KEYS = 2n ** 128n;
const MAX_PARTITION_KEY = 256;
/** Larger records are left to PutRecord to judge. */
const MAX_RECORD_BYTES = 1024 * 1024;
const MEMBERS = new Set(['StreamName', 'Data', 'PartitionKey', 'ExplicitHashKey']);

/**
 * Reads the body of a PutRecord. Undefined when PutRecord might refuse it, or when it asks for something PutRecords
 * has not (SequenceNumberForOrdering): then it must go alone, unchanged, so that Kinesis says so to this caller only.
 */
export function readGatherable(body: string): GatherableRecord | undefined {
  const input = parseObject(body);
  if (!input || Object.keys(input).some((member) => !MEMBERS.has(member))) return undefined;
  const { StreamName, Data, PartitionKey, ExplicitHashKey } = input;
  if (typeof StreamName !== 'string' || !STREAM_NAME.test(StreamName)) return undefined;
  const data = typeof Data === 'string' ? readBase64(Data) : undefined;
  if (data === undefined) return undefined;
  if (typeof PartitionKey !== 'string' || PartitionKey === '' || PartitionKey.length > MAX_PARTITION_KEY) {
    return undefined;
  }
  const bytes = data.length + Buffer.byteLength(PartitionKey);
  if (bytes > MAX_RECORD_BYTES) return undefined;
  if (ExplicitHashKey === undefined) return { stream: StreamName, entry: { Data: data, PartitionKey }, bytes };
  if (typeof ExplicitHashKey !== 'string' || !EXPLICIT_HASH_KEY.test(ExplicitHashKey)) return undefined;
  if (BigInt(ExplicitHashKey) >= HASH_KEYS) return undefined;
  return { stream: StreamName, entry: { Data: data, PartitionKey, ExplicitHashKey }, bytes };
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === 'object' && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** The stream that a PutRecord body names, as far as it can be read; for the ledger. */
export function streamOf(body: string): string {
  const { StreamName, StreamARN } = parseObject(body) ?? {};
  if (typeof StreamName === 'string') return StreamName;
  return typeof StreamARN === 'string' ? (StreamARN.split('/').at(-1) ?? '') : '';
}
