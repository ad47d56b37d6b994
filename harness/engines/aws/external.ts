import type { Engine } from '../engine.ts';
import { externalEngine } from '../external.ts';
import { ask } from '../http.ts';
import { localStackVersion } from '../localstack/version.ts';
import { miniStackVersion } from '../ministack/index.ts';

/** An emulator of AWS that someone else runs, by its `http://` address. */
export function externalAws(address: string): Engine {
  return externalEngine('localstack', address, (signal) => whoAnswers(address, signal));
}

/**
 * What a server says it is: `4.9.2` of LocalStack, `MiniStack 1.5.33`, `unknown` of one that answers and does not tell.
 * Throws when nothing answers.
 */
async function whoAnswers(address: string, signal: AbortSignal): Promise<string> {
  const miniStack = await miniStackVersion(address, signal);
  if (miniStack !== undefined) return `MiniStack ${miniStack}`;
  try {
    return await localStackVersion(address, signal);
  } catch {
    signal.throwIfAborted();
    await ask(address, { signal });
    return 'unknown';
  }
}
