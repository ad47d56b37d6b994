import type { Failure } from '../shared/failure.ts';

/** As long as the server waits for OpenSearch, and a little more, in ms. */
const PATIENCE_MS = 10_000;

/** Why a question got no answer: what the server says, or that there is no server. */
export class AskError extends Error {
  override readonly name = 'AskError';
  /** Of the server, or `server-away`. */
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Asks the server. Errors: `AskError`; an `AbortError` when the signal aborts. */
export async function ask<T>(path: string, query: Readonly<Record<string, string>>, signal?: AbortSignal): Promise<T> {
  const timeout = AbortSignal.timeout(PATIENCE_MS);
  let response: Response;
  let body: unknown;
  try {
    response = await fetch(`${path}?${new URLSearchParams(query)}`, {
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    });
    body = await response.json();
  } catch (cause) {
    if (signal?.aborted) throw signal.reason;
    throw new AskError('server-away', 'The server cannot be reached.', { cause });
  }
  if (response.ok) return body as T;
  const { error } = body as Failure<string>;
  throw new AskError(error.code, error.message);
}
