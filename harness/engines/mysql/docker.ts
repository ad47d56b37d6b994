import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { type ContainerSpec, type DockerOptions, dockerEngine } from '../docker/engine.ts';
import { IMAGES } from '../docker/images.ts';
import type { Engine } from '../engine.ts';
import { cacheFolder } from '../setup/cache-folder.ts';
import { mysqlVersion } from './version.ts';

/** MySQL makes its system tables first, which takes 3 to 30 s. */
const READY_WITHIN_MS = 180_000;
const STOP_WITHIN_MS = 10_000;
/** What MySQL has before anyone makes anything. */
const SYSTEM_SCHEMAS = ['information_schema', 'mysql', 'performance_schema', 'sys'];
const SYSTEM_USERS = ['root', 'mysql.infoschema', 'mysql.session', 'mysql.sys'];

/** What is said in `native.ts` too. Settings of InnoDB are made after the start: see `prepare`. */
const ARGUMENTS = [
  'mysqld',
  '--default-time-zone=+00:00',
  '--character-set-server=utf8mb4',
  '--local-infile=OFF',
  '--skip-log-bin',
  '--performance-schema=OFF',
  '--mysqlx=OFF',
];

/** MySQL 8.4 in a container. */
export function dockerMysql(options: DockerOptions): Engine {
  const own = randomBytes(12).toString('hex');
  const password = () => (options.reuse ? keptPassword() : own);
  const spec: ContainerSpec = {
    name: 'mysql',
    title: 'MySQL',
    port: 3306,
    keepsData: true,
    readyWithinMs: READY_WITHIN_MS,
    stopWithinMs: STOP_WITHIN_MS,
    async container({ bindings }) {
      const { MySqlContainer } = await import('@testcontainers/mysql');
      class OnLoopback extends MySqlContainer {
        protected override async beforeContainerCreated(): Promise<void> {
          this.hostConfig.PortBindings = { ...bindings };
        }
      }
      // No database and no user of its own: those would be in the way of an RDS instance with that name.
      return new OnLoopback(IMAGES.mysql)
        .withDatabase('')
        .withUsername('')
        .withUserPassword('')
        .withRootPassword(password())
        .withCommand(ARGUMENTS);
    },
    endpoint: (host, port) => `mysql://root:${password()}@${host}:${port}`,
    answers: async (endpoint) => (await mysqlVersion(endpoint)) !== '',
    version: (endpoint) => mysqlVersion(endpoint),
    async prepare(endpoint) {
      // Nothing here outlives the machine: a write need survive the server's death only.
      await execute(endpoint, async (query) => void (await query('SET GLOBAL innodb_flush_log_at_trx_commit = 2')));
    },
    empty: (endpoint) => execute(endpoint, dropAll),
  };
  return dockerEngine(spec, options);
}

type Query = (sql: string) => Promise<readonly Readonly<Record<string, string>>[]>;

async function execute(endpoint: string, work: (query: Query) => Promise<void>): Promise<void> {
  const connection = await createConnection({ uri: endpoint });
  try {
    await work(async (sql) => (await connection.query(sql))[0] as readonly Readonly<Record<string, string>>[]);
  } finally {
    connection.destroy();
  }
}

async function dropAll(query: Query): Promise<void> {
  const list = (names: readonly string[]) => names.map((name) => `'${name}'`).join(', ');
  const users = `SELECT user AS name, host FROM mysql.user WHERE user NOT IN (${list(SYSTEM_USERS)})`;
  for (const { name, host } of await query(users)) await query(`DROP USER ${quoted(name, "'")}@${quoted(host, "'")}`);
  const schemas = `SELECT schema_name AS name FROM information_schema.schemata
    WHERE schema_name NOT IN (${list(SYSTEM_SCHEMAS)})`;
  for (const { name } of await query(schemas)) await query(`DROP DATABASE ${quoted(name, '`')}`);
}

function quoted(name = '', mark: string): string {
  return `${mark}${name.replaceAll(mark, mark + mark)}${mark}`;
}

/** A container that stays has the password that it was made with: it is kept for this user alone. */
function keptPassword(): string {
  const folder = cacheFolder();
  const file = join(folder, 'mysql-kept-password');
  mkdirSync(folder, { recursive: true });
  try {
    writeFileSync(file, randomBytes(12).toString('hex'), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return readFileSync(file, 'utf8');
}
