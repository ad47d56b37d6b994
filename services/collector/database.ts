import { setTimeout as sleep } from 'node:timers/promises';
import { createPool, type Pool, type PoolConnection, type QueryError } from 'mysql2/promise';

export interface DatabaseSettings {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

export interface DatabaseOptions {
  readonly connections: number;
  /** How long a connection may take to open, and a statement to be answered, in ms. */
  readonly connectWithinMs: number;
  readonly answerWithinMs: number;
  /** False: a statement is sent once, whatever happens. By default true. */
  readonly repeat?: boolean;
  /** How many statements may wait for a connection. By default without limit. */
  readonly waiting?: number;
}

/** The database cannot be reached, or the connection was lost before it answered: what became of a change is unknown. */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable';
}

/**
 * What a server may say because it is going down, or has hung up: shutdown in progress, too many connections,
 * connection killed (MySQL, MariaDB), disconnected for inactivity, read-only because another server has taken over.
 * Source: MySQL 8.0 and MariaDB error references.
 */
const SERVER_AWAY = new Set([1040, 1053, 1290, 1836, 1927, 3169, 4031]);
const DEADLOCK = 1213;

/** Further tries of a statement whose connection had died: the pool may hold several that died together. */
const MAX_RECONNECTS = 2;

/**
 * Further tries of a statement that the server gave up to end a deadlock. Each is preceded by a pause of random length,
 * up to this many ms longer every time: those that collided would else collide again. All of them together take less
 * than 0.6 s.
 */
const MAX_DEADLOCKS = 10;
const DEADLOCK_PAUSE_MS = 10;

/** RDS shows a certificate of Amazon's own authority, whose certificates mysql2 has by this name. */
const RDS_HOST = /\.rds\.amazonaws\.com$/;

/**
 * Every connection refuses what a column cannot hold, instead of cutting it off with a warning, whatever the server's
 * default is.
 */
const SESSION =
  "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION', time_zone = '+00:00'";

/** A pool of connections to MySQL or MariaDB, opened when needed and kept for the next statement. */
export class Database {
  readonly #pool: Pool;
  readonly #options: DatabaseOptions;
  /** Connections that have done something already. */
  readonly #used = new WeakSet<object>();

  constructor(settings: DatabaseSettings, options: DatabaseOptions) {
    this.#options = options;
    this.#pool = createPool({
      host: settings.host,
      port: settings.port,
      user: settings.user,
      password: settings.password,
      database: settings.database,
      charset: 'utf8mb4_bin',
      // Times are UTC text, with microseconds, which a JavaScript Date does not have.
      dateStrings: true,
      connectionLimit: options.connections,
      queueLimit: options.waiting ?? 0,
      connectTimeout: options.connectWithinMs,
      // `affectedRows` is to count the rows that are new, not those that were there already.
      flags: ['-FOUND_ROWS'],
      ...(RDS_HOST.test(settings.host) ? { ssl: 'Amazon RDS' } : {}),
    });
  }

  /**
   * Runs one statement and resolves with the driver's result: rows, or `affectedRows`.
   *
   * A connection that was used before may have died since, with the server or while its process was frozen; the
   * statement is then sent again on another one, and so it is after a deadlock. It must therefore be one that does no
   * more when it runs twice. Errors: `DatabaseUnavailable`; what the server says of the statement, as it is.
   */
  async execute<T>(sql: string, values: readonly (string | number | null)[]): Promise<T> {
    let reconnects = 0;
    let deadlocks = 0;
    for (;;) {
      const { result, error, again } = await this.#executeOnce<T>(sql, values);
      if (error === undefined) return result as T;
      if (again === undefined || this.#options.repeat === false) throw error;
      if (again === 'reconnect') {
        if (++reconnects > MAX_RECONNECTS) throw error;
      } else {
        if (++deadlocks > MAX_DEADLOCKS) throw error;
        await sleep(Math.random() * DEADLOCK_PAUSE_MS * deadlocks);
      }
    }
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }

  async #executeOnce<T>(
    sql: string,
    values: readonly (string | number | null)[],
  ): Promise<{ result?: T; error?: unknown; again?: 'reconnect' | 'deadlock' }> {
    let connection: PoolConnection;
    try {
      connection = await this.#pool.getConnection();
    } catch (cause) {
      return { error: unavailable(cause) };
    }
    const wasUsed = this.#used.has(connection.connection);
    try {
      if (!wasUsed) await connection.query({ sql: SESSION, timeout: this.#options.answerWithinMs });
      this.#used.add(connection.connection);
      const [result] = await connection.execute({
        sql,
        values: [...values],
        timeout: this.#options.answerWithinMs,
      });
      connection.release();
      return { result: result as T };
    } catch (cause) {
      if (isAnswer(cause)) {
        connection.release();
        return cause.errno === DEADLOCK ? { error: cause, again: 'deadlock' } : { error: cause };
      }
      // The driver refused the values; nothing was sent.
      if (cause instanceof TypeError) {
        connection.release();
        return { error: cause };
      }
      connection.destroy();
      return wasUsed ? { error: unavailable(cause), again: 'reconnect' } : { error: unavailable(cause) };
    }
  }
}

/** True for what the server says of a statement; false when there is no server to say anything, or not for long. */
function isAnswer(error: unknown): error is QueryError {
  const { sqlState, errno, fatal } = error as Partial<QueryError> & { readonly sqlState?: string };
  return sqlState !== undefined && sqlState !== '' && fatal !== true && !SERVER_AWAY.has(errno ?? 0);
}

function unavailable(cause: unknown): DatabaseUnavailable {
  const { code, message } = cause as QueryError;
  return new DatabaseUnavailable(`The database cannot be reached: ${code ?? message}`, { cause });
}
