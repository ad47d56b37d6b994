import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { NaetmulError } from '../../errors.ts';
import { displayPath } from '../template/template-error.ts';

/** One step of a database's schema: `001-events.sql`. */
export interface SchemaFile {
  readonly number: number;
  /** `001-events.sql`. */
  readonly name: string;
  /** As it is shown to users. */
  readonly path: string;
  readonly text: string;
  /** SHA-256 of the file, in hexadecimal. */
  readonly checksum: string;
}

/**
 * The SQL files of a folder, in the order of their numbers, which begin at 1 and leave none out; none when there is no
 * such folder. Files of other kinds may stand beside them.
 *
 * @throws NaetmulError SCHEMA_FILES
 */
export async function readSchemaFiles(folder: string): Promise<readonly SchemaFile[]> {
  const entries = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const names = entries.filter((name) => name.endsWith('.sql')).sort();
  const files = await Promise.all(names.map((name) => readSchemaFile(path.join(folder, name), name)));
  files.sort((a, b) => a.number - b.number);
  files.forEach(({ number, path: shown }, index) => {
    const before = files[index - 1];
    if (before !== undefined && before.number === number) {
      throw new NaetmulError('SCHEMA_FILES', `${shown} and ${before.path} have the same number.`, {
        remedy: 'Give the newer one the next number.',
      });
    }
    if (number !== index + 1) {
      const missing = String(index + 1).padStart(3, '0');
      throw new NaetmulError('SCHEMA_FILES', `${shown} comes, and there is no file with the number ${missing}.`, {
        remedy: 'Number the files from 001, leaving none out.',
      });
    }
  });
  return files;
}

async function readSchemaFile(file: string, name: string): Promise<SchemaFile> {
  const shown = displayPath(file);
  const [, digits] = /^(\d{3})-.+\.sql$/.exec(name) ?? [];
  if (digits === undefined) {
    throw new NaetmulError('SCHEMA_FILES', `${shown} has no number to say when it is to be applied.`, {
      remedy: 'Name it like 001-what-it-does.sql.',
    });
  }
  const text = await readFile(file, 'utf8');
  const checksum = createHash('sha256').update(text).digest('hex');
  return { number: Number(digits), name, path: shown, text, checksum };
}
