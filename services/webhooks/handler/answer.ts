import type { Log } from './log.ts';
import { jsonAnswer, type ProxyAnswer } from './proxy.ts';
import { Refusal } from './refusal.ts';

/** Answers 200 with what `work` gives, or what it refuses with. What nobody foresaw is 500, and in the log. */
export async function answerWith(work: () => Promise<object>, log: Log): Promise<ProxyAnswer> {
  try {
    return jsonAnswer(200, await work());
  } catch (error) {
    const refusal = error instanceof Refusal ? error : new Refusal(500, 'Internal server error', { cause: error });
    const { status, message, cause } = refusal;
    log(status < 500 ? 'warn' : 'error', 'Not taken', { status, message, cause: describe(cause) });
    return jsonAnswer(status, { message });
  }
}

function describe(cause: unknown): string | undefined {
  if (cause === undefined) return undefined;
  return cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
}
