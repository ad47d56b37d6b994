import { accessSync, constants, existsSync } from 'node:fs';
import { isIP } from 'node:net';
import type { ContainerRuntimeClient } from 'testcontainers';
import { dockerTrouble } from './trouble.ts';

const LOOPBACK = '127.0.0.1';
const SOCKET = '/var/run/docker.sock';
/** The network interface that a Docker daemon makes on its own machine. Node lists it only while it has containers. */
const BRIDGE = '/sys/class/net/docker0';

/** testcontainers, loaded at first use: a bench without containers need not carry it. */
export function testcontainers(): Promise<typeof import('testcontainers')> {
  return import('testcontainers');
}

/**
 * The Docker daemon that testcontainers finds: `DOCKER_HOST`, the usual sockets, Docker Desktop's pipe.
 * Errors: `STACK_UNAVAILABLE`.
 */
export async function dockerDaemon(): Promise<ContainerRuntimeClient> {
  preferLoopback();
  const { getContainerRuntimeClient } = await testcontainers();
  try {
    return await getContainerRuntimeClient();
  } catch (error) {
    throw dockerTrouble('The servers cannot run in containers', closedSocket() ?? error);
  }
}

/** testcontainers does not tell a daemon that is away from one that this user may not speak to. */
function closedSocket(): Error | undefined {
  try {
    accessSync(SOCKET, constants.R_OK | constants.W_OK);
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EACCES' ? (error as Error) : undefined;
  }
}

/**
 * In a container, testcontainers takes the daemon for the host's, and looks for ports at the bridge. A daemon that runs
 * in the same container publishes them here.
 */
function preferLoopback(): void {
  const isHostsDaemon = existsSync('/.dockerenv') && !existsSync(BRIDGE);
  if (!isHostsDaemon) process.env.TESTCONTAINERS_HOST_OVERRIDE ??= LOOPBACK;
}

/** Where published ports are reached, and what they are bound to: loopback, unless the daemon is somewhere else. */
export function publishedAt({ info }: ContainerRuntimeClient): { readonly host: string; readonly bind: string } {
  const { host } = info.containerRuntime;
  if (host === 'localhost') return { host: LOOPBACK, bind: LOOPBACK };
  return { host, bind: isIP(host) ? host : '0.0.0.0' };
}
