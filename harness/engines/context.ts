import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { EngineContext, EngineName } from './engine.ts';
import type { Run } from './leftovers.ts';
import { cacheFolder } from './setup/cache-folder.ts';

export interface EngineContextOptions {
  /** Install nothing. */
  readonly offline: boolean;
  readonly signal: AbortSignal;
  progress(component: string, message: string): void;
}

/** What the engine of that name works with in a run: a folder in it, the user's cache, the run's list of children. */
export function engineContext(name: EngineName, run: Run, options: EngineContextOptions): EngineContext {
  const dataDir = join(run.dir, name);
  mkdirSync(dataDir, { recursive: true });
  return {
    dataDir,
    cacheDir: cacheFolder(),
    offline: options.offline,
    progress: (message) => options.progress(name, message),
    registerChild: (child) => run.addChild(child),
    signal: options.signal,
  };
}
