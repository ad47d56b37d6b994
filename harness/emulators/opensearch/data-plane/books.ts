import type { EntryNumber, Ledger, LedgerId } from '../../../ledger/index.ts';
import type { Targets } from './targets.ts';

/** More documents than this in one request are not named one by one. */
const MAX_NAMED = 10_000;

export type Outcome =
  | { readonly kind: 'answered'; readonly status: number; readonly body: Buffer }
  /** The request was, or may have been, carried out, and its answer never came. */
  | { readonly kind: 'unknown'; readonly reason: string };

/** A request that may have put documents into indices. */
export interface Written {
  readonly targets: Targets;
  readonly domain: string;
  /** True where another domain may have a document of the same name. */
  readonly isApart: boolean;
  readonly cause: EntryNumber | undefined;
}

interface WriteResult {
  readonly _index?: string;
  readonly _id?: string;
  readonly result?: string;
  readonly status?: number;
  readonly error?: { readonly type?: string; readonly reason?: string } | string;
}

interface Answer extends WriteResult {
  readonly items?: readonly Record<string, WriteResult>[];
  /** Of an answer that is not OpenSearch's but the domain's. */
  readonly Message?: string;
}

/** The ledger's name of a document. */
type NameDocument = (index: string, id: string) => LedgerId;

/** True for requests whose outcome is written into the ledger. */
export function writesDocuments(method: string, { api, expressions }: Targets): boolean {
  if (api === '_bulk') return method === 'POST' || method === 'PUT';
  if (expressions.length !== 1) return false;
  if (api === '_doc') return method === 'POST' || method === 'PUT' || method === 'DELETE';
  return (api === '_create' || api === '_update') && (method === 'POST' || method === 'PUT');
}

/**
 * Writes down what became of each document: one that was made is accepted and stored, at `opensearch/{index}`. One that
 * was changed or deleted is noted: the index has as many copies of it as before.
 */
export function writeDown(ledger: Ledger, written: Written, outcome: Outcome): void {
  const { targets, domain, isApart, cause } = written;
  const idOf: NameDocument = (index, id) => `document/${isApart ? `${domain}/` : ''}${index}/${id}`;
  const operation = targets.api?.slice(1);
  if (outcome.kind === 'unknown') {
    const detail = { operation, domain, reason: outcome.reason };
    for (const [index, ids] of namedBefore(targets, idOf)) {
      ledger.append({ where: placeOf(index), what: 'unknown', ids, cause, detail });
    }
    return;
  }
  const answer = parse(outcome.body) as Answer | undefined;
  if (outcome.status >= 300 || answer === undefined) {
    const detail = {
      operation,
      domain,
      status: outcome.status,
      ...reasonOf(answer?.error ?? answer?.Message ?? outcome.body.toString()),
    };
    for (const [index, ids] of namedBefore(targets, idOf)) {
      ledger.append({ where: placeOf(index), what: 'refused', ids, cause, detail });
    }
    return;
  }
  const results = targets.api === '_bulk' ? (answer.items ?? []).flatMap((item) => Object.values(item)) : [answer];
  writeResults(ledger, results, idOf, { operation, domain }, cause);
}

function writeResults(
  ledger: Ledger,
  results: readonly WriteResult[],
  idOf: NameDocument,
  facts: Record<string, unknown>,
  cause: EntryNumber | undefined,
): void {
  const groups = Map.groupBy(results, ({ _index = '', result, status, error }) =>
    JSON.stringify([_index, error === undefined ? result : [status, reasonOf(error).error]]),
  );
  const nameAll = results.length <= MAX_NAMED;
  for (const group of groups.values()) {
    const [{ _index: index = '', result, status, error } = {}] = group;
    const where = placeOf(index);
    const ids = nameAll ? group.map(({ _id = '' }) => idOf(index, _id)) : [];
    const detail = { ...facts, documents: group.length };
    if (error !== undefined) {
      ledger.append({ where, what: 'refused', ids, cause, detail: { ...detail, status, ...reasonOf(error) } });
    } else if (result !== 'created' || !nameAll) {
      ledger.append({ where, what: 'noted', ids, cause, detail: { ...detail, result } });
    } else {
      const accepted = ledger.append({ where, what: 'accepted', ids, cause, detail });
      ledger.append({ where, what: 'stored', ids, cause: accepted, detail: { ...detail, result } });
    }
  }
}

/** What can be known of a request's documents without its answer: the indices, and the id that the path may have. */
function namedBefore({ api, segments, named, documents }: Targets, idOf: NameDocument): Map<string, LedgerId[]> {
  if (api === '_bulk') return new Map([...documents.keys()].map((index) => [index, []]));
  const [index = named[0] ?? ''] = segments;
  const [, , id] = segments;
  return new Map([[index, id === undefined ? [] : [idOf(index, id)]]]);
}

/** The ledger's name of an index. */
export function placeOf(index: string): string {
  return `opensearch/${index}`;
}

/** Of several documents with the same error, the first one's reason is told. */
function reasonOf(error: NonNullable<WriteResult['error']>): {
  error?: string | undefined;
  reason?: string | undefined;
} {
  return typeof error === 'string' ? { reason: error } : { error: error.type, reason: error.reason };
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}
