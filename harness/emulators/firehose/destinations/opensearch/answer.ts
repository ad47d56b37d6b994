/** What a domain said of one document, or of a whole request that it did not take. */
export interface Refusal {
  /** The HTTP status, or a code of our own where there was none. */
  readonly errorCode: string;
  /** As returned by the domain. */
  readonly errorMessage: string;
  /** Whether trying again may help: the domain is busy or ill rather than unwilling. */
  readonly isPassing: boolean;
}

export type BulkAnswer =
  | { readonly kind: 'all-stored' }
  /** One element per document, in the order of the request; undefined for those that are stored. */
  | { readonly kind: 'some-refused'; readonly refusals: readonly (Refusal | undefined)[] }
  /** Nothing is known to be stored. */
  | { readonly kind: 'failed'; readonly refusal: Refusal };

interface BulkBody {
  readonly errors?: unknown;
  readonly items?: readonly Record<string, { readonly status?: number; readonly error?: unknown }>[];
}

/** What `readBulkAnswer` looks at of an answer, for the parameter `filter_path`. */
export const ANSWER_PARTS = 'errors,items.*.status,items.*.error';

/** Where an answer says whether there are errors: in its first bytes. */
const HEAD_BYTES = 128;
const NO_ERRORS = /^\s*\{(?:"(?:took|ingest_took)":\d+,)*"errors":false[,}]/;

/** @param documents how many the request had */
export function readBulkAnswer(status: number, body: Buffer, documents: number): BulkAnswer {
  if (status < 200 || status > 299) {
    // The whole request is tried again whatever the status: policies and domains change.
    return { kind: 'failed', refusal: { errorCode: `${status}`, errorMessage: body.toString(), isPassing: true } };
  }
  if (NO_ERRORS.test(body.toString('latin1', 0, HEAD_BYTES))) return { kind: 'all-stored' };
  const items = parse(body)?.items;
  if (!Array.isArray(items) || items.length !== documents) {
    const errorMessage = `The answer does not tell of the ${documents} documents of the request.`;
    return { kind: 'failed', refusal: { errorCode: `${status}`, errorMessage, isPassing: true } };
  }
  return { kind: 'some-refused', refusals: (items as NonNullable<BulkBody['items']>).map(refusalOf) };
}

function refusalOf(item: NonNullable<BulkBody['items']>[number]): Refusal | undefined {
  const [{ status = 0, error } = {}] = Object.values(item);
  if (status >= 200 && status <= 299) return undefined;
  return { errorCode: `${status}`, errorMessage: JSON.stringify(error ?? item), isPassing: isPassing(status) };
}

function isPassing(status: number): boolean {
  return status === 429 || status >= 500;
}

function parse(body: Buffer): BulkBody | undefined {
  try {
    const value: unknown = JSON.parse(body.toString());
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
