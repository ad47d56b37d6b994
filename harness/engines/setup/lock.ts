import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { machine } from '../../clock/machine.ts';
import { identityOf, isAlive, type ProcessIdentity } from '../identity.ts';

/** Pause between two tries to take a lock that another process holds, in milliseconds. */
const RETRY_INTERVAL_MS = 100;
/** SQLITE_BUSY, from https://www.sqlite.org/rescode.html */
const SQLITE_BUSY = 5;

/**
 * Holds a lock among all processes of this machine while `work` runs.
 *
 * The lock is the operating system's own, taken through SQLite on an empty file: it goes the moment its holder dies,
 * however it dies, so it can never be stale. A note beside it names the holder, for the message only.
 * `onWait` is called once, with the holder where it is known, when someone else has the lock.
 * Errors: the signal's reason when aborted while waiting.
 */
export async function withLock<T>(
  file: string,
  options: { readonly signal: AbortSignal; onWait(holder: ProcessIdentity | undefined): void },
  work: () => Promise<T>,
): Promise<T> {
  mkdirSync(dirname(file), { recursive: true });
  const database = new DatabaseSync(file);
  const note = `${file}.holder`;
  try {
    let told = false;
    while (!tryLock(database)) {
      if (!told) options.onWait(holderIn(note));
      told = true;
      await machine.sleep(RETRY_INTERVAL_MS, options.signal);
    }
    writeFileSync(note, JSON.stringify(identityOf(process.pid)));
    try {
      return await work();
    } finally {
      rmSync(note, { force: true });
    }
  } finally {
    database.close();
  }
}

/**
 * Takes the lock for as long as the process lives, or until it is given back; undefined when another process, or an
 * earlier call, has it.
 */
export function holdLock(file: string): (() => void) | undefined {
  mkdirSync(dirname(file), { recursive: true });
  const database = new DatabaseSync(file);
  if (tryLock(database)) return () => database.close();
  database.close();
  return undefined;
}

function tryLock(database: DatabaseSync): boolean {
  try {
    database.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE');
    return true;
  } catch (error) {
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY) return false;
    throw error;
  }
}

function holderIn(note: string): ProcessIdentity | undefined {
  try {
    const holder = JSON.parse(readFileSync(note, 'utf8')) as ProcessIdentity;
    return isAlive(holder) ? holder : undefined;
  } catch {
    return undefined;
  }
}
