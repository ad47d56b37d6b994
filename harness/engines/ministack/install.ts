import { createHash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { EngineContext } from '../engine.ts';
import { suitablePython } from '../localstack/index.ts';
import { runCommand } from '../setup/command.ts';
import { installOnce } from '../setup/install.ts';

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
  // Some packages are compiled for one Python.
  const tag = `cp${version.split('.').slice(0, 2).join('')}`;
  const lock = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex').slice(0, 12);
  const what = `MiniStack ${MINISTACK_VERSION}`;
  const id = `ministack-${MINISTACK_VERSION}-${tag}-${process.platform}-${process.arch}-${lock}`;
  const progress = (message: string): void => context.progress(message);
  const folder = await installOnce({ cacheDir, offline, signal, progress, id, what }, async (partial) => {
    progress(`installing ${what} with Python ${version}`);
    const { PYTHONPATH: _path, PYTHONHOME: _home, VIRTUAL_ENV: _venv, ...inherited } = process.env;
    const quiet = { PIP_NO_CACHE_DIR: '1', PIP_USER: '0', PIP_DISABLE_PIP_VERSION_CHECK: '1', PYTHONNOUSERSITE: '1' };
    const options = { env: { ...inherited, ...quiet }, signal, purpose: `Installing ${what}` };
    // A Python may come without pip; its virtual environments have one.
    const venv = join(partial, 'venv');
    await runCommand(python, ['-m', 'venv', venv], options);
    const pip = ['-m', 'pip', 'install', '--require-hashes', '--no-deps', '--only-binary', ':all:'];
    const target = ['--target', join(partial, 'packages'), '--progress-bar', 'off'];
    await runCommand(join(venv, 'bin', 'python'), [...pip, ...target, '-r', REQUIREMENTS], options);
    rmSync(venv, { recursive: true, force: true });
  });
  return { python, packages: join(folder, 'packages') };
}
