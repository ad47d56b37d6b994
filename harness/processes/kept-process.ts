import type { Log } from '../edge/emulator.ts';
import type { EngineExit } from '../engines/engine.ts';
import { ServerProcess } from '../engines/process.ts';
import { type ContainerLaunch, startNginxContainer } from './nginx-container.ts';
import type { RestartPolicy } from './plan.ts';

/** How a process or a container is started; another one takes its place when values of the stack have changed. */
export type Launch = ProcessLaunch | ContainerLaunch;

export interface ProcessLaunch {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly owner?: { readonly uid: number; readonly gid: number } | undefined;
}

/** What runs: a process, or a container. */
export interface KeptServer {
  /** Only of a process. */
  readonly pid: number | undefined;
  readonly exited: Promise<EngineExit>;
  logs(lines?: number): readonly string[];
  stop(): Promise<void>;
  /** As a crash would. */
  kill(): Promise<void>;
}

export interface KeptProcessOptions {
  /** `collector-api`. */
  readonly name: string;
  readonly restart: RestartPolicy;
  readonly logFile: string;
  readonly log: Log;
  readonly signal: AbortSignal;
  registerChild(child: { readonly pid: number; readonly name: string }): void;
  probe(signal: AbortSignal): Promise<boolean>;
}

/** A process that dies more often than this in one run stays dead: something is wrong with it. */
const MAX_RESTARTS = 5;
const READY_WITHIN_MS = 30_000;
/** As long as docker compose waits by default. Source: Compose file reference, `stop_grace_period`. */
const STOP_WITHIN_MS = 10_000;
/** Lines that outlive the process that wrote them. */
const KEPT_LINES = 2000;

/** A process that is started again when it ends, as its `restart` says, at most a few times. */
export class KeptProcess {
  readonly name: string;
  readonly #options: KeptProcessOptions;
  readonly #stopping = new AbortController();
  readonly #signal: AbortSignal;
  #launch: Launch;
  #server: KeptServer | undefined;
  #earlierLines: readonly string[] = [];
  #restarts = 0;
  /** What is under way: restarts wait for each other. */
  #work: Promise<void> = Promise.resolve();

  private constructor(launch: Launch, options: KeptProcessOptions) {
    this.name = options.name;
    this.#options = options;
    this.#launch = launch;
    this.#signal = AbortSignal.any([options.signal, this.#stopping.signal]);
  }

  /** Resolves when it answers. Errors: `SERVER_NOT_STARTED` with its last lines. */
  static async start(launch: Launch, options: KeptProcessOptions): Promise<KeptProcess> {
    const kept = new KeptProcess(launch, options);
    await kept.#boot();
    return kept;
  }

  /** Undefined while it is away, and of a container. */
  get pid(): number | undefined {
    return this.#server?.pid;
  }

  get isRunning(): boolean {
    return this.#server !== undefined;
  }

  /** Kills it as a crash would. */
  async kill(): Promise<void> {
    await this.#server?.kill();
  }

  logs(lines: number): readonly string[] {
    return [...this.#earlierLines, ...(this.#server?.logs(KEPT_LINES) ?? [])].slice(-lines);
  }

  /** Starts it in another way, if that is another way. Resolves when it answers again. */
  relaunch(launch: Launch): Promise<void> {
    return this.#enqueue(async () => {
      const same = JSON.stringify(launch) === JSON.stringify(this.#launch);
      if (same && this.#server !== undefined) return;
      this.#launch = launch;
      this.#restarts = 0;
      await this.#server?.stop();
      this.#forget();
      await this.#boot();
    });
  }

  /** Resolves when nothing of it is left. Idempotent. */
  async stop(): Promise<void> {
    this.#stopping.abort(new Error(`${this.name} was asked to stop`));
    await this.#work;
    await this.#server?.stop();
  }

  async #boot(): Promise<void> {
    const { name, logFile, registerChild, probe } = this.#options;
    const launch = this.#launch;
    const common = {
      name,
      signal: this.#signal,
      probe,
      readyWithinMs: READY_WITHIN_MS,
      stopWithinMs: STOP_WITHIN_MS,
    };
    const server =
      'image' in launch
        ? await startNginxContainer(launch, common)
        : await ServerProcess.start({ ...common, ...launch, logFile, registerChild });
    this.#server = server;
    void server.exited.then((exit) => this.#afterExit(server, exit));
  }

  #afterExit(gone: KeptServer, exit: EngineExit): void {
    if (exit.expected || this.#server !== gone) return;
    this.#forget();
    void gone.stop();
    const { log, restart } = this.#options;
    log.error(`${this.name} ended by itself (${exit.signal ?? `exit code ${exit.code}`})`);
    if (restart === 'no' || (restart === 'on-failure' && exit.code === 0)) {
      log.info(`${this.name} is not started again: restart is ${restart}`);
      return;
    }
    void this.#enqueue(() => this.#comeBack());
  }

  async #comeBack(): Promise<void> {
    const { log } = this.#options;
    while (!this.#signal.aborted && this.#server === undefined) {
      if (++this.#restarts > MAX_RESTARTS) {
        log.error(`${this.name} has died ${this.#restarts} times and is not started again`);
        return;
      }
      try {
        await this.#boot();
        log.info(`${this.name} is back`);
      } catch (error) {
        if (!this.#signal.aborted) log.error(`${this.name} could not be started again`, error);
      }
    }
  }

  #forget(): void {
    this.#earlierLines = this.logs(KEPT_LINES);
    this.#server = undefined;
  }

  #enqueue(work: () => Promise<void>): Promise<void> {
    const done = this.#work.then(() => (this.#signal.aborted ? undefined : work()));
    this.#work = done.catch(() => undefined);
    return done;
  }
}
