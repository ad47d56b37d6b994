import type { CustomResourceResponse } from './custom-resource.ts';
import { patiently } from './patience.ts';

/** Before each further try, in ms. */
const DELAYS = [1_000, 4_000];
const ANSWER_WITHIN_MS = 8_000;

export interface Sending {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly sleep: (ms: number) => Promise<void>;
}

/**
 * Puts the answer where CloudFormation waits for it. Errors: when it cannot be put there; then Lambda runs the function
 * again.
 */
export async function sendAnswer(url: string, response: CustomResourceResponse, { fetch, sleep }: Sending) {
  const put = async () => {
    const { ok, status } = await fetch(url, {
      method: 'PUT',
      // Bytes, which have no content type: it was signed without one.
      body: new TextEncoder().encode(JSON.stringify(response)),
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    if (!ok) throw new Error(`CloudFormation's answer could not be put: HTTP ${status}`);
  };
  await patiently(put, { delays: DELAYS, sleep, mayPass: () => true, onFailure: () => undefined });
}
