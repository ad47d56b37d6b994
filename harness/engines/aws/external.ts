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
  // In this order: LocalStack takes a path that it does not know for a bucket's, and loads S3 for it.
  const edition = await editionOf(address, signal);
  if (edition === undefined) return 'unknown';
  const miniStack = MINISTACK_EDITIONS.includes(edition) ? await miniStackVersion(address, signal) : undefined;
  return miniStack === undefined ? await localStackVersion(address, signal) : `MiniStack ${miniStack}`;
}

/** What MiniStack calls itself in its health, which it has where LocalStack has its own. */
const MINISTACK_EDITIONS = ['light', 'full'];

async function editionOf(address: string, signal: AbortSignal): Promise<string | undefined> {
  const { status, body } = await ask(new URL('/_localstack/health', address), { signal });
  if (status !== 200) return undefined;
  try {
    const { edition } = JSON.parse(body) as { edition?: unknown };
    return typeof edition === 'string' ? edition : undefined;
  } catch {
    return undefined;
  }
}
