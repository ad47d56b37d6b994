import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from './command.ts';

export interface PythonPackages {
  /** The Python that they are for. */
  readonly python: string;
  /** A lock file with hashes. */
  readonly requirements: string;
  /** The folder of the installation; the packages come into `packages` in it, for a `PYTHONPATH`. */
  readonly folder: string;
  /** Such as `Installing MiniStack 1.5.33`, for messages. */
  readonly purpose: string;
  readonly signal: AbortSignal;
  /** Further options of pip. */
  readonly options?: readonly string[];
}

/** Installs packages that need not be compiled. Errors: `SETUP_FAILED`. */
export async function installPythonPackages(packages: PythonPackages): Promise<void> {
  const { python, requirements, folder, purpose, signal, options = [] } = packages;
  const { PYTHONPATH: _path, PYTHONHOME: _home, VIRTUAL_ENV: _venv, ...inherited } = process.env;
  const quiet = { PIP_NO_CACHE_DIR: '1', PIP_USER: '0', PIP_DISABLE_PIP_VERSION_CHECK: '1', PYTHONNOUSERSITE: '1' };
  const command = { env: { ...inherited, ...quiet }, signal, purpose };
  // A Python may come without pip; its virtual environments have one.
  const venv = join(folder, 'venv');
  await runCommand(python, ['-m', 'venv', venv], command);
  const pip = ['-m', 'pip', 'install', '--require-hashes', '--no-deps', '--only-binary', ':all:'];
  const target = ['--target', join(folder, 'packages'), '--progress-bar', 'off', ...options];
  await runCommand(join(venv, 'bin', 'python'), [...pip, ...target, '-r', requirements], command);
  rmSync(venv, { recursive: true, force: true });
}

/** Packages may be compiled for one Python: `cp311` of `3.11.7`. */
export function pythonTag(version: string): string {
  return `cp${version.split('.').slice(0, 2).join('')}`;
}
