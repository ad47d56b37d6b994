import type { OpenSearch } from '../opensearch.ts';
import { copyDocuments } from './copy.ts';

/** The field that should be a date. */
const FIELD = 'arrival_timestamp';
const WANTED = 'date';

export interface ReindexOptions {
  readonly openSearch: OpenSearch;
  readonly sleep: (ms: number) => Promise<void>;
  /** Told of each step. */
  readonly progress: (message: string) => void;
}

export interface Reindexed {
  /** The old index's name, which is an alias of the new one now. */
  readonly alias: string;
  readonly index: string;
  readonly documents: number;
}

/** Why an index was not, or need not be, made anew. It is as it was. */
export class NotReindexed extends Error {
  override readonly name = 'NotReindexed';
}

/** The indices of a pattern in which `arrival_timestamp` is there and no date, by name. */
export async function wrongIndices(openSearch: OpenSearch, pattern: string): Promise<readonly string[]> {
  const types = await typesOf(openSearch, pattern);
  return [...types].flatMap(([index, type]) => (type === undefined || type === WANTED ? [] : [index])).sort();
}

/**
 * The way out when an index template came too late: the type of a field cannot be changed, so the documents are copied
 * into a new index, which the template makes, and the old name becomes an alias of that.
 *
 * From the first step on the old index takes no writes, so that none is lost between copying and changing places: what
 * Firehose would deliver meanwhile goes into its backup, to be replayed. The places are changed in one step.
 *
 * Errors: `NotReindexed`.
 */
export async function reindex(index: string, { openSearch, sleep, progress }: ReindexOptions): Promise<Reindexed> {
  const type = (await typesOf(openSearch, index)).get(index);
  if (type === WANTED) throw new NotReindexed(`In ${index}, ${FIELD} is a date already.`);
  if (type === undefined) {
    throw new NotReindexed(`There is no index ${index} with the field ${FIELD}; an alias is not one.`);
  }
  const fresh = `${index}-reindexed`;
  const documents = await fill(fresh, index, { openSearch, sleep, progress });
  // From here on nothing is cleaned up: should the answer get lost, the new index may be all that there is.
  const actions = [{ remove_index: { index } }, { add: { index: fresh, alias: index } }];
  await openSearch.ask({ method: 'POST', path: '/_aliases', body: { actions } });
  progress(`${index} is an alias of ${fresh}`);
  return { alias: index, index: fresh, documents };
}

/** Makes an index with all that another has, which takes no writes any more; or leaves everything as it was. */
async function fill(fresh: string, index: string, { openSearch, sleep, progress }: ReindexOptions): Promise<number> {
  const block = (isOn: boolean) =>
    openSearch.ask({ method: 'PUT', path: `/${index}/_settings`, body: { 'index.blocks.write': isOn ? true : null } });
  // One may be left over from a run that was killed.
  await openSearch.ask({ method: 'DELETE', path: `/${fresh}`, orNone: true });
  try {
    await openSearch.ask({ method: 'PUT', path: `/${fresh}` });
    progress(`${fresh} is made`);
    const made = (await typesOf(openSearch, fresh)).get(fresh);
    if (made !== WANTED) {
      throw new NotReindexed(
        `No index template makes ${FIELD} of ${fresh} a date, but ${made ?? 'nothing'}: put the template first.`,
      );
    }
    await block(true);
    progress(`${index} takes no more writes`);
    // What was written last is copied only once it can be found.
    const before = await count(openSearch, index);
    const misfit = await copyDocuments(index, fresh, openSearch, sleep);
    if (misfit !== undefined) throw new NotReindexed(`Not every document of ${index} fits: ${misfit}`);
    const after = await count(openSearch, fresh);
    if (before !== after) {
      throw new NotReindexed(`${index} has ${before} documents, and ${after} of them are in ${fresh}.`);
    }
    progress(`${after} documents are copied`);
    return after;
  } catch (error) {
    // Why it failed is what matters, also when OpenSearch has gone away.
    await Promise.allSettled([block(false), openSearch.ask({ method: 'DELETE', path: `/${fresh}`, orNone: true })]);
    throw error;
  }
}

/** How many documents can be found, once all that were written can be. */
async function count(openSearch: OpenSearch, index: string): Promise<number> {
  await openSearch.ask({ method: 'POST', path: `/${index}/_refresh` });
  return (await openSearch.ask<{ readonly count: number }>({ method: 'GET', path: `/${index}/_count` })).count;
}

/** The type of the field by index; undefined where an index does not have it. */
async function typesOf(openSearch: OpenSearch, pattern: string): Promise<ReadonlyMap<string, string | undefined>> {
  type Answer = Record<string, { readonly mappings: Record<string, { readonly mapping: MappedField }> }>;
  type MappedField = Record<string, { readonly type: string }>;
  const path = `/${encodeURIComponent(pattern)}/_mapping/field/${FIELD}`;
  const answer = (await openSearch.ask<Answer>({ method: 'GET', path, orNone: true })) ?? {};
  return new Map(Object.entries(answer).map(([index, { mappings }]) => [index, mappings[FIELD]?.mapping[FIELD]?.type]));
}
