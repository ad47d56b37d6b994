import { chmod, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, sep } from 'node:path';
import type { Engine, RunningEngine } from './engine.ts';
import { cacheFolder } from './setup/cache-folder.ts';

/** Boots a real server for a test, with its data in `dataDir`, a temporary folder, which is made if it is not there. */
export async function startEngine(engine: Engine, dataDir: string): Promise<RunningEngine> {
  await mkdir(dataDir, { recursive: true });
  // Started by root, a server may become another user, who must get at its files.
  for (let folder = dataDir; folder.startsWith(tmpdir() + sep); folder = dirname(folder)) await chmod(folder, 0o711);
  return await engine.start({
    dataDir,
    cacheDir: cacheFolder(),
    offline: false,
    progress: () => undefined,
    registerChild: () => undefined,
    signal: new AbortController().signal,
  });
}
