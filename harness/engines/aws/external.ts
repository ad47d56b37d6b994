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
  if (LOCALSTACK_EDITIONS.includes(edition ?? '')) return await localStackVersion(address, signal);
  const miniStack = await miniStackVersion(address, signal);
  return miniStack === undefined ? 'unknown' : `MiniStack ${miniStack}`;
}

/** What LocalStack calls itself in its health; others answer there as well. */
const LOCALSTACK_EDITIONS = ['community', 'pro', 'enterprise'];

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
