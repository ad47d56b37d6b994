import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from './edge/emulator.ts';
import type { DomainKey, DomainServers as Servers } from './emulators/opensearch/index.ts';
import type { Engine, EngineContext, RunningEngine } from './engines/engine.ts';
import { Supervisor } from './supervisor.ts';

export interface DomainServersOptions {
  /** OpenSearch, not started. */
  readonly engine: Engine;
  /** Each domain's server gets a folder below the one of this. */
  contextOf(): EngineContext;
  readonly log: Log;
}

interface Entry {
  readonly domain: DomainKey;
  readonly supervisor: Supervisor;
  readonly dataDir: string;
  readonly abort: AbortController;
  /** Settles when the first boot is over, well or not. */
  readonly booted: Promise<void>;
}

/** A real OpenSearch for each domain, booted when the domain is made, and started again when it dies. */
export class DomainServers implements Servers {
  readonly #options: DomainServersOptions;
  readonly #entries = new Map<string, Entry>();

  constructor(options: DomainServersOptions) {
    this.#options = options;
  }

  /** Installs what they need. */
  async setup(): Promise<void> {
    await this.#options.engine.setup(this.#options.contextOf());
  }

  start(domain: DomainKey): void {
    const { engine, log } = this.#options;
    const context = this.#options.contextOf();
    const abort = new AbortController();
    const dataDir = join(context.dataDir, keyOf(domain));
    mkdirSync(dataDir, { recursive: true });
    const progress = (message: string) => context.progress(`${domain.name}: ${message}`);
    const ofDomain: EngineContext = {
      ...context,
      dataDir,
      progress,
      signal: AbortSignal.any([context.signal, abort.signal]),
    };
    const supervisor = new Supervisor({
      engines: [engine],
      contextOf: () => ofDomain,
      log,
      onDeath: () => undefined,
      onReturn: async ({ version }) => progress(`${version} is back`),
    });
    const booted = supervisor
      .start(async ({ version }) => progress(`${version} is ready`))
      .catch((error: Error) => {
        if (abort.signal.aborted) return;
        log.error(`the server of the domain ${domain.name} did not start`, error);
        progress(`did not start: ${error.message}`);
      });
    this.#entries.set(keyOf(domain), { domain, supervisor, dataDir, abort, booted });
  }

  get(domain: DomainKey): { readonly url: string } | undefined {
    const running = this.#entries.get(keyOf(domain))?.supervisor.get('opensearch');
    return running === undefined ? undefined : { url: running.endpoint };
  }

  async stop(domain: DomainKey): Promise<void> {
    const key = keyOf(domain);
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    entry.abort.abort();
    await entry.booted;
    await entry.supervisor.stop();
    rmSync(entry.dataDir, { recursive: true, force: true, maxRetries: 3 });
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.#entries.values()].map(({ domain }) => this.stop(domain)));
  }

  /** Those that run, by the name of component that users know: `opensearch/pinpoint`. */
  running(): ReadonlyMap<string, RunningEngine> {
    const running = [...this.#entries.values()].flatMap(({ domain, supervisor }) => {
      const server = supervisor.get('opensearch');
      return server === undefined ? [] : [[`opensearch/${domain.name}`, server] as const];
    });
    return new Map(running);
  }
}

/** Its own even where a domain of that name is just being deleted. */
function keyOf({ name, endpointId }: DomainKey): string {
  return `${name}-${endpointId}`;
}
