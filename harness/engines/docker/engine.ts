import type { ContainerRuntimeClient, GenericContainer, StartedTestContainer } from 'testcontainers';
import type { Engine, EngineContext, RunningEngine } from '../engine.ts';
import { LogTail } from '../log-tail.ts';
import { StickyPorts } from '../ports.ts';
import { listContainers, removeContainer, removeContainers } from './containers.ts';
import { IMAGES, type ImageOwner } from './images.ts';
import { claimKept, sweepContainers } from './kept.ts';
import { filterBy, keptLabels, runLabels } from './labels.ts';
import { pullOnce } from './pull.ts';
import { dockerDaemon, publishedAt } from './runtime.ts';
import { explain, ServerContainer, untilAnswers } from './server-container.ts';
import { dockerTrouble } from './trouble.ts';
import { waitFor } from './wait.ts';

/** Ports inside → where they are to be found outside, as the daemon takes them. */
export type PortBindings = Readonly<Record<string, { HostIp: string; HostPort: string }[]>>;

/** What makes one server in a container different from another. */
export interface ContainerSpec {
  readonly name: ImageOwner;
  /** The name that messages call it by. */
  readonly title: string;
  /** Where it listens inside. */
  readonly port: number;
  /** True when a container that is started again has its data. One that has not is replaced by a new one. */
  readonly keepsData: boolean;
  readonly readyWithinMs: number;
  readonly stopWithinMs: number;
  /** The container, not created yet. What stays for the next run must be configured alike each time. */
  container(options: { readonly bindings: PortBindings; readonly context: EngineContext }): Promise<GenericContainer>;
  endpoint(host: string, port: number): string;
  answers(endpoint: string, signal: AbortSignal): Promise<boolean>;
  version(endpoint: string, signal: AbortSignal): Promise<string>;
  /** Called after each start. */
  prepare?(endpoint: string, signal: AbortSignal): Promise<void>;
  /** Removes everything that an earlier run has left. Undefined: a restart does it. */
  empty?(endpoint: string, signal: AbortSignal): Promise<void>;
}

export interface DockerOptions {
  /** Use a container that an earlier run has kept, and keep it for the next one. */
  readonly reuse: boolean;
}

/** Tries to find a port that nobody takes in the meantime. */
const PORT_TRIES = 3;

/** A container of one run, or of one folder in it. */
interface Kept {
  readonly id: string;
  readonly endpoint: string;
}

let swept: Promise<number> | undefined;

/** A server in a container of its image, on loopback. */
export function dockerEngine(spec: ContainerSpec, { reuse }: DockerOptions): Engine {
  const ports = new StickyPorts();
  const containers = new Map<string, Kept>();
  /** How the claim on the container that stays is given back, by folder. */
  const claims = new Map<string, () => void>();

  async function start(context: EngineContext): Promise<RunningEngine> {
    const daemon = await dockerDaemon();
    await pullOnce(daemon, IMAGES[spec.name], context);
    const earlier = containers.get(context.dataDir);
    if (earlier !== undefined) {
      if (spec.keepsData && (await exists(daemon, earlier.id))) return await startAgain(daemon, earlier, context);
      containers.delete(context.dataDir);
      await removeContainer(daemon, earlier.id);
    }
    context.progress(`starting ${spec.title}`);
    if (reuse && claim(context)) return await startKept(daemon, context);
    return await startOwn(daemon, context);
  }

  function claim(context: EngineContext): boolean {
    if (claims.has(context.dataDir)) return true;
    const giveBack = claimKept(spec.name);
    if (giveBack === undefined) {
      context.progress(`another bench works with the ${spec.title} that was kept; this one gets its own`);
      return false;
    }
    claims.set(context.dataDir, giveBack);
    return true;
  }

  /** A container that ends with the run. */
  async function startOwn(daemon: ContainerRuntimeClient, context: EngineContext): Promise<RunningEngine> {
    const labels = runLabels(spec.name, context.dataDir);
    for (let attempt = 1; ; attempt++) {
      const tail = new LogTail();
      try {
        const started = await create(daemon, context, { kept: false, labels, tail });
        return await running(daemon, started.getId(), endpointOf(daemon, started), tail, context);
      } catch (error) {
        const trouble = await explain(daemon, filterBy.folder(spec.name, context.dataDir), spec.title, error);
        await removeContainers(daemon, filterBy.folder(spec.name, context.dataDir)).catch(() => undefined);
        context.signal.throwIfAborted();
        if (trouble.code !== 'PORT_TAKEN' || attempt >= PORT_TRIES) throw trouble;
      }
    }
  }

  /** The container that an earlier run has kept, emptied; a new one where there is none, or where it is no good. */
  async function startKept(daemon: ContainerRuntimeClient, context: EngineContext): Promise<RunningEngine> {
    for (let attempt = 1; ; attempt++) {
      const tail = new LogTail();
      const before = await listContainers(daemon, [...filterBy.engine(spec.name), ...filterBy.kept()]);
      try {
        const started = await create(daemon, context, { kept: true, labels: keptLabels(spec.name), tail });
        const id = started.getId();
        const others = before.filter((listed) => listed.id !== id);
        await Promise.all(others.map((listed) => removeContainer(daemon, listed.id)));
        const endpoint = endpointOf(daemon, started);
        if (before.some((listed) => listed.id === id)) await empty(daemon, id, endpoint, tail, context);
        return await running(daemon, id, endpoint, tail, context);
      } catch (error) {
        await removeContainers(daemon, [...filterBy.engine(spec.name), ...filterBy.kept()]).catch(() => undefined);
        context.signal.throwIfAborted();
        const trouble = dockerTrouble(`The container of ${spec.title} cannot be started`, error);
        if (attempt >= PORT_TRIES) throw trouble;
      }
    }
  }

  async function empty(
    daemon: ContainerRuntimeClient,
    id: string,
    endpoint: string,
    tail: LogTail,
    context: EngineContext,
  ): Promise<void> {
    context.progress(`emptying the ${spec.title} that was kept`);
    if (spec.empty !== undefined) return await spec.empty(endpoint, context.signal);
    const container = daemon.container.getById(id);
    await daemon.container.restart(container, { timeout: 0 });
    await untilAnswers(container, readyOptions(endpoint, tail, context));
  }

  async function startAgain(
    daemon: ContainerRuntimeClient,
    { id, endpoint }: Kept,
    context: EngineContext,
  ): Promise<RunningEngine> {
    context.progress(`starting ${spec.title} again`);
    const tail = new LogTail();
    const container = daemon.container.getById(id);
    try {
      await container.start();
      tail.follow(await daemon.container.logs(container, { since: await startedAt(daemon, id) }));
      await untilAnswers(container, readyOptions(endpoint, tail, context));
      return await running(daemon, id, endpoint, tail, context);
    } catch (error) {
      context.signal.throwIfAborted();
      throw dockerTrouble(`The container of ${spec.title} cannot be started again`, error);
    }
  }

  async function create(
    daemon: ContainerRuntimeClient,
    context: EngineContext,
    options: { readonly kept: boolean; readonly labels: Readonly<Record<string, string>>; readonly tail: LogTail },
  ): Promise<StartedTestContainer> {
    const { kept, labels, tail } = options;
    const { bind } = publishedAt(daemon);
    const port = await ports.portFor(context.dataDir);
    const bindings = { [`${spec.port}/tcp`]: [{ HostIp: bind, HostPort: String(port) }] };
    const container = (await spec.container({ bindings, context }))
      .withLabels(labels)
      .withLogConsumer((stream) => tail.follow(stream))
      .withWaitStrategy(
        waitFor(spec.readyWithinMs, async (created, bound) => {
          const endpoint = spec.endpoint(publishedAt(daemon).host, bound.getBinding(spec.port));
          await untilAnswers(created, readyOptions(endpoint, tail, context));
        }),
      );
    return await (kept ? container.withReuse() : container).start();
  }

  function readyOptions(endpoint: string, tail: LogTail, { signal }: EngineContext) {
    const { title, readyWithinMs } = spec;
    return { title, tail, signal, readyWithinMs, answers: (asking: AbortSignal) => spec.answers(endpoint, asking) };
  }

  function endpointOf(daemon: ContainerRuntimeClient, started: StartedTestContainer): string {
    return spec.endpoint(publishedAt(daemon).host, started.getMappedPort(spec.port));
  }

  async function running(
    daemon: ContainerRuntimeClient,
    id: string,
    endpoint: string,
    tail: LogTail,
    { dataDir, signal }: EngineContext,
  ): Promise<RunningEngine> {
    const [version] = await Promise.all([spec.version(endpoint, signal), spec.prepare?.(endpoint, signal)]);
    const container = new ServerContainer(daemon, id, { tail, stopWithinMs: spec.stopWithinMs });
    containers.set(dataDir, { id, endpoint });
    const stop = async ({ keepData = false } = {}): Promise<void> => {
      if (keepData) return await container.stop();
      containers.delete(dataDir);
      const giveBack = claims.get(dataDir);
      await (giveBack === undefined ? container.remove() : container.leave());
      claims.delete(dataDir);
      giveBack?.();
    };
    return {
      name: spec.name,
      source: 'docker',
      endpoint,
      version,
      pid: undefined,
      container: id.slice(0, 12),
      logs: async (lines) => container.logs(lines),
      exited: container.exited,
      kill: () => container.kill(),
      stop,
      [Symbol.asyncDispose]: stop,
    };
  }

  return {
    name: spec.name,
    source: 'docker',
    async setup(context) {
      const daemon = await dockerDaemon();
      // Once for all engines of the process.
      swept ??= sweepContainers(daemon);
      await swept.catch((error) => context.progress(`leftovers stay: ${(error as Error).message}`));
      await pullOnce(daemon, IMAGES[spec.name], context);
    },
    start,
  };
}

async function exists(daemon: ContainerRuntimeClient, id: string): Promise<boolean> {
  return await daemon.container
    .getById(id)
    .inspect()
    .then(
      () => true,
      () => false,
    );
}

/** In seconds since the epoch, as the daemon takes it to leave out the log of earlier starts. */
async function startedAt(daemon: ContainerRuntimeClient, id: string): Promise<number> {
  const { State } = await daemon.container.getById(id).inspect();
  return Date.parse(State.StartedAt) / 1000;
}
