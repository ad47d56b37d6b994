import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { EngineContext } from '../engine.ts';
import { installOpenSearch } from './install.ts';
import { MODULE_NAMES } from './modules.ts';

const HOME = '/usr/share/opensearch';

/** As much of a daemon's container as this needs. */
interface Target {
  infoArchive(options: { path: string }): Promise<unknown>;
  putArchive(archive: NodeJS.ReadableStream, options: { path: string }): Promise<unknown>;
}

/**
 * Puts into a container that was not started yet the modules that pipelines need and that its image lacks: the official
 * image has them all, a small one of somebody's own may not. Where they cannot be had, it goes without, and says so.
 */
export async function completeModules(container: Target, context: EngineContext): Promise<void> {
  const missing: string[] = [];
  for (const name of MODULE_NAMES) if (!(await has(container, `${HOME}/modules/${name}`))) missing.push(name);
  if (missing.length === 0) return;
  try {
    const folder = await installOpenSearch(context);
    const args = ['--create', '--owner=0', '--group=0', '--directory', join(folder, 'modules'), ...missing];
    const tar = spawn('tar', args, { stdio: ['ignore', 'pipe', 'ignore'] });
    const ended = once(tar, 'exit');
    await container.putArchive(tar.stdout, { path: `${HOME}/modules` });
    const [code] = await ended;
    if (code !== 0) throw new Error(`tar ended with exit code ${code}`);
  } catch (error) {
    context.signal.throwIfAborted();
    context.progress(`its image lacks the modules ${missing.join(', ')}: ${(error as Error).message}`);
  }
}

async function has(container: Target, path: string): Promise<boolean> {
  try {
    await container.infoArchive({ path });
    return true;
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return false;
    throw error;
  }
}
