import { describeError, type ErrorBody, failureOf, type OpenSearch } from '../opensearch.ts';

/** How long a task is left alone between two questions, in ms. */
const ASK_EVERY_MS = 500;
/** Documents of one page, where they are copied one page after the other. */
const PAGE = 500;
/** How long the server keeps its place between two pages. */
const SCROLL = '5m';

/**
 * Copies every document with its id. Resolves with why one of them does not fit, or undefined.
 *
 * OpenSearch does it itself where it can: `_reindex` belongs to a module that AWS and every full distribution have, and
 * that a minimal one lacks. There the documents travel through this process.
 */
export async function copyDocuments(
  from: string,
  to: string,
  openSearch: OpenSearch,
  sleep: (ms: number) => Promise<void>,
): Promise<string | undefined> {
  // As a task: an answer that takes minutes would not get through AWS's front.
  const task = await startTask(from, to, openSearch);
  return task === undefined ? copyPages(from, to, openSearch) : endOf(task, openSearch, sleep);
}

/** Undefined without the module: what stands there is taken for an index's name then. */
async function startTask(from: string, to: string, openSearch: OpenSearch): Promise<string | undefined> {
  try {
    const { task } = await openSearch.ask<{ readonly task: string }>({
      method: 'POST',
      path: '/_reindex',
      query: { wait_for_completion: false, refresh: true },
      body: { source: { index: from }, dest: { index: to } },
    });
    return task;
  } catch (error) {
    if (failureOf(error)?.status === 405) return undefined;
    throw error;
  }
}

interface TaskState {
  readonly completed: boolean;
  readonly error?: ErrorBody;
  readonly response?: { readonly failures?: readonly { readonly cause?: ErrorBody }[] };
}

async function endOf(task: string, openSearch: OpenSearch, sleep: (ms: number) => Promise<void>) {
  for (;;) {
    const state = await openSearch.ask<TaskState>({ method: 'GET', path: `/_tasks/${encodeURIComponent(task)}` });
    if (state.completed) {
      const [failure] = state.response?.failures ?? [];
      const error = state.error ?? failure?.cause;
      return error && describeError(error);
    }
    await sleep(ASK_EVERY_MS);
  }
}

interface Page {
  readonly _scroll_id: string;
  readonly hits: { readonly hits: readonly { readonly _id: string; readonly _source: object }[] };
}

async function copyPages(from: string, to: string, openSearch: OpenSearch): Promise<string | undefined> {
  const first = { method: 'POST', path: `/${from}/_search`, query: { scroll: SCROLL, size: PAGE }, body: {} } as const;
  let page = readPage(await openSearch.askText(first));
  try {
    while (page.hits.hits.length > 0) {
      const lines = page.hits.hits.flatMap(({ _id, _source }) => [
        JSON.stringify({ index: { _index: to, _id } }),
        JSON.stringify(_source),
      ]);
      type Answer = { readonly items: readonly { readonly index: { readonly error?: ErrorBody } }[] };
      const { items } = await openSearch.ask<Answer>({ method: 'POST', path: '/_bulk', body: lines });
      const refused = items.find(({ index }) => index.error !== undefined);
      if (refused?.index.error !== undefined) return describeError(refused.index.error);
      const next = { scroll: SCROLL, scroll_id: page._scroll_id };
      page = readPage(await openSearch.askText({ method: 'POST', path: '/_search/scroll', body: next }));
    }
    return undefined;
  } finally {
    await openSearch.ask({ method: 'DELETE', path: '/_search/scroll', body: { scroll_id: page._scroll_id } });
  }
}

/**
 * Keeps every number as it is written: 645.0 read as 645 would make a long of the field, which cuts off the next
 * document's 645.5.
 */
function readPage(text: string): Page {
  const written = (_key: string, value: unknown, { source }: { readonly source: string }) =>
    typeof value === 'number' ? rawJson(source) : value;
  // TypeScript's types do not know a reviver's third parameter yet.
  return JSON.parse(text, written as (key: string, value: unknown) => unknown);
}

const { rawJSON: rawJson } = JSON as unknown as { readonly rawJSON: (text: string) => unknown };
