import type { Engine } from '../engine.ts';
import { externalEngine } from '../external.ts';
import { openSearchVersion } from './version.ts';

/** An OpenSearch that someone else runs, by its `http(s)://[user:password@]host[:port]` address. */
export function externalOpenSearch(address: string): Engine {
  return externalEngine('opensearch', address, (signal) => openSearchVersion(address, signal));
}
