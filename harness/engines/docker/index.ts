import { IMAGES, type ImageOwner } from './images.ts';
import { removeKept as removeKeptOf, sweepContainers } from './kept.ts';
import { type PullOptions, pullOnce } from './pull.ts';
import { dockerDaemon, publishedAt } from './runtime.ts';

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

/** Pulls an image that is no server's of ours. Errors: as `pullOnce` and `dockerDaemon`. */
export async function pullImage(image: string, options: PullOptions): Promise<void> {
  await pullOnce(await dockerDaemon(), image, options);
}

/** What matters to a container that must reach processes of this machine. Errors: `STACK_UNAVAILABLE`. */
export async function describeDaemon(): Promise<{
  /** It publishes ports on this machine's loopback. */
  readonly isHere: boolean;
  readonly isRootless: boolean;
  /** It runs in a virtual machine, which has a network of its own. */
  readonly isVirtual: boolean;
}> {
  const daemon = await dockerDaemon();
  const { operatingSystem } = daemon.info.containerRuntime;
  const { SecurityOptions: security = [] } = (await daemon.container.dockerode.info()) as {
    readonly SecurityOptions?: readonly string[];
  };
  return {
    isHere: publishedAt(daemon).host === '127.0.0.1',
    isRootless: security.some((option) => option.includes('rootless')),
    isVirtual: process.platform !== 'linux' || operatingSystem.includes('Docker Desktop'),
  };
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
