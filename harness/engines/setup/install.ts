import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { NaetmulError } from '../../errors.ts';
import { withLock } from './lock.ts';
import { damageOf, writeManifest } from './manifest.ts';

export interface InstallOptions {
  /** The folder of all installations, see `cacheFolder`. */
  readonly cacheDir: string;
  /** The folder's name inside it. It says all that the content depends on: name, version, platform, hash of a lock. */
  readonly id: string;
  /** What people call it: `LocalStack 4.9.2`. */
  readonly what: string;
  readonly offline: boolean;
  readonly signal: AbortSignal;
  progress(message: string): void;
}

/** The command that fetches all that a later `--offline` run needs. */
const ONLINE_REMEDY =
  'Run `npx naetmul setup` with the same options once while the network is there; after that --offline works.';

/**
 * Installs something into the cache, once for all runs, and returns its folder. At once when it is there and whole.
 *
 * `install` fills a folder beside the final one, which is renamed when it is complete; it is told both, because some
 * installers write their final path into files. A second process waits for the first. An installation that was
 * interrupted, or that has lost or cut files since, is made again.
 * Errors: `OFFLINE_MISSING` when it is not there and nothing may be fetched; whatever `install` throws.
 */
export async function installOnce(
  options: InstallOptions,
  install: (partialDir: string, finalDir: string) => Promise<void>,
): Promise<string> {
  const { cacheDir, id, what } = options;
  const target = join(cacheDir, id);
  if ((await damageOf(target, id)) === undefined) return target;

  const onWait = (holder: { readonly pid: number } | undefined): void =>
    options.progress(`waiting for ${what}: ${holder ? `pid ${holder.pid}` : 'another run'} is installing it`);
  return withLock(join(cacheDir, 'locks', `${id}.lock`), { signal: options.signal, onWait }, async () => {
    const damage = await damageOf(target, id);
    if (damage === undefined) return target;
    if (options.offline) throw offlineMissing(what, damage);
    if (damage !== 'absent') options.progress(`${what} is damaged (${damage}); installing it again`);

    removeLeftovers(cacheDir, id);
    const partial = join(cacheDir, `${id}${PARTIAL}${randomBytes(4).toString('hex')}`);
    mkdirSync(partial, { recursive: true });
    try {
      await install(partial, target);
      options.signal.throwIfAborted();
      writeManifest(partial, id);
      replaceFolder(target, partial, join(cacheDir, `${id}${BROKEN}${randomBytes(4).toString('hex')}`));
    } catch (error) {
      rmSync(partial, { recursive: true, force: true, maxRetries: 3 });
      throw error;
    }
    return target;
  });
}

const PARTIAL = '.partial-';
const BROKEN = '.broken-';

/** Under the lock nobody else works on this id, so whatever is unfinished there belongs to a process that is gone. */
function removeLeftovers(cacheDir: string, id: string): void {
  for (const name of readdirSync(cacheDir)) {
    if (name.startsWith(`${id}${PARTIAL}`) || name.startsWith(`${id}${BROKEN}`)) {
      rmSync(join(cacheDir, name), { recursive: true, force: true, maxRetries: 3 });
    }
  }
}

/** A server of another run may still have files of the old folder open: it is moved aside before it is removed. */
function replaceFolder(target: string, fresh: string, aside: string): void {
  try {
    renameSync(target, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  renameSync(fresh, target);
  rmSync(aside, { recursive: true, force: true, maxRetries: 3 });
}

function offlineMissing(what: string, damage: string): NaetmulError {
  const state = damage === 'absent' ? 'is not installed' : `is damaged (${damage})`;
  return new NaetmulError('OFFLINE_MISSING', `${what} ${state}, and --offline forbids fetching it.`, {
    remedy: ONLINE_REMEDY,
  });
}
