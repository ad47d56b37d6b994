import type { EngineExit } from '../engine.ts';
import { LogTail } from '../log-tail.ts';
import { removeContainers } from './containers.ts';
import { filterBy, runLabels } from './labels.ts';
import { dockerDaemon, testcontainers } from './runtime.ts';
import { explain, ServerContainer, untilAnswers } from './server-container.ts';
import { waitFor } from './wait.ts';

export interface ServiceContainerOptions {
  /** The name that messages call it by, such as `collector-nginx`. */
  readonly name: string;
  readonly image: string;
  /** By it the container is found again. */
  readonly folder: string;
  readonly contents: readonly { readonly target: string; readonly content: string }[];
  /** It shares the network of this machine, and publishes nothing. */
  readonly hostNetwork?: boolean;
  readonly port?: { readonly inside: number; readonly host: string; readonly outside: number };
  /** The name by which it reaches the machine that it runs on. */
  readonly hostName?: string;
  readonly signal: AbortSignal;
  readonly readyWithinMs: number;
  readonly stopWithinMs: number;
  probe(signal: AbortSignal): Promise<boolean>;
}

/** What runs in a container that belongs to a service, until it is stopped; then nothing of it is left. */
export interface ServiceContainer {
  readonly pid: undefined;
  readonly exited: Promise<EngineExit>;
  logs(lines?: number): readonly string[];
  kill(): Promise<void>;
  stop(): Promise<void>;
}

/** Resolves when it answers. Errors: `SERVER_NOT_STARTED` with its last 50 log lines, `PORT_TAKEN`, `STACK_UNAVAILABLE`. */
export async function startContainer(options: ServiceContainerOptions): Promise<ServiceContainer> {
  const { name, folder, port, signal, readyWithinMs, stopWithinMs } = options;
  const daemon = await dockerDaemon();
  const { GenericContainer } = await testcontainers();
  class Service extends GenericContainer {
    protected override async beforeContainerCreated(): Promise<void> {
      if (port === undefined) return;
      this.hostConfig.PortBindings = {
        [`${port.inside}/tcp`]: [{ HostIp: port.host, HostPort: String(port.outside) }],
      };
    }
  }
  const tail = new LogTail();
  const container = new Service(options.image)
    .withLabels(runLabels(name, folder))
    .withCopyContentToContainer([...options.contents])
    .withLogConsumer((stream) => tail.follow(stream))
    .withWaitStrategy(
      waitFor(readyWithinMs, (created) =>
        untilAnswers(created, { title: name, tail, signal, readyWithinMs, answers: options.probe }),
      ),
    );
  if (options.hostNetwork) container.withNetworkMode('host');
  if (port !== undefined) container.withExposedPorts(port.inside);
  if (options.hostName !== undefined) {
    container.withExtraHosts([{ host: options.hostName, ipAddress: 'host-gateway' }]);
  }
  // One that died before is not wanted any more.
  await removeContainers(daemon, filterBy.folder(name, folder));
  let id: string;
  try {
    id = (await container.start()).getId();
  } catch (error) {
    const trouble = await explain(daemon, filterBy.folder(name, folder), name, error);
    await removeContainers(daemon, filterBy.folder(name, folder)).catch(() => undefined);
    signal.throwIfAborted();
    throw trouble;
  }
  const server = new ServerContainer(daemon, id, { tail, stopWithinMs });
  return {
    pid: undefined,
    exited: server.exited,
    logs: (lines) => server.logs(lines),
    kill: () => server.kill(),
    stop: () => server.remove(),
  };
}
