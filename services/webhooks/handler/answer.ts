import type { Log } from './log.ts';
import { jsonAnswer, type ProxyAnswer, type ProxyRequest } from './proxy.ts';
import { Refusal } from './refusal.ts';

/**
 * Answers a request with 200 and what `work` gives, or with what it refuses with. What nobody foresaw is 500. The log
 * names the request and what was wrong, and has nothing of the body.
 */
export async function answer(
  { requestContext, pathParameters }: ProxyRequest,
  work: () => Promise<object>,
  log: Log,
): Promise<ProxyAnswer> {
  try {
    return jsonAnswer(200, await work());
  } catch (error) {
    const refusal = error instanceof Refusal ? error : new Refusal(500, 'Internal server error', { cause: error });
    const { status, message, cause } = refusal;
    const { requestId: request_id } = requestContext;
    const fields = { request_id, sender: pathParameters?.sender, status, message, cause: describe(cause) };
    log(status < 500 ? 'warn' : 'error', 'Not taken', fields);
    return jsonAnswer(status, { message });
  }
}

function describe(cause: unknown): string | undefined {
  if (cause === undefined) return undefined;
  return cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
}
