import type { HttpHandlerOptions } from '@smithy/types';
import type { EntryNumber } from '../ledger/index.ts';
import type { EdgeRequest } from './http.ts';

/**
 * What a caller inside may tell the edge about its request. The edge passes these headers on to emulators, never to
 * LocalStack, and takes them from nobody outside.
 */
export const INTERNAL_HEADERS = {
  /** The number of the ledger's entry that led to the request. */
  cause: 'x-naetmul-cause',
  /** `no`: the caller writes the ledger's entries for the request itself. */
  observed: 'x-naetmul-observed',
  /** The operation that metrics shall count each record as, when several were gathered into this request. */
  gathered: 'x-naetmul-gathered',
} as const;

export const INTERNAL_HEADER_PREFIX = 'x-naetmul-';

export interface CallNotes {
  readonly cause?: EntryNumber | undefined;
  /** False when the caller writes the ledger's entries itself. Default true. */
  readonly observed?: boolean;
  /** `PutRecord`, when single puts were gathered into one PutRecords. */
  readonly gathered?: string;
}

/**
 * The second argument of an SDK client's `send` that carries notes to the edge:
 * `kinesis.send(new PutRecordsCommand(input), withNotes({ cause, observed: false }))`. Only clients of `AwsAccess`
 * read it.
 */
export function withNotes(notes: CallNotes, options: HttpHandlerOptions = {}): HttpHandlerOptions {
  return Object.assign({ ...options }, { notes });
}

/** The notes that `withNotes` put into an SDK handler's options, as headers. */
export function noteHeaders(options: object): Record<string, string> {
  const { notes } = options as { notes?: CallNotes };
  const headers: Record<string, string> = {};
  if (notes?.cause !== undefined) headers[INTERNAL_HEADERS.cause] = String(notes.cause);
  if (notes?.observed === false) headers[INTERNAL_HEADERS.observed] = 'no';
  if (notes?.gathered !== undefined) headers[INTERNAL_HEADERS.gathered] = notes.gathered;
  return headers;
}

/** The ledger's entry that led to a request, where its caller said so. */
export function causeOf(request: EdgeRequest): EntryNumber | undefined {
  const header = request.headers[INTERNAL_HEADERS.cause];
  return typeof header === 'string' ? Number(header) : undefined;
}
