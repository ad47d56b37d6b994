import { createHash } from 'node:crypto';
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NaetmulError } from '../../errors.ts';
import type { EngineContext } from '../engine.ts';
import { findPythons, type Python } from '../localstack/index.ts';
import { installOnce } from '../setup/install.ts';
import { installPythonPackages, pythonTag } from '../setup/python-packages.ts';

const AWSLAMBDARIC_VERSION = '4.2.2';
const REQUIREMENTS = join(import.meta.dirname, 'requirements.txt');
/** Takes the place of awslambdaric's native module where that cannot be loaded. */
const RUNTIME_CLIENT = join(import.meta.dirname, 'runtime_client.py');
/** awslambdaric 4.2.2 has wheels for these. */
const OLDEST_MINOR = 10;
const NEWEST_MINOR = 14;

type SetupContext = Pick<EngineContext, 'cacheDir' | 'offline' | 'progress' | 'signal'>;

/** A Python with the packages that Lambda's Python runtimes bring: the runtime client and boto3. */
export interface LambdaPython {
  readonly executable: string;
  /** The folder for `PYTHONPATH`. */
  readonly packages: string;
  /** Such as `3.12.4`. */
  readonly version: string;
}

/**
 * The Python for functions of a runtime such as `python3.12`: of that version where the PATH has it, else the first
 * that awslambdaric supports. Its packages are installed at the first call. Errors: `PYTHON_MISSING`, `SETUP_FAILED`,
 * `OFFLINE_MISSING`.
 */
export async function lambdaPython(context: SetupContext, runtime: string): Promise<LambdaPython> {
  const { executable, version } = choosePython(await findPythons(), runtime);
  const lock = createHash('sha256').update(readFileSync(REQUIREMENTS)).update(readFileSync(RUNTIME_CLIENT));
  const { cacheDir, offline, signal } = context;
  const options = {
    cacheDir,
    offline,
    signal,
    progress: (message: string) => context.progress(message),
    id: `awslambdaric-${AWSLAMBDARIC_VERSION}-${pythonTag(version)}-${process.platform}-${process.arch}-${lock.digest('hex').slice(0, 12)}`,
    what: `AWS’s Lambda client for Python ${version}`,
  };
  const folder = await installOnce(options, async (partial) => {
    context.progress(`installing AWS’s Lambda client and boto3 for ${runtime}, with Python ${version}`);
    await installPythonPackages({
      python: executable,
      requirements: REQUIREMENTS,
      folder: partial,
      purpose: 'Installing AWS’s Lambda client for Python',
      signal,
      options: platform(version),
    });
    copyFileSync(RUNTIME_CLIENT, join(partial, 'packages', 'runtime_client.py'));
  });
  return { executable, packages: join(folder, 'packages'), version };
}

/** Errors: `PYTHON_MISSING`. */
export function choosePython(pythons: readonly Python[], runtime: string): Python {
  const usable = pythons.filter(({ version }) => {
    const [major, minor = 0] = version.split('.').map(Number);
    return major === 3 && minor >= OLDEST_MINOR && minor <= NEWEST_MINOR;
  });
  const wanted = runtime.replace('python', '');
  const python = usable.find(({ version }) => version.startsWith(`${wanted}.`)) ?? usable[0];
  if (python !== undefined) return python;
  const others = pythons.map(({ version }) => version).join(', ');
  const found = others === '' ? 'none with venv was found on the PATH' : `only ${others} was found on the PATH`;
  throw new NaetmulError('PYTHON_MISSING', `A ${runtime} function needs Python 3.10 to 3.14 with venv; ${found}.`, {
    remedy: 'Debian and Ubuntu: sudo apt install python3 python3-venv; macOS: brew install python@3.13.',
  });
}

/** awslambdaric has wheels for Linux only; all of it but its native module runs elsewhere too. */
function platform(version: string): readonly string[] {
  if (process.platform === 'linux') return [];
  const machine = process.arch === 'arm64' ? 'aarch64' : 'x86_64';
  const minor = version.split('.').slice(0, 2).join('.');
  return ['--platform', `manylinux2014_${machine}`, '--implementation', 'cp', '--python-version', minor];
}
