import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { NaetmulError } from '../../../errors.ts';
import { findPythons } from '../../localstack/index.ts';
import { cacheFolder } from '../../setup/cache-folder.ts';
import { installOnce } from '../../setup/install.ts';
import { installPythonPackages, pythonTag } from '../../setup/python-packages.ts';

const REQUIREMENTS = join(import.meta.dirname, 'requirements.txt');
/** awscrt has wheels for these, and the ABI of the newest serves later ones. */
const OLDEST_MINOR = 10;

/** The programs beside this file, each a device that sends one message to itself. */
export type PythonClient = 'paho_device' | 'awsiotsdk_device';

export interface DeviceRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a device with the files in `folder`; `arguments_` are client id, topic and message. */
export type RunDevice = (client: PythonClient, folder: string, ...arguments_: string[]) => Promise<DeviceRun>;

/**
 * paho-mqtt and the AWS IoT Device SDK for Python, installed at the first call, for tests. Errors: `PYTHON_MISSING`,
 * `SETUP_FAILED`.
 */
export async function pythonDevices(): Promise<RunDevice> {
  const python = (await findPythons()).find(({ version }) => Number(version.split('.')[1]) >= OLDEST_MINOR);
  if (!python) {
    throw new NaetmulError('PYTHON_MISSING', `The MQTT clients in Python need Python 3.${OLDEST_MINOR} with venv.`, {
      remedy: 'Debian and Ubuntu: sudo apt install python3 python3-venv; macOS: brew install python@3.13.',
    });
  }
  const { executable, version } = python;
  const lock = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex').slice(0, 12);
  const { signal } = new AbortController();
  const folder = await installOnce(
    {
      cacheDir: cacheFolder(),
      id: `mqtt-python-clients-${pythonTag(version)}-${process.platform}-${process.arch}-${lock}`,
      what: `MQTT clients for Python ${version}`,
      offline: false,
      signal,
      progress: () => undefined,
    },
    (partial) =>
      installPythonPackages({
        python: executable,
        requirements: REQUIREMENTS,
        folder: partial,
        purpose: 'Installing MQTT clients for Python',
        signal,
      }),
  );
  const env = { ...process.env, PYTHONPATH: join(folder, 'packages'), PYTHONNOUSERSITE: '1', PYTHONHOME: undefined };
  return async (client, ...given) => {
    const program = join(import.meta.dirname, `${client}.py`);
    try {
      const { stdout, stderr } = await promisify(execFile)(executable, [program, ...given], { env });
      return { code: 0, stdout, stderr };
    } catch (error) {
      const { code, stdout, stderr } = error as DeviceRun;
      return { code, stdout, stderr };
    }
  };
}
