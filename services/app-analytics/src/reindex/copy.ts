import { describeError, type ErrorBody, type OpenSearch } from '../opensearch.ts';

/** How long a task is left alone between two questions, in ms. */
const ASK_EVERY_MS = 500;

interface TaskState {
  readonly completed: boolean;
  readonly error?: ErrorBody;
  readonly response?: { readonly failures?: readonly { readonly cause?: ErrorBody }[] };
}

/** Copies every document with its id. Resolves with why one of them does not fit, or undefined. */
export async function copyDocuments(
  from: string,
  to: string,
  openSearch: OpenSearch,
  sleep: (ms: number) => Promise<void>,
): Promise<string | undefined> {
  // As a task: an answer that takes minutes would not get through AWS's front.
  const { task } = await openSearch.ask<{ readonly task: string }>({
    method: 'POST',
    path: '/_reindex',
    query: { wait_for_completion: false, refresh: true },
    body: { source: { index: from }, dest: { index: to } },
  });
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
