import type { Engine } from '../engine.ts';
import { externalEngine } from '../external.ts';
import { localStackVersion } from './version.ts';

/** A LocalStack that someone else runs, by its `http://` address. */
export function externalLocalStack(address: string): Engine {
  return externalEngine('localstack', address, (signal) => localStackVersion(address, signal));
}
