import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { posix, resolve, win32 } from 'node:path';

/**
 * The folder that everything fetched is kept in, for all runs of this user: `NAETMUL_CACHE`, else the platform's place
 * for caches. It need not exist yet.
 */
export function cacheFolder(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  if (env.NAETMUL_CACHE) return resolve(env.NAETMUL_CACHE);
  if (platform === 'darwin') return posix.join(home, 'Library', 'Caches', 'naetmul');
  if (platform === 'win32') {
    return win32.join(env.LOCALAPPDATA ?? win32.join(home, 'AppData', 'Local'), 'naetmul');
  }
  // The XDG base directory specification: a relative path there is to be ignored.
  const xdg = env.XDG_CACHE_HOME;
  return posix.join(xdg !== undefined && posix.isAbsolute(xdg) ? xdg : posix.join(home, '.cache'), 'naetmul');
}

/** The folder, made if it is missing, where Node keeps what it has compiled of the programs under test. */
export function compileCacheFolder(): string {
  const folder = resolve(cacheFolder(), 'node-compile');
  mkdirSync(folder, { recursive: true });
  return folder;
}
