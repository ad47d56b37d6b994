import type { Log } from './edge/emulator.ts';
import type { Engine, EngineContext, EngineName, RunningEngine } from './engines/engine.ts';
import { NaetmulError } from './errors.ts';

export interface SupervisorOptions {
  readonly engines: readonly Engine[];
  contextOf(engine: Engine): EngineContext;
  readonly log: Log;
  /** Called when an engine has ended, before it is started again. */
  onDeath(engine: RunningEngine): void;
  /** Called when it is back, at a new endpoint. */
  onReturn(engine: RunningEngine): Promise<void>;
}

/** An engine that dies more often than this in one run stays dead: something is wrong with it. */
const MAX_RESTARTS = 5;

/** Boots the engines in parallel, and starts one again that dies. */
export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #running = new Map<EngineName, RunningEngine>();
  /** The newest of each name, also when it has ended: it may have left something behind. */
  readonly #newest = new Map<EngineName, RunningEngine>();
  readonly #restarts = new Map<EngineName, number>();
  /** Those that somebody stopped: they stay away until they are started again. */
  readonly #away = new Set<EngineName>();
  #stopping = false;

  constructor(options: SupervisorOptions) {
    this.#options = options;
  }

  /** Installs what is missing, all engines side by side. */
  async setup(): Promise<void> {
    await settleAll(this.#options.engines.map((engine) => engine.setup(this.#options.contextOf(engine))));
  }

  /** Boots every engine; `onReady` is called for each as soon as it answers, and is waited for as well. */
  async start(onReady: (engine: RunningEngine) => Promise<void>): Promise<void> {
    await settleAll(this.#options.engines.map(async (engine) => onReady(await this.#boot(engine))));
  }

  /** The running engine of that name; undefined while it is away. */
  get(name: EngineName): RunningEngine | undefined {
    return this.#running.get(name);
  }

  list(): readonly RunningEngine[] {
    return this.#options.engines
      .map((engine) => this.#running.get(engine.name))
      .filter((engine) => engine !== undefined);
  }

  /** Kills an engine's process, or container, as a crash would; it is started again. */
  async kill(name: string): Promise<void> {
    const engine = this.#running.get(name as EngineName);
    if (engine?.kill === undefined) throw this.#notOurs(name, (candidate) => candidate.kill !== undefined);
    await engine.kill();
  }

  /** Ends an engine politely. It stays away until `startAgain`. */
  async takeAway(name: string): Promise<void> {
    const engine = this.#running.get(name as EngineName);
    const isOurs = (candidate: RunningEngine) => candidate.source !== 'external';
    if (!engine || !isOurs(engine)) throw this.#notOurs(name, isOurs);
    this.#away.add(engine.name);
    await engine.stop({ keepData: true });
  }

  /** Starts an engine that was taken away, with its data and where it was. */
  async bringBack(name: string): Promise<void> {
    const engine = this.#options.engines.find((candidate) => candidate.name === name);
    if (!engine || !this.#away.has(engine.name)) {
      throw new NaetmulError('NO_SUCH_ENGINE', `No server named "${name}" was taken away.`, {
        remedy: `Away are: ${[...this.#away].join(', ') || 'none'}.`,
      });
    }
    await this.#options.onReturn(await this.#boot(engine));
    this.#away.delete(engine.name);
  }

  /** Starts every engine that was taken away. */
  async bringAllBack(): Promise<void> {
    await settleAll([...this.#away].map((name) => this.bringBack(name)));
  }

  #notOurs(name: string, isOurs: (engine: RunningEngine) => boolean): NaetmulError {
    return new NaetmulError('NO_SUCH_ENGINE', `There is no server of naetmul's named "${name}" that can be ended.`, {
      remedy: `There are: ${
        this.list()
          .filter(isOurs)
          .map((engine) => engine.name)
          .join(', ') || 'none'
      }.`,
    });
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await settleAll([...this.#newest.values()].map((engine) => engine.stop()));
    this.#running.clear();
    this.#newest.clear();
  }

  async #boot(engine: Engine): Promise<RunningEngine> {
    const running = await engine.start(this.#options.contextOf(engine));
    if (this.#stopping) {
      await running.stop();
      throw new NaetmulError('INTERRUPTED', `${engine.name} was ready after the bench had been asked to stop.`);
    }
    this.#running.set(engine.name, running);
    this.#newest.set(engine.name, running);
    void running.exited.then(() => this.#afterExit(engine, running));
    return running;
  }

  async #afterExit(engine: Engine, gone: RunningEngine): Promise<void> {
    if (this.#stopping) return;
    this.#running.delete(engine.name);
    const { code, signal, expected } = await gone.exited;
    const how = expected ? 'was stopped' : `ended by itself (${signal ?? `exit code ${code}`})`;
    this.#options.log[expected ? 'info' : 'error'](`${engine.name} ${how}`);
    this.#options.onDeath(gone);
    if (this.#away.has(engine.name)) return;
    const restarts = (this.#restarts.get(engine.name) ?? 0) + 1;
    this.#restarts.set(engine.name, restarts);
    if (restarts > MAX_RESTARTS) {
      this.#options.log.error(`${engine.name} has died ${restarts} times and is not started again`);
      return;
    }
    try {
      const back = await this.#boot(engine);
      await this.#options.onReturn(back);
      this.#options.log.info(`${engine.name} is back at ${back.endpoint}`);
    } catch (error) {
      if (!this.#stopping) this.#options.log.error(`${engine.name} could not be started again`, error);
    }
  }
}

/** Waits for all, even when one fails, so that nothing is left half started; then rejects with the first failure. */
async function settleAll(promises: readonly Promise<unknown>[]): Promise<void> {
  const results = await Promise.allSettled(promises);
  const failure = results.find((result) => result.status === 'rejected');
  if (failure) throw failure.reason;
}
