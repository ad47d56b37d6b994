import { join } from 'node:path';
import type { ProcessPlan, RunningProcesses, StartOptions, Values } from './processes/index.ts';

export interface ServiceProcessesOptions
  extends Pick<
    StartOptions,
    | 'region'
    | 'clockFile'
    | 'compileCache'
    | 'host'
    | 'runDir'
    | 'containers'
    | 'offline'
    | 'registerChild'
    | 'progress'
    | 'signal'
  > {
  readonly servicesDir: string;
  readonly edgeUrl: () => string;
  /** The port outside of a service; see `StartOptions.publicPort`. */
  readonly publicPort: (service: string) => number | undefined;
  readonly logOf: (service: string) => StartOptions['log'];
  /** What the service's compose file may name: the parameters and outputs of its stack. */
  readonly valuesOf: (service: string) => Values;
}

/** What runs beside the templates of the pipelines: the processes that each folder's compose file lists. */
export class ServiceProcesses {
  readonly #options: ServiceProcessesOptions;
  readonly #running = new Map<string, RunningProcesses>();
  #plans: readonly ProcessPlan[] = [];

  constructor(options: ServiceProcessesOptions) {
    this.#options = options;
  }

  /** Reads the compose files of these services, where they have one. Needs no server. */
  async load(services: readonly string[]): Promise<void> {
    const { loadProcesses } = await import('./processes/index.ts');
    const plans = await Promise.all(services.map((name) => loadProcesses(join(this.#options.servicesDir, name))));
    this.#plans = plans.filter((plan) => plan !== undefined);
  }

  /** Starts what belongs to a service and does not run yet, and tells what runs what its stack says now. */
  async follow(service: string): Promise<void> {
    const plan = this.#plans.find(({ name }) => name === service);
    if (plan) await this.#follow(plan);
  }

  /** The public address of each service that has one. */
  urls(): ReadonlyMap<string, string> {
    return new Map([...this.#running].map(([name, { url }]) => [name, url]));
  }

  list(): readonly { readonly name: string; readonly pid: number | undefined }[] {
    return [...this.#running.values()].flatMap((running) => running.list());
  }

  /** The newest log lines of each process, oldest first. */
  logs(lines: number): Readonly<Record<string, readonly string[]>> {
    return Object.assign({}, ...[...this.#running.values()].map((running) => running.logs(lines)));
  }

  /** Resolves when no process is left. */
  async stop(): Promise<void> {
    await Promise.all([...this.#running.values()].map((running) => running.stop()));
    this.#running.clear();
  }

  async #follow(plan: ProcessPlan): Promise<void> {
    const { edgeUrl, publicPort, logOf, valuesOf, ...options } = this.#options;
    const values = valuesOf(plan.name);
    const running = this.#running.get(plan.name);
    if (running) return await running.update(values);
    const { startProcesses } = await import('./processes/index.ts');
    const started = await startProcesses(plan, {
      ...options,
      values,
      edgeUrl: edgeUrl(),
      publicPort: publicPort(plan.name),
      log: logOf(plan.name),
    });
    this.#running.set(plan.name, started);
  }
}
