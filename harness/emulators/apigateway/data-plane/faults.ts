import type { EdgeRequest } from '../../../edge/http.ts';
import { ConnectionReset } from '../../../edge/interceptor.ts';

/**
 * What can be made to go wrong at `apigateway/<name of the API>`. Everything has been done by then, and is logged as
 * done; only its sender does not get to know:
 *
 * - `lose-answer`: the connection is reset instead.
 * - `withhold-answer`: nothing comes until the sender gives up.
 */
export const FAULT_KINDS = ['lose-answer', 'withhold-answer'] as const;

/** Rejects in place of an answer, where a fault has struck. */
export async function strikeAnswer(kind: string | undefined, { signal, lock }: EdgeRequest): Promise<void> {
  if (kind === 'lose-answer') throw new ConnectionReset();
  if (kind !== 'withhold-answer') return;
  const gone = new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener('abort', resolve, { once: true });
  });
  // Time goes by for everybody else.
  await (lock ? lock.suspend(() => gone) : gone);
  throw new ConnectionReset();
}
