import type { Connection } from 'mysql2/promise';

/** A MySQL or MariaDB server, and who may make databases and users on it. */
export interface SqlServer {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

/** What an instance has on the server: one database, and one user who may do anything in it. */
export interface Tenancy {
  readonly database: string;
  readonly user: string;
  readonly password: string;
}

/** How long the server may take to let us in, in milliseconds. */
const CONNECT_TIMEOUT_MS = 5_000;

/** Of the server's errors: https://dev.mysql.com/doc/mysql-errors/8.0/en/server-error-reference.html. */
const ER_NO_SUCH_THREAD = 1094;
/** The server is full, or going down: later it may do what it does not do now. */
const PASSING = [1040, 1053, 1203, 1226];

const PROCESSES = 'SELECT ID AS id FROM information_schema.PROCESSLIST WHERE USER = ?';

/** The server will never do it. The message says why, and what can be done. */
export class Hopeless extends Error {
  override readonly name = 'Hopeless';
}

/**
 * Makes database and user; calls `begun` as soon as there is something that has to be removed one day. Resolves with
 * the server's version, such as `11.4.5`. Throws `Hopeless` when the server has one of that name already: it is
 * somebody's, and stays untouched.
 */
export async function provision(
  server: SqlServer,
  { database, user, password }: Tenancy,
  begun: () => void,
): Promise<string> {
  return withConnection(server, async (connection, sql) => {
    await refuseTaken(connection, server, { database, user });
    begun();
    const account = `${sql.escape(user)}@'%'`;
    await connection.query(`CREATE DATABASE ${sql.escapeId(database)} CHARACTER SET utf8mb4`);
    await connection.query(`CREATE USER ${account} IDENTIFIED BY ${sql.escape(password)}`);
    // In GRANT, _ and % of a database's name stand for others, unless they are escaped.
    const pattern = sql.escapeId(database.replaceAll(/[_%]/g, '\\$&'));
    await connection.query(`GRANT ALL PRIVILEGES ON ${pattern}.* TO ${account}`);
    const [row] = await rowsOf(connection, 'SELECT VERSION() AS version', []);
    return /^[\d.]+/.exec(String(row?.version))?.[0] ?? '';
  });
}

/** A user of the same name counts wherever it may come from: the server would take it for that one. */
async function refuseTaken(
  connection: Connection,
  { host, port }: SqlServer,
  { database, user }: Omit<Tenancy, 'password'>,
): Promise<void> {
  const there = `on the server at ${host}:${port} already`;
  const schemas = 'SELECT 1 FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = ?';
  if ((await rowsOf(connection, schemas, [database])).length > 0) {
    const remedy = `If it is a leftover, remove it: DROP DATABASE ${database};`;
    throw new Hopeless(`There is a database ${database} ${there}. ${remedy}`);
  }
  const [taken] = await rowsOf(connection, 'SELECT Host AS host FROM mysql.user WHERE User = ?', [user]);
  if (taken !== undefined) {
    const remedy = `If it is a leftover, remove it: DROP USER '${user}'@'${taken.host}';`;
    throw new Hopeless(`There is a user ${user} ${there}. ${remedy}`);
  }
}

/** Removes the user, ends their connections, and removes the database. What is gone already is no error. */
export async function unprovision(server: SqlServer, { database, user }: Omit<Tenancy, 'password'>): Promise<void> {
  await withConnection(server, async (connection, sql) => {
    // The user first: whoever is thrown out cannot come back.
    await connection.query(`DROP USER IF EXISTS ${sql.escape(user)}@'%'`);
    for (const { id } of await rowsOf(connection, PROCESSES, [user])) {
      await connection.query('KILL ?', [id]).catch((error: unknown) => {
        if ((error as { errno?: number }).errno !== ER_NO_SUCH_THREAD) throw error;
      });
    }
    await connection.query(`DROP DATABASE IF EXISTS ${sql.escapeId(database)}`);
  });
}

export async function changePassword(server: SqlServer, user: string, password: string): Promise<void> {
  await withConnection(server, async (connection, sql) => {
    await connection.query(`ALTER USER ${sql.escape(user)}@'%' IDENTIFIED BY ${sql.escape(password)}`);
  });
}

type Quoting = Pick<typeof import('mysql2/promise'), 'escape' | 'escapeId'>;

async function withConnection<T>(
  { host, port, user, password }: SqlServer,
  work: (connection: Connection, sql: Quoting) => Promise<T>,
): Promise<T> {
  // A driver that a bench without a database never needs.
  const mysql = await import('mysql2/promise');
  const connection = await mysql.createConnection({ host, port, user, password, connectTimeout: CONNECT_TIMEOUT_MS });
  try {
    // Quoting relies on it that a backslash escapes.
    await connection.query(`SET SESSION sql_mode = ''`);
    return await work(connection, mysql);
  } catch (error) {
    throw explained(error, { host, port });
  } finally {
    connection.destroy();
  }
}

async function rowsOf(connection: Connection, query: string, values: string[]): Promise<Record<string, unknown>[]> {
  const [rows] = await connection.query(query, values);
  return rows as Record<string, unknown>[];
}

/** What the server itself refuses it will always refuse; without an answer from it, it may be away for a while. */
function explained(error: unknown, { host, port }: Pick<SqlServer, 'host' | 'port'>): unknown {
  const { errno, sqlState, message } = error as { errno?: number; sqlState?: string; message: string };
  if (sqlState === undefined || errno === undefined || PASSING.includes(errno)) return error;
  return new Hopeless(`The server at ${host}:${port} refuses: ${message}`, { cause: error });
}
