import { randomBytes } from 'node:crypto';
import { constants, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import type { Engine } from '../engine.ts';
import { StickyPorts } from '../ports.ts';
import { giveTo, serverOwner } from '../privileges.ts';
import { ServerProcess } from '../process.ts';
import { runningServer } from '../running.ts';
import { dataTemplate, type SqlFlavour, type SqlServer, sqlServer, userArguments } from './install.ts';
import { mysqlVersion } from './version.ts';

const READY_WITHIN_MS = 60_000;
const STOP_WITHIN_MS = 3_000;

export interface NativeMysqlOptions {
  /** By default MySQL, and MariaDB where there is no MySQL. */
  readonly flavour?: SqlFlavour | undefined;
}

/** MySQL, or MariaDB in its place, as a process of this machine, on loopback, with a data directory of its own. */
export function nativeMysql({ flavour }: NativeMysqlOptions = {}): Engine {
  const ports = new StickyPorts();
  // One for all starts: clients that were given the address must be able to come back after a restart.
  const password = randomBytes(12).toString('hex');
  return {
    name: 'mysql',
    source: 'native',
    async setup(context) {
      await dataTemplate(context, await sqlServer(context, flavour));
    },
    async start(context) {
      const sql = await sqlServer(context, flavour);
      const template = await dataTemplate(context, sql);
      const port = await ports.portFor(context.dataDir);
      const endpoint = `mysql://root:${password}@127.0.0.1:${port}`;
      context.progress(`starting ${sql.flavour === 'mysql' ? 'MySQL' : 'MariaDB'}`);
      await layOut(context.dataDir, template, password);
      const server = await ServerProcess.start({
        name: sql.flavour === 'mysql' ? 'MySQL' : 'MariaDB',
        command: sql.executable,
        args: serverArguments(sql, context.dataDir, port),
        cwd: context.dataDir,
        env: { PATH: process.env.PATH, HOME: context.dataDir, TZ: 'UTC', LC_ALL: 'C' },
        logFile: join(context.dataDir, 'mysql.log'),
        signal: context.signal,
        registerChild: (child) => context.registerChild(child),
        probe: async () => (await mysqlVersion(endpoint)) !== '',
        readyWithinMs: READY_WITHIN_MS,
        stopWithinMs: STOP_WITHIN_MS,
      });
      try {
        return runningServer({ name: 'mysql', endpoint, version: await mysqlVersion(endpoint), server });
      } catch (error) {
        await server.stop();
        throw error;
      }
    },
  };
}

async function layOut(dataDir: string, template: string, password: string): Promise<void> {
  const data = join(dataDir, 'data');
  // Where the file system can, the copy shares its blocks with the template.
  if (!existsSync(data)) await cp(template, data, { recursive: true, mode: constants.COPYFILE_FICLONE });
  for (const folder of ['tmp', 'files']) mkdirSync(join(dataDir, folder), { recursive: true });
  // Read by the server before it lets anyone in. Over TCP, and without name resolution, root comes from 127.0.0.1.
  const statements = ['localhost', '127.0.0.1'].flatMap((host) => [
    `CREATE USER IF NOT EXISTS 'root'@'${host}';`,
    `ALTER USER 'root'@'${host}' IDENTIFIED BY '${password}';`,
    `GRANT ALL PRIVILEGES ON *.* TO 'root'@'${host}' WITH GRANT OPTION;`,
  ]);
  const init = join(dataDir, 'init.sql');
  writeFileSync(init, `${statements.join('\n')}\n`, { mode: 0o600 });
  giveTo(serverOwner(), data, join(dataDir, 'tmp'), join(dataDir, 'files'), init);
}

function serverArguments(sql: SqlServer, dataDir: string, port: number): readonly string[] {
  return [
    '--no-defaults',
    ...(sql.baseDir === undefined ? [] : [`--basedir=${sql.baseDir}`]),
    ...userArguments(),
    `--datadir=${join(dataDir, 'data')}`,
    `--tmpdir=${join(dataDir, 'tmp')}`,
    `--secure-file-priv=${join(dataDir, 'files')}`,
    `--init-file=${join(dataDir, 'init.sql')}`,
    '--bind-address=127.0.0.1',
    `--port=${port}`,
    // Both relative to the data directory: a socket's whole path may have no more than about 100 characters.
    '--socket=mysql.sock',
    '--pid-file=mysql.pid',
    '--skip-name-resolve',
    '--default-time-zone=+00:00',
    '--character-set-server=utf8mb4',
    '--local-infile=OFF',
    // Nothing here outlives the run: a write need survive the server's death, not the machine's.
    '--innodb-flush-log-at-trx-commit=2',
    '--skip-log-bin',
    '--performance-schema=OFF',
    '--innodb-buffer-pool-size=64M',
    ...(sql.flavour === 'mysql'
      ? ['--mysqlx=OFF', '--innodb-redo-log-capacity=8388608']
      : // MariaDB ≥ 11.4 makes itself a 4096 bit key at each start, for 1 to 6 s, unless TLS is off.
        ['--skip-ssl', '--innodb-log-file-size=8M']),
  ];
}
