import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { NaetmulError } from '../../errors.ts';
import { findOnPath } from '../setup/command.ts';

const run = promisify(execFile);

/** LocalStack 4.9.2 needs 3.10; its locked dependencies have no wheels for 3.14. */
const NEWEST_MINOR = 13;
const OLDEST_MINOR = 10;
const CANDIDATES = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10'] as const;

/** Prints the version and the true interpreter behind shims and virtual environments; fails without venv. */
const PROBE =
  'import sys, os, ensurepip, venv; print("%d.%d.%d" % sys.version_info[:3]); print(os.path.realpath(getattr(sys, "_base_executable", sys.executable)))';

export interface Python {
  readonly executable: string;
  /** Such as `3.11.7`. */
  readonly version: string;
}

/** Every usable Python on the PATH, `python3` first; one that is only a shim without a Python behind it is left out. */
export async function findPythons(env: NodeJS.ProcessEnv = process.env): Promise<readonly Python[]> {
  const found = await Promise.all(CANDIDATES.map((name) => probe(name, env)));
  return found.filter((python) => python !== undefined);
}

export function isSuitable(python: Python): boolean {
  const [major, minor] = python.version.split('.').map(Number);
  return major === 3 && minor !== undefined && minor >= OLDEST_MINOR && minor <= NEWEST_MINOR;
}

/** The Python that LocalStack is installed with. Errors: `PYTHON_MISSING`. */
export async function suitablePython(env: NodeJS.ProcessEnv = process.env): Promise<Python> {
  const pythons = await findPythons(env);
  const python = pythons.find(isSuitable);
  if (python !== undefined) return python;
  const others = pythons.map(({ version }) => version).join(', ');
  const found = others === '' ? 'none with venv was found on the PATH' : `only ${others} was found on the PATH`;
  throw new NaetmulError('PYTHON_MISSING', `LocalStack needs Python 3.10 to 3.13 with venv; ${found}.`, {
    remedy:
      'Debian and Ubuntu: sudo apt install python3 python3-venv; macOS: brew install python@3.13. Or give an address: --engine localstack=http://…',
  });
}

async function probe(name: string, env: NodeJS.ProcessEnv): Promise<Python | undefined> {
  const file = findOnPath(name, env);
  if (file === undefined) return undefined;
  try {
    const { stdout } = await run(file, ['-c', PROBE], { env });
    const [version, executable] = stdout.trim().split('\n');
    return version !== undefined && executable !== undefined ? { version, executable } : undefined;
  } catch {
    return undefined;
  }
}
