import type { Connection } from 'mysql2/promise';
import { NaetmulError } from '../../errors.ts';
import { displayPath } from '../template/template-error.ts';
import { readSchemaFiles, type SchemaFile } from './files.ts';
import { splitStatements } from './statements.ts';

/** A database and the user that its tables belong to. */
export interface DatabaseAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/** Where a database keeps what was applied to it. */
const CREATE_TABLE = `CREATE TABLE IF NOT EXISTS schema_migrations (
  number     INT UNSIGNED NOT NULL PRIMARY KEY,
  name       VARCHAR(255) NOT NULL,
  checksum   CHAR(64)     NOT NULL,
  applied_at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6)
)`;

/** Of a statement in an error. */
const MAX_SHOWN = 120;

/**
 * Applies the SQL files of a folder to the database, each once, in the order of their numbers.
 *
 * @param databases of the template's DB instances: there has to be just one
 * @returns the names of the files that were applied now
 * @throws NaetmulError SCHEMA_FILES: the files are not numbered from 001 without a gap. SCHEMA_DATABASE: there is not one
 *   database. SCHEMA_CHANGED: a file is not what was applied. SCHEMA_FAILED: a statement fails
 */
export async function applySchema(folder: string, databases: readonly DatabaseAddress[]): Promise<readonly string[]> {
  const files = await readSchemaFiles(folder);
  if (files.length === 0) return [];
  const [database] = databases;
  if (database === undefined || databases.length > 1) {
    const sentence = `${displayPath(folder)} is for one database, and the template has ${databases.length}.`;
    throw new NaetmulError('SCHEMA_DATABASE', sentence, {
      remedy: 'Give the template one AWS::RDS::DBInstance, or remove the folder.',
    });
  }
  // A driver that a pipeline without a database never needs.
  const { createConnection } = await import('mysql2/promise');
  const connection = await createConnection({ ...database });
  try {
    return await applyMissing(files, connection);
  } finally {
    connection.destroy();
  }
}

async function applyMissing(files: readonly SchemaFile[], connection: Connection): Promise<string[]> {
  await connection.query(CREATE_TABLE);
  const [rows] = await connection.query('SELECT number, name, checksum FROM schema_migrations ORDER BY number');
  const applied = rows as Pick<SchemaFile, 'number' | 'name' | 'checksum'>[];
  for (const { number, name, checksum } of applied) {
    const file = files.find((candidate) => candidate.number === number);
    if (file?.checksum === checksum) continue;
    const sentence =
      file === undefined
        ? `${name} was applied to the database, and is gone.`
        : `${file.path} was applied to the database, and has changed since.`;
    throw new NaetmulError('SCHEMA_CHANGED', sentence, {
      remedy: 'Put it back and write the change into a file with the next number; or start the bench anew.',
    });
  }
  const missing = files.filter(({ number }) => !applied.some((one) => one.number === number));
  for (const file of missing) await apply(file, connection);
  return missing.map(({ name }) => name);
}

async function apply({ number, name, path, text, checksum }: SchemaFile, connection: Connection): Promise<void> {
  for (const statement of splitStatements(text)) {
    const place = `${path}:${statement.line}`;
    if (/^delimiter\b/i.test(statement.text)) {
      throw new NaetmulError('SCHEMA_FAILED', `${place}: DELIMITER is a command of the mysql program, not of SQL.`, {
        remedy: 'Leave it out. A statement that has semicolons within cannot be written here.',
      });
    }
    await connection.query(statement.text).catch((cause: Error) => {
      const line = statement.text.replaceAll(/\s+/g, ' ');
      const shown = line.length > MAX_SHOWN ? `${line.slice(0, MAX_SHOWN)}…` : line;
      throw new NaetmulError('SCHEMA_FAILED', `${place}: ${shown} fails: ${cause.message}`, { cause });
    });
  }
  const row = 'INSERT INTO schema_migrations (number, name, checksum) VALUES (?, ?, ?)';
  await connection.query(row, [number, name, checksum]);
}
