import { startContainer } from '../engines/docker/service.ts';
import { NaetmulError } from '../errors.ts';
import type { KeptServer } from './kept-process.ts';

/** Where the image has its configuration. Source: Docker Hub, nginx. */
export const CONTAINER_CONFIGURATION = '/etc/nginx/conf.d';
/** The name by which a container reaches the machine that it runs on. Source: Docker Desktop, "Networking". */
export const HOST_OF_CONTAINER = 'host.docker.internal';

/** An nginx that runs in a container. */
export interface NginxImage {
  readonly image: string;
  /**
   * How it reaches this machine's processes, which listen on loopback. With Docker's own engine it shares the machine's
   * network; Docker Desktop and its like run in a virtual machine, and lead a name to the loopback of this one.
   */
  readonly network: 'host' | 'bridge';
}

/** How it is started. */
export interface ContainerLaunch extends NginxImage {
  /** Files in the container. */
  readonly contents: readonly { readonly target: string; readonly content: string }[];
  /** `host`: the address that it is published at. */
  readonly port: { readonly inside: number; readonly host: string; readonly outside: number };
  /** Its folder of the run. */
  readonly folder: string;
}

export interface FindOptions {
  readonly offline: boolean;
  readonly signal: AbortSignal;
  progress(message: string): void;
}

/** The image, pulled if need be; undefined, and it is said why, where it cannot be had or could not reach us. */
export async function findNginxImage(image: string, options: FindOptions): Promise<NginxImage | undefined> {
  const { describeDaemon, pullImage } = await import('../engines/docker/index.ts');
  try {
    const { isHere, isRootless, isVirtual } = await describeDaemon();
    if (!isHere) throw cannotReach('this Docker runs on another machine');
    if (isRootless) throw cannotReach('this Docker runs without root, in a network of its own');
    await pullImage(image, options);
    return { image, network: isVirtual ? 'bridge' : 'host' };
  } catch (error) {
    options.signal.throwIfAborted();
    options.progress(`${(error as Error).message} No container is made for nginx.`);
    return undefined;
  }
}

function cannotReach(why: string): NaetmulError {
  return new NaetmulError('NGINX_CONFIGURATION', `nginx could not reach the API server from a container: ${why}.`);
}

/** Errors: `SERVER_NOT_STARTED` with its last lines, `PORT_TAKEN`, `STACK_UNAVAILABLE`. */
export async function startNginxContainer(
  { image, network, contents, port, folder }: ContainerLaunch,
  options: {
    readonly name: string;
    readonly signal: AbortSignal;
    readonly readyWithinMs: number;
    readonly stopWithinMs: number;
    probe(signal: AbortSignal): Promise<boolean>;
  },
): Promise<KeptServer> {
  return await startContainer({
    ...options,
    folder,
    image,
    contents,
    ...(network === 'host' ? { hostNetwork: true } : { port, hostName: HOST_OF_CONTAINER }),
  });
}
