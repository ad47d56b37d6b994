import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { NaetmulError } from '../../errors.ts';
import type { EngineContext } from '../engine.ts';
import { cacheFolder } from '../setup/cache-folder.ts';
import { findOnPath, runCommand } from '../setup/command.ts';
import { installOnce } from '../setup/install.ts';
import { sha256Of } from '../setup/maven.ts';
import { suitablePython } from './python.ts';

export const LOCALSTACK_VERSION = '4.9.2';

const REQUIREMENTS = join(import.meta.dirname, 'requirements.txt');
const BUILD_REQUIREMENTS = join(import.meta.dirname, 'build-requirements.txt');
/** What LocalStack 4.9.2 asks for. */
const KINESIS_VERSION = '0.4.13';
/** npm itself pins the version but not the content. */
const KINESIS_MAIN = join('kinesis-local', KINESIS_VERSION, 'node_modules', 'kinesis-local', 'main.js');
const KINESIS_MAIN_SHA256 = 'a11c675e3ffb3a90a6f8f3d3a5e6fc5bf3ac384e326a949490d58db5b575c7aa';
/** Where LocalStack looks for what its image would have brought along, under its FILESYSTEM_ROOT. */
export const STATIC_LIBS = join('usr', 'lib', 'localstack');
/** Progress is told after each so many packages. */
const PACKAGES_PER_MESSAGE = 20;

type SetupContext = Pick<EngineContext, 'cacheDir' | 'offline' | 'progress' | 'signal'>;

/** The folder name of this installation: another lock file is another installation. */
function installId(): string {
  const hash = createHash('sha256').update(readFileSync(REQUIREMENTS)).update(readFileSync(BUILD_REQUIREMENTS));
  return `localstack-${LOCALSTACK_VERSION}-${process.platform}-${process.arch}-${hash.digest('hex').slice(0, 12)}`;
}

/** A program of LocalStack's virtual environment: it also holds boto3, the AWS CLI and cfn-lint. */
export function localstackTool(name: 'python' | 'aws' | 'cfn-lint', cacheDir: string = cacheFolder()): string {
  return join(cacheDir, installId(), 'venv', 'bin', name);
}

/** The folder of LocalStack's installation; made when it is not there. */
export function installLocalStack(context: SetupContext): Promise<string> {
  const options = { ...context, id: installId(), what: `LocalStack ${LOCALSTACK_VERSION}` };
  const { cacheDir, offline, signal } = context;
  const progress = (message: string): void => context.progress(message);
  return installOnce({ ...options, cacheDir, offline, signal, progress }, async (partial, final) => {
    const python = await suitablePython();
    progress(`installing LocalStack ${LOCALSTACK_VERSION} with Python ${python.version}`);
    await installPackages(python.executable, partial, context);
    await indexServices(partial, context);
    rmSync(join(partial, 'caches'), { recursive: true, force: true });
    moveScripts(join(partial, 'venv'), partial, final);
  });
}

/**
 * The folder of kinesis-mock, beside LocalStack's own, which is there already; made when it is not there. Without it
 * LocalStack would fetch it at the first call to its Kinesis.
 */
export function installLocalStackKinesis(localStack: string, context: SetupContext): Promise<string> {
  const id = `localstack-kinesis-${KINESIS_VERSION}`;
  const { cacheDir, offline, signal } = context;
  const progress = (message: string): void => context.progress(message);
  return installOnce({ id, what: 'LocalStack’s Kinesis', cacheDir, offline, signal, progress }, async (partial) => {
    if (findOnPath('npm') === undefined) {
      throw new NaetmulError('NPM_MISSING', 'npm is needed to install LocalStack’s Kinesis, and is not on the PATH.', {
        remedy: 'Install Node.js with npm.',
      });
    }
    progress('LocalStack: installing its Kinesis');
    const python = join(localStack, 'venv', 'bin', 'python');
    const purpose = 'Installing LocalStack’s Kinesis';
    const install = ['-m', 'localstack.cli.lpm', 'install', 'kinesis-mock'];
    await runCommand(python, install, { env: hostEnv(partial), signal, purpose });
    const found = await sha256Of(join(partial, 'root', STATIC_LIBS, KINESIS_MAIN));
    if (found !== KINESIS_MAIN_SHA256) {
      throw new NaetmulError('CHECKSUM_MISMATCH', `kinesis-local has sha256 ${found}, not ${KINESIS_MAIN_SHA256}.`, {
        remedy: 'Try again; if it stays so, look at the mirror that npm uses.',
      });
    }
    rmSync(join(partial, 'caches'), { recursive: true, force: true });
  });
}

/** The environment of set-up programs: the user's own (mirrors, proxies, certificates), but every cache within ours. */
function setupEnv(partial: string): NodeJS.ProcessEnv {
  const { PYTHONPATH: _path, PYTHONHOME: _home, VIRTUAL_ENV: _venv, ...env } = process.env;
  return {
    ...env,
    PATH: [dirname(process.execPath), env.PATH ?? ''].join(delimiter),
    PIP_NO_CACHE_DIR: '1',
    PIP_USER: '0',
    PIP_DISABLE_PIP_VERSION_CHECK: '1',
    PYTHONNOUSERSITE: '1',
    XDG_CACHE_HOME: join(partial, 'caches'),
    npm_config_cache: join(partial, 'caches', 'npm'),
  };
}

async function installPackages(python: string, partial: string, context: SetupContext): Promise<void> {
  const env = setupEnv(partial);
  const { signal } = context;
  const venv = join(partial, 'venv');
  await runCommand(python, ['-m', 'venv', venv], { env, signal, purpose: 'Making a Python environment' });
  const inVenv = join(venv, 'bin', 'python');
  const pip = ['-m', 'pip', 'install', '--require-hashes', '--no-deps', '--no-compile', '--progress-bar', 'off'];
  const purpose = `Installing LocalStack ${LOCALSTACK_VERSION}`;
  await runCommand(inVenv, [...pip, '-r', BUILD_REQUIREMENTS], { env, signal, purpose });

  const total = readFileSync(REQUIREMENTS, 'utf8').match(/^[A-Za-z].*==/gm)?.length ?? 0;
  let seen = 0;
  const onLine = (line: string): void => {
    if (line.startsWith('Collecting ') && ++seen % PACKAGES_PER_MESSAGE === 0) {
      context.progress(`LocalStack: ${seen} of ${total} packages`);
    }
    if (line.startsWith('Installing collected')) context.progress('LocalStack: unpacking');
  };
  await runCommand(inVenv, [...pip, '--no-build-isolation', '-r', REQUIREMENTS], { env, signal, purpose, onLine });
  // 6,000 help pages of the AWS CLI, a quarter of all files.
  const packages = (await runCommand(inVenv, ['-c', SITE_PACKAGES], { env, signal, purpose })).at(-1) ?? '';
  rmSync(join(packages, 'awscli', 'examples'), { recursive: true, force: true });
  context.progress('LocalStack: compiling');
  // Some packages carry files for other Pythons, which cannot be compiled; that is no failure.
  await runCommand(inVenv, ['-c', COMPILE, venv], { env, signal, purpose });
}

const SITE_PACKAGES = 'import sysconfig; print(sysconfig.get_path("purelib"))';
/** What compileall's command line does, without its exit code. */
const COMPILE = 'import compileall, sys; compileall.compile_dir(sys.argv[1], quiet=2, workers=0)';

/**
 * LocalStack would do it at the first call at all. With the index made here, that call takes 1 s instead of 5 s (measured
 * on 2 cores).
 */
async function indexServices(partial: string, context: SetupContext): Promise<void> {
  const python = join(partial, 'venv', 'bin', 'python');
  const { signal } = context;
  const purpose = 'Indexing LocalStack’s services';
  await runCommand(python, ['-m', 'localstack.aws.spec'], { env: hostEnv(partial), signal, purpose });
}

/** The environment of LocalStack's own tools, which keep to `root` within the folder, and expect to find theirs there. */
function hostEnv(partial: string): NodeJS.ProcessEnv {
  const root = join(partial, 'root');
  mkdirSync(join(root, STATIC_LIBS), { recursive: true });
  return { ...setupEnv(partial), FILESYSTEM_ROOT: root, OVERRIDE_IN_DOCKER: '0', DISABLE_EVENTS: '1' };
}

/** pip writes the path of its Python into scripts and activation files; the folder is about to be renamed. */
function moveScripts(venv: string, from: string, to: string): void {
  const files = readdirSync(join(venv, 'bin'), { withFileTypes: true }).filter((entry) => entry.isFile());
  for (const file of [join(venv, 'pyvenv.cfg'), ...files.map(({ name }) => join(venv, 'bin', name))]) {
    const content = readFileSync(file, 'latin1');
    if (content.includes(from)) writeFileSync(file, content.replaceAll(from, to), 'latin1');
  }
}
