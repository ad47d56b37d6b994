import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Log } from '../edge/emulator.ts';
import { giveTo, serverOwner } from '../engines/privileges.ts';
import { NaetmulError } from '../errors.ts';
import { awsEnvironment, processEnvironment, resolveWritten, type Values, writtenEnvironment } from './environment.ts';
import { KeptProcess, type Launch } from './kept-process.ts';
import { findNginx, mainConfiguration, type Nginx, nginxArguments } from './nginx.ts';
import { CONTAINER_CONFIGURATION, findNginxImage, HOST_OF_CONTAINER, type NginxImage } from './nginx-container.ts';
import { moveToLoopback, substituteEnvironment } from './nginx-templates.ts';
import type { NginxService, ProcessPlan, ProcessService, RestartPolicy } from './plan.ts';
import { choosePorts, type Ports } from './ports.ts';
import { answersHttp, newestLines } from './probe.ts';

export interface StartOptions {
  /** The stack's parameters and outputs, which the compose file's variables stand for. */
  readonly values: Values;
  /** The AWS endpoint, such as `http://localhost:4566`. */
  readonly edgeUrl: string;
  readonly region: string;
  /** The file that shows the bench's time, see clock/mirror.ts. */
  readonly clockFile: string;
  /** Where Node keeps what it has compiled of the processes, for the next start. By default nowhere. */
  readonly compileCache?: string;
  /** The address that the public face listens on; by default loopback, where everything behind it is. */
  readonly host?: string;
  /** The port outside; 0 takes a free one. By default the one that the compose file publishes. */
  readonly publicPort?: number | undefined;
  /** A folder of the run for logs and configuration. */
  readonly runDir: string;
  /** Aborts the start. */
  readonly signal: AbortSignal;
  readonly log: Log;
  registerChild(child: { readonly pid: number; readonly name: string }): void;
  progress(component: string, message: string): void;
  /** Take nginx out of its image, where that can be had, rather than this machine's. By default false. */
  readonly containers?: boolean;
  /** Pull nothing. By default false. */
  readonly offline?: boolean;
  /** The nginx to use; by default the one on the PATH. */
  findNginx?(): Promise<Nginx | undefined>;
}

/** The running services of one compose file. */
export interface RunningProcesses extends AsyncDisposable {
  /** The public address: `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Who answers there: nginx, or the API server itself. */
  readonly servedBy: 'nginx' | 'api';
  /** Each process by name, such as `collector-api`; without a pid while it is away, and when it is a container. */
  list(): readonly { readonly name: string; readonly pid: number | undefined }[];
  /** The newest log lines of each process, oldest first. */
  logs(lines?: number): Readonly<Record<string, readonly string[]>>;
  /**
   * Takes new values of the stack: processes that they make a difference to are started anew, at the same addresses.
   * Errors: as `startProcesses`.
   */
  update(values: Values): Promise<void>;
  /** Kills a process as a crash would. Errors: `NO_SUCH_PROCESS`. */
  kill(name: string): Promise<void>;
  /** Resolves when no process is left; idempotent. */
  stop(): Promise<void>;
}

/**
 * Starts the services of a compose file as processes, first those that are built from the folder, then the public face.
 * Errors: `PORT_TAKEN`, `COMPOSE_VARIABLE`, `NGINX_CONFIGURATION`, `SERVER_NOT_STARTED`; then nothing is left running.
 */
export async function startProcesses(plan: ProcessPlan, options: StartOptions): Promise<RunningProcesses> {
  const nginx = plan.face.nginx && (await chooseNginx(plan.face.nginx.image, plan.name, options));
  const ports = await choosePorts(plan, options.publicPort, nginx !== undefined);
  const started = new StartedServices(plan, options, ports, nginx);
  try {
    await started.start();
    return started;
  } catch (error) {
    await started.stop();
    throw error;
  }
}

const LOOPBACK = '127.0.0.1';

/** How this machine reaches a server that listens on that address; `0.0.0.0` is every one. */
function nameOf(host: string): string {
  if (host === '0.0.0.0' || host === '::') return LOOPBACK;
  return host.includes(':') ? `[${host}]` : host;
}

/** The image's, if the stack is made of containers and it can be had; else the one of this machine, if there is one. */
async function chooseNginx(
  image: string,
  service: string,
  options: StartOptions,
): Promise<Nginx | NginxImage | undefined> {
  const { containers = false, offline = false, signal, progress } = options;
  const found =
    containers && (await findNginxImage(image, { offline, signal, progress: (message) => progress(service, message) }));
  return found || (await (options.findNginx ?? findNginx)());
}

class StartedServices implements RunningProcesses {
  readonly url: string;
  readonly servedBy: 'nginx' | 'api';
  readonly #plan: ProcessPlan;
  readonly #options: StartOptions;
  readonly #ports: Ports;
  readonly #nginx: Nginx | NginxImage | undefined;
  readonly #kept = new Map<string, KeptProcess>();
  #values: Values;

  constructor(plan: ProcessPlan, options: StartOptions, ports: Ports, nginx: Nginx | NginxImage | undefined) {
    this.#plan = plan;
    this.#options = options;
    this.#ports = ports;
    this.#nginx = nginx;
    this.#values = this.#known(options.values);
    this.url = `http://${nameOf(this.#faceHost)}:${ports.face}`;
    this.servedBy = nginx === undefined ? 'api' : 'nginx';
  }

  async start(): Promise<void> {
    const { processes, face, name } = this.#plan;
    const { progress } = this.#options;
    mkdirSync(this.#options.runDir, { recursive: true });
    // All are waited for, even when one fails, so that none comes up unnoticed afterwards.
    const results = await Promise.allSettled(processes.map((service) => this.#startProcess(service)));
    const failure = results.find((result) => result.status === 'rejected');
    if (failure !== undefined) throw failure.reason;
    if (face.nginx !== undefined && this.#nginx !== undefined) {
      await this.#startNginx(face.nginx, this.#nginx);
      const which = 'image' in this.#nginx ? `${this.#nginx.image}, in a container,` : `nginx ${this.#nginx.version}`;
      progress(name, `${which} answers at ${this.url}`);
    } else if (face.nginx !== undefined) {
      progress(name, `there is no nginx on the PATH: ${face.process} itself answers at ${this.url}`);
    } else {
      progress(name, `${face.process} answers at ${this.url}`);
    }
  }

  list(): readonly { readonly name: string; readonly pid: number | undefined }[] {
    return [...this.#kept.values()].map(({ name, pid }) => ({ name, pid }));
  }

  logs(lines = 200): Readonly<Record<string, readonly string[]>> {
    return Object.fromEntries(
      [...this.#kept].map(([service, kept]) => [
        kept.name,
        service === this.#plan.face.nginx?.name
          ? [...newestLines(join(this.#nginxFolder, 'access.log'), lines), ...kept.logs(lines)].slice(-lines)
          : kept.logs(lines),
      ]),
    );
  }

  async update(values: Values): Promise<void> {
    this.#values = this.#known(values);
    const { processes, face } = this.#plan;
    await Promise.all(processes.map((service) => this.#kept.get(service.name)?.relaunch(this.#launchOf(service))));
    if (face.nginx === undefined || this.#nginx === undefined) return;
    await this.#kept.get(face.nginx.name)?.relaunch(this.#launchOfNginx(face.nginx, this.#nginx));
  }

  async kill(name: string): Promise<void> {
    const running = [...this.#kept.values()].filter((candidate) => candidate.isRunning);
    const found = running.find((candidate) => candidate.name === name);
    if (found === undefined) {
      throw new NaetmulError('NO_SUCH_PROCESS', `There is no running process named "${name}".`, {
        remedy: `There are: ${running.map((candidate) => candidate.name).join(', ') || 'none'}.`,
      });
    }
    await found.kill();
  }

  async stop(): Promise<void> {
    const face = this.#kept.get(this.#plan.face.nginx?.name ?? '');
    // From the outside to the inside, so that nginx does not complain of what is away.
    await face?.stop();
    await Promise.all([...this.#kept.values()].map((kept) => kept.stop()));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #startProcess(service: ProcessService): Promise<void> {
    await this.#keep(service.name, service.restart, this.#launchOf(service), this.#portOf(service.name));
  }

  async #startNginx(service: NginxService, nginx: Nginx | NginxImage): Promise<void> {
    await this.#keep(service.name, service.restart, this.#launchOfNginx(service, nginx), this.#ports.face);
  }

  async #keep(service: string, restart: RestartPolicy, launch: Launch, port: number): Promise<void> {
    const { runDir, log, signal, registerChild } = this.#options;
    const name = this.#nameOf(service);
    const kept = await KeptProcess.start(launch, {
      name,
      restart,
      logFile: join(runDir, `${name}.log`),
      log,
      signal,
      registerChild,
      probe: (probing) => answersHttp(`http://${nameOf(this.#hostOf(service))}:${port}/health`, probing),
    });
    this.#kept.set(service, kept);
  }

  #launchOf({ name, command, environment }: ProcessService): Launch {
    const written = this.#written(environment);
    const [program = '', ...args] = command.map((word) => resolveWritten(word, this.#values, this.#warn));
    return {
      command: program === 'node' ? process.execPath : program,
      args,
      cwd: this.#plan.folder,
      env: processEnvironment(written, { ...this.#options, host: this.#hostOf(name), port: this.#portOf(name) }),
    };
  }

  #launchOfNginx({ templates, environment }: NginxService, nginx: Nginx | NginxImage): Launch {
    const written = this.#written(environment);
    const files = templates.map(({ source, name }) => {
      const rendered = substituteEnvironment(readFileSync(source, 'utf8'), written);
      return { name, content: moveToLoopback(rendered, basename(source), this.#moved(nginx)) };
    });
    if (!('image' in nginx)) return this.#launchHere(files, written, nginx);
    const contents = files.map(({ name, content }) => ({ target: `${CONTAINER_CONFIGURATION}/${name}`, content }));
    const port = { inside: this.#plan.face.port.target, host: this.#faceHost, outside: this.#ports.face };
    return { ...nginx, contents, port, folder: this.#nginxFolder };
  }

  /** Writes nginx's configuration anew and says how to start it. As root it runs as nobody, like the other servers. */
  #launchHere(files: readonly { name: string; content: string }[], written: Values, nginx: Nginx): Launch {
    const folder = this.#nginxFolder;
    const isFirst = !existsSync(folder);
    for (const inner of ['conf.d', 'tmp']) mkdirSync(join(folder, inner), { recursive: true });
    for (const { name, content } of files) writeFileSync(join(folder, 'conf.d', name), content);
    writeFileSync(join(folder, 'nginx.conf'), mainConfiguration(folder, nginx));
    const owner = serverOwner();
    // Once: later on, what is in it comes and goes as nginx pleases.
    if (isFirst) giveTo(owner, folder);
    return {
      command: nginx.executable,
      args: nginxArguments(folder, nginx),
      cwd: folder,
      env: { TZ: 'UTC', ...written },
      owner,
    };
  }

  #moved(nginx: Nginx | NginxImage): Parameters<typeof moveToLoopback>[2] {
    const { face, processes } = this.#plan;
    const services = processes.map(({ name, environment }) => {
      const inside = this.#written(environment).PORT;
      return [name, { port: this.#portOf(name), inside: inside ? Number(inside) : undefined }] as const;
    });
    const { target } = face.port;
    if ('image' in nginx && nginx.network === 'bridge') {
      const listen = { target, host: '0.0.0.0', port: target };
      return { listen, machine: HOST_OF_CONTAINER, services: new Map(services) };
    }
    return { listen: { target, host: this.#faceHost, port: this.#ports.face }, services: new Map(services) };
  }

  #written(environment: ProcessService['environment']): Values {
    return writtenEnvironment(environment, this.#values, this.#warn);
  }

  readonly #warn = (sentence: string): void => this.#options.log.warn(sentence);

  /** The values of a stack, and those that only the bench knows. */
  #known(values: Values): Values {
    return { ...values, ...awsEnvironment(this.#options) };
  }

  get #faceHost(): string {
    return this.#options.host ?? LOOPBACK;
  }

  #hostOf(service: string): string {
    const { process, nginx } = this.#plan.face;
    const face = nginx === undefined || this.#nginx === undefined ? process : nginx.name;
    return service === face ? this.#faceHost : LOOPBACK;
  }

  #portOf(service: string): number {
    return this.#ports.processes.get(service) ?? this.#ports.face;
  }

  #nameOf(service: string): string {
    const { name } = this.#plan;
    return service === name || service.startsWith(`${name}-`) ? service : `${name}-${service}`;
  }

  get #nginxFolder(): string {
    return join(this.#options.runDir, this.#nameOf(this.#plan.face.nginx?.name ?? 'nginx'));
  }
}
