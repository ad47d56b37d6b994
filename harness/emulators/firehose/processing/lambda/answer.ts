import { type Reason, reasons } from './failures.ts';

/** What the function said of one record. */
export type Verdict =
  | {
      readonly result: 'Ok';
      readonly data: Uint8Array;
      /** As the function gave them; null where a value is neither text, number nor boolean. */
      readonly partitionKeys: Readonly<Record<string, string | null>>;
    }
  | { readonly result: 'Dropped' }
  | { readonly result: 'failed'; readonly reason: Reason };

interface Returned {
  readonly result: unknown;
  readonly data: unknown;
  readonly metadata: unknown;
}

/**
 * What the function's answer says of each of the records that it was given, in their order. An answer that has the
 * wrong form fails all of them; one that says nothing of a record, or too much, fails that record. What it says of
 * records that it was not given is ignored.
 */
export function readAnswer(payload: string, recordIds: readonly string[]): Verdict[] {
  const returned = readRecords(payload);
  if ('code' in returned) return recordIds.map(() => failed(returned));
  const verdicts = recordIds.map((id) => verdictOn(returned.get(id) ?? []));
  return verdicts.includes(invalidOutput) ? recordIds.map(() => invalidOutput) : verdicts;
}

/** The records of an answer by their ids. An answer without records is one that returned none. */
function readRecords(payload: string): Map<string, Returned[]> | Reason {
  let answer: unknown;
  try {
    answer = JSON.parse(payload);
  } catch {
    return reasons.unreadable;
  }
  if (answer !== null && (typeof answer !== 'object' || Array.isArray(answer))) return reasons.unreadable;
  const records = (answer as { records?: unknown } | null)?.records ?? [];
  if (!Array.isArray(records)) return reasons.unreadable;
  const byId = new Map<string, Returned[]>();
  for (const record of records as unknown[]) {
    if (record === null || typeof record !== 'object' || Array.isArray(record)) return reasons.unreadable;
    const { recordId, result, data, metadata } = record as Partial<Returned> & { readonly recordId?: unknown };
    if (typeof recordId !== 'string') continue;
    const same = byId.get(recordId);
    if (same) same.push({ result, data, metadata });
    else byId.set(recordId, [{ result, data, metadata }]);
  }
  return byId;
}

const invalidOutput = failed(reasons.invalidOutput);

function verdictOn(returned: readonly Returned[]): Verdict {
  const [record] = returned;
  if (record === undefined) return failed(reasons.missingRecordId);
  if (returned.length > 1) return failed(reasons.duplicatedRecordId);
  switch (record.result) {
    case 'Dropped':
      return { result: 'Dropped' };
    case 'ProcessingFailed':
      return failed(reasons.processingFailed);
    case 'Ok': {
      if (record.data === undefined || record.data === null) return failed(reasons.noData);
      const data = typeof record.data === 'string' ? readBase64(record.data) : undefined;
      if (data === undefined) return invalidOutput;
      return { result: 'Ok', data, partitionKeys: readPartitionKeys(record.metadata) };
    }
    default:
      return invalidOutput;
  }
}

function failed(reason: Reason): Verdict {
  return { result: 'failed', reason };
}

function readBase64(text: string): Uint8Array | undefined {
  const digits = text.replaceAll(/\s/g, '');
  if (digits.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(digits)) return undefined;
  return Buffer.from(digits, 'base64');
}

function readPartitionKeys(metadata: unknown): Record<string, string | null> {
  const { partitionKeys } = (metadata ?? {}) as { partitionKeys?: unknown };
  if (partitionKeys === null || typeof partitionKeys !== 'object') return {};
  return Object.fromEntries(
    Object.entries(partitionKeys).map(([key, value]) => [
      key,
      ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : null,
    ]),
  );
}
