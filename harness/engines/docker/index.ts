import { IMAGES, type ImageOwner } from './images.ts';
import { removeKept as removeKeptOf, sweepContainers } from './kept.ts';
import { type PullOptions, pullOnce } from './pull.ts';
import { dockerDaemon } from './runtime.ts';

/** Pulls what is not there, side by side. Errors: as `pullOnce` and `dockerDaemon`. */
export async function pullImages(
  names: readonly ImageOwner[],
  options: Pick<PullOptions, 'offline' | 'signal'> & { progress(component: string, message: string): void },
): Promise<void> {
  const { offline, signal } = options;
  const daemon = await dockerDaemon();
  const pulls = names.map((name) =>
    pullOnce(daemon, IMAGES[name], { offline, signal, progress: (message) => options.progress(name, message) }),
  );
  for (const result of await Promise.allSettled(pulls)) if (result.status === 'rejected') throw result.reason;
}

/**
 * Removes the containers that `--reuse` has kept, and those of runs that were killed. Returns how many they were.
 * Errors: `STACK_UNAVAILABLE`.
 */
export async function removeKept(): Promise<number> {
  const daemon = await dockerDaemon();
  return (await removeKeptOf(daemon)) + (await sweepContainers(daemon));
}

export { type DockerOptions, dockerEngine } from './engine.ts';
export { IMAGES, type ImageOwner } from './images.ts';
