import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EngineContext } from '../engine.ts';
import { suitablePython } from '../localstack/index.ts';
import { installOnce } from '../setup/install.ts';
import { installPythonPackages, pythonTag } from '../setup/python-packages.ts';

export const MINISTACK_VERSION = '1.5.33';

const REQUIREMENTS = join(import.meta.dirname, 'requirements.txt');

/** A Python, and the folder for its `PYTHONPATH` that MiniStack lies in. */
export interface MiniStackFiles {
  readonly python: string;
  readonly packages: string;
}

/** MiniStack's installation; made when it is not there. Errors: `PYTHON_MISSING`, `SETUP_FAILED`, `OFFLINE_MISSING`. */
export async function installMiniStack(
  context: Pick<EngineContext, 'cacheDir' | 'offline' | 'progress' | 'signal'>,
): Promise<MiniStackFiles> {
  const { cacheDir, offline, signal } = context;
  const { executable: python, version } = await suitablePython();
  const lock = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex').slice(0, 12);
  const what = `MiniStack ${MINISTACK_VERSION}`;
  const id = `ministack-${MINISTACK_VERSION}-${pythonTag(version)}-${process.platform}-${process.arch}-${lock}`;
  const progress = (message: string): void => context.progress(message);
  const folder = await installOnce({ cacheDir, offline, signal, progress, id, what }, async (partial) => {
    progress(`installing ${what} with Python ${version}`);
    await installPythonPackages({
      python,
      requirements: REQUIREMENTS,
      folder: partial,
      purpose: `Installing ${what}`,
      signal,
    });
  });
  return { python, packages: join(folder, 'packages') };
}
