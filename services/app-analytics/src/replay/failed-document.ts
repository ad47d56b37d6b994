import { createHash } from 'node:crypto';

/** A document that Firehose could not index, as a line of its backup tells of it. */
export interface FailedDocument {
  readonly index: string;
  /** The id that Firehose gave it; where it gave none, one that is made of the record, the same each time. */
  readonly id: string;
  /** The record as it came in. */
  readonly data: Buffer;
  /** What OpenSearch said: an HTTP status as a text, and its words. */
  readonly errorCode: string;
  readonly errorMessage: string;
  /** Ms since the epoch. */
  readonly arrival: number;
}

/** Where a line stands: `s3://bucket/key`, and the number of the line, from 1 on. */
export interface Place {
  readonly object: string;
  readonly line: number;
}

/** A line that is no failed document. */
export class UnreadableLine extends Error {
  override readonly name = 'UnreadableLine';
}

/**
 * Reads one line of an object of failed documents. AWS documents all members as texts, and writes numbers for counts and
 * times: both are read. Source: Firehose developer guide, "Handle data delivery failures".
 *
 * Errors: `UnreadableLine`.
 */
export function readFailedDocument(line: string): FailedDocument {
  const { esIndexName, esDocumentId, rawData, errorCode, errorMessage, arrivalTimestamp } = parse(line);
  if (typeof rawData !== 'string') throw new UnreadableLine('it has no rawData');
  if (typeof esIndexName !== 'string' || esIndexName === '') throw new UnreadableLine('it has no esIndexName');
  const arrival = Number(arrivalTimestamp);
  const id =
    typeof esDocumentId === 'string' && esDocumentId !== '' ? esDocumentId : madeOf(esIndexName, arrival, rawData);
  return {
    index: esIndexName,
    id,
    data: Buffer.from(rawData, 'base64'),
    errorCode: String(errorCode ?? ''),
    errorMessage: String(errorMessage ?? ''),
    arrival,
  };
}

function parse(line: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw new UnreadableLine('it is not JSON', { cause: error });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new UnreadableLine('it is no object');
  return value as Readonly<Record<string, unknown>>;
}

/** Two records that are equal to the last byte and arrived in the same millisecond are taken for one. */
function madeOf(index: string, arrival: number, rawData: string): string {
  return createHash('sha256').update(`${index}\n${arrival}\n${rawData}`).digest('hex');
}

/**
 * The record as one line of a bulk request; undefined when it is not one JSON object, which OpenSearch would refuse
 * again, and which could spoil its neighbours in the request.
 */
export function documentLine(data: Buffer): string | undefined {
  const text = data.toString('utf8');
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  } catch {
    return undefined;
  }
  // In JSON a line break is white space: within a string it would be written \n.
  return text.replace(/[\r\n]+/g, ' ');
}
