import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { customDomainsStatus, engineStatus, newestLogs } from './bench-status.ts';
import {
  type ClockControl,
  type ClockMirror,
  createClock,
  createMirror,
  createRandom,
  formatInstant,
  type Random,
} from './clock/index.ts';
import type { EngineOrder, Outputs, StackOrder, Status } from './control/protocol.ts';
import { handleControl } from './control/server.ts';
import { DomainServers } from './domain-servers.ts';
import { createEdge, type Edge } from './edge/index.ts';
import type { FirehoseOptions } from './emulators/firehose/options.ts';
import type { Emulators } from './emulators/index.ts';
import type { KinesisOptions } from './emulators/kinesis/options.ts';
import type { Engine, EngineName } from './engines/engine.ts';
import {
  cacheFolder,
  compileCacheFolder,
  createEngines,
  engineContext,
  kinesisPlayer,
  mysqlAddress,
  openRun,
  type Run,
  type RunningMqtt,
  resolveStack,
  type Stack,
  type StackKind,
  sweepLeftovers,
  whoListens,
} from './engines/index.ts';
import { NaetmulError } from './errors.ts';
import { checkFault, FaultPlan, type FaultRule } from './faults/index.ts';
import { type ConservationReport, checkConservation, type Journey, LedgerStore, trace } from './ledger/index.ts';
import { LogBook } from './log-book.ts';
import { Pipelines } from './pipelines.ts';
import { ServiceProcesses } from './service-processes.ts';
import { Supervisor } from './supervisor.ts';

export interface TestbenchOptions {
  /** The AWS endpoint's port; 0 takes a free one. */
  readonly port: number;
  /** The address to listen on. */
  readonly host: string;
  /** Names that the endpoint answers to besides those of this machine. */
  readonly publicHosts: readonly string[];
  readonly mqttPort: number;
  /** Where custom domain names answer over TLS; undefined for 8443, or a free one beside an endpoint on port 0. */
  readonly tlsPort: number | undefined;
  readonly stack: StackKind;
  /** Servers in containers are found again that an earlier run has kept, and kept for the next one. */
  readonly reuse: boolean;
  /** Servers that already run: name → URL; and who plays Kinesis: `kinesis` → `naetmul` (the default) or `localstack`. */
  readonly engines: Readonly<Record<string, string>>;
  /** Whether OpenSearch domains share one server, or each is given its own when it is made. */
  readonly openSearch: 'shared' | 'per-domain';
  /**
   * Where services with processes of their own listen, instead of where their compose file says: service → port. With
   * 0 as the endpoint's port they all take free ones, so that a second bench is in nobody's way.
   */
  readonly servicePorts: Readonly<Record<string, number>>;
  /** What AWS leaves open about Firehose. */
  readonly firehose: FirehoseOptions;
  /** How naetmul plays Kinesis, where it does. */
  readonly kinesis: KinesisOptions;
  /** Install nothing. */
  readonly offline: boolean;
  /** The name of a Lambda function that a debugger can attach to. */
  readonly inspect?: string;
  /** Aborts a start that is under way. */
  readonly signal: AbortSignal;
  progress(component: string, message: string): void;
}

/** Region and account that everything lives in unless a request says otherwise (pipelines: `ap-northeast-2`). */
const DEFAULTS = { region: 'ap-northeast-2', accountId: '000000000000' } as const;

/**
 * Like 443, but for everybody to open; the same after every start, since senders are told of it. Nothing listens there
 * before there is a custom domain name.
 */
const TLS_PORT = 8443;

const SERVICES_DIR = fileURLToPath(new URL('../services', import.meta.url));

const isOpenSearch = ({ name }: Engine) => name === 'opensearch';

/** Sets up, boots and deploys. Rejects when any of it fails, with nothing left running. */
export async function startTestbench(options: TestbenchOptions): Promise<Testbench> {
  if (options.openSearch === 'per-domain' && options.engines.opensearch !== undefined) {
    throw new NaetmulError('OPTIONS_CONFLICT', 'A server for each domain cannot be one that runs already.', {
      remedy: 'Leave out --engine opensearch=…, or let the domains share it: --opensearch shared.',
    });
  }
  sweepLeftovers();
  const stack = await resolveStack(options.stack, { ...options, overrides: options.engines });
  if (options.reuse && stack === 'native') {
    options.progress('naetmul', '--reuse keeps containers only: servers that run without Docker end with the bench');
  }
  const bench = new Testbench(options, stack, openRun());
  try {
    await bench.start();
    return bench;
  } catch (error) {
    await bench.stop();
    throw error;
  }
}

/** A bench and its parts: engines → edge → emulators → deployed pipelines. */
export class Testbench {
  readonly clock: ClockControl;
  readonly ledger: LedgerStore;
  /** Resolves when the bench has stopped, whoever asked for it. */
  readonly stopped: Promise<void>;
  readonly #options: TestbenchOptions;
  readonly #run: Run;
  readonly #logBook: LogBook;
  readonly #random: Random;
  readonly #faults = new FaultPlan();
  readonly #edge: Edge;
  readonly #supervisor: Supervisor;
  /** Undefined where domains share one server. */
  readonly #domainServers: DomainServers | undefined;
  readonly #pipelines: Pipelines;
  readonly #processes: ServiceProcesses;
  readonly #clockFile: string;
  readonly #mirror: ClockMirror;
  readonly #abort = new AbortController();
  readonly #signal: AbortSignal;
  readonly #stopping = Promise.withResolvers<void>();
  #stop: Promise<void> | undefined;
  #emulators: Emulators | undefined;
  #edgeUrl = '';
  #ready = false;

  constructor(options: TestbenchOptions, stack: Stack, run: Run) {
    this.#options = options;
    this.#run = run;
    this.stopped = this.#stopping.promise;
    this.#logBook = new LogBook(() => formatInstant(this.clock.now()));
    const log = this.#logBook.of('naetmul');
    this.#clockFile = join(run.dir, 'clock');
    this.#mirror = createMirror(this.#clockFile);
    this.clock = createClock({
      mirror: this.#mirror,
      onError: (timer, error) => log.error(`the timer "${timer}" failed`, error),
    });
    this.ledger = new LedgerStore(
      join(run.dir, 'ledger.sqlite'),
      () => this.clock.now(),
      (error) => log.error('The ledger cannot be written; what happens is kept in memory until it can.', error),
    );
    this.#random = createRandom(run.id);
    this.#edge = createEdge({
      clock: this.clock,
      random: this.#random.fork('edge'),
      ledger: this.ledger,
      log: this.#logBook.of('edge'),
      defaults: DEFAULTS,
      host: options.host,
      port: options.port,
      publicHostNames: options.publicHosts,
      upstream: () => this.#supervisor.get('localstack')?.endpoint,
      describePortOwner: whoListens,
      tls: {
        host: options.host,
        port: options.tlsPort ?? (options.port === 0 ? 0 : TLS_PORT),
        cacheDir: cacheFolder(),
        caFile: join(run.dir, 'custom-domains', 'ca.pem'),
      },
      metrics: { count: (...counted) => this.#emulators?.metrics.count(...counted) },
    });
    this.#edge.setControl((request, path) => handleControl(this, request, path));
    const contextOf = (engine: Engine) =>
      engineContext(engine.name, run, {
        offline: options.offline,
        signal: this.#signal,
        progress: options.progress,
      });
    const engines = createEngines({
      stack,
      reuse: options.reuse,
      overrides: options.engines,
      mqttPort: options.mqttPort,
      host: options.host,
      publicHost: () => new URL(this.#edgeUrl).host,
    });
    const perDomain = options.openSearch === 'per-domain' ? engines.find(isOpenSearch) : undefined;
    this.#domainServers =
      perDomain &&
      new DomainServers({
        engine: perDomain,
        contextOf: () => contextOf(perDomain),
        log: this.#logBook.of('opensearch'),
      });
    this.#supervisor = new Supervisor({
      engines: engines.filter((engine) => engine !== perDomain),
      contextOf,
      log,
      onDeath: (engine) => this.#noteDeath(engine.name),
      onReturn: async (engine) => {
        if (engine.name === 'mqtt') this.#emulators?.broker.attach(engine as RunningMqtt);
        if (engine.name === 'localstack') {
          await this.#pipelines.redeploy();
          this.#ready = true;
        }
        options.progress(engine.name, `${engine.version} is back`);
      },
    });
    this.#pipelines = new Pipelines({
      aws: this.#edge.access,
      edgeUrl: () => this.#edgeUrl,
      servicesDir: SERVICES_DIR,
      log: this.#logBook.of('deploy'),
      ...DEFAULTS,
    });
    this.#signal = AbortSignal.any([options.signal, this.#abort.signal]);
    this.#processes = new ServiceProcesses({
      servicesDir: SERVICES_DIR,
      edgeUrl: () => this.#edgeUrl,
      region: DEFAULTS.region,
      clockFile: this.#clockFile,
      compileCache: compileCacheFolder(),
      runDir: join(run.dir, 'processes'),
      publicPort: (service) => options.servicePorts[service] ?? (options.port === 0 ? 0 : undefined),
      valuesOf: (service) => this.#pipelines.values(service),
      logOf: (service) => this.#logBook.of(service),
      host: options.host,
      containers: stack === 'docker',
      offline: options.offline,
      registerChild: (child) => run.addChild(child),
      progress: options.progress,
      signal: this.#signal,
    });
  }

  /** True when all engines answer and all pipelines are deployed. */
  get ready(): boolean {
    return this.#ready;
  }

  async start(): Promise<void> {
    const { progress } = this.#options;
    const { url } = await this.#edge.listen();
    this.#edgeUrl = url;
    await Promise.all([this.#supervisor.setup(), this.#domainServers?.setup()]);
    // Our own parts are loaded while the servers boot.
    const loading = Promise.all([this.#loadEmulators(), this.#loadPipelines()]);
    await this.#supervisor.start(async (engine) => {
      progress(engine.name, `${engine.version} is ready`);
      await loading;
      if (engine.name === 'mqtt') this.#emulators?.broker.attach(engine as RunningMqtt);
      if (engine.name !== 'localstack') return;
      progress('deploy', 'making the resources of the templates in services/');
      await this.#pipelines.deploy(async (name) => {
        progress('deploy', `${name} is deployed`);
        await this.#processes.follow(name);
      });
    });
    await loading;
    this.#signal.throwIfAborted();
    this.#ready = true;
    progress('naetmul', `ready at ${url}`);
  }

  status(): Status {
    const pipelines = this.#pipelines.names();
    return {
      ready: this.ready,
      edge: this.#edgeUrl,
      ...engineStatus(this.#supervisor, this.#domainServers),
      kinesis: kinesisPlayer(this.#options.engines),
      customDomains: customDomainsStatus(this.#edge.tlsAddress()),
      pipelines,
    };
  }

  /**
   * The templates' outputs, and the address of what runs beside a template: as `Url`, or as `SiteUrl` where the template
   * has a `Url` of its own.
   */
  outputs(): Outputs {
    const urls = this.#processes.urls();
    const withUrl = Object.entries(this.#pipelines.outputs()).map(([name, outputs]) => {
      const url = urls.get(name);
      const member = outputs.Url === undefined ? 'Url' : 'SiteUrl';
      return [name, url === undefined ? outputs : { ...outputs, [member]: url }];
    });
    return Object.fromEntries(withUrl);
  }

  trace(id: string): Journey | undefined {
    return trace(this.ledger, id);
  }

  check(): ConservationReport {
    return checkConservation(this.ledger, this.#emulators?.all.flatMap((emulator) => emulator.held?.() ?? []) ?? []);
  }

  /** `kill` returns at once; the others when the engine is gone, or answers again. */
  async orderEngine(order: EngineOrder['order'], name: string): Promise<void> {
    if (order === 'kill') await this.#supervisor.kill(name);
    else if (order === 'stop') await this.#supervisor.takeAway(name);
    else await this.#supervisor.bringBack(name);
  }

  /** Lets something go wrong, until the next reset. */
  addFault(rule: FaultRule): void {
    checkFault(rule, this.#emulators?.faultKinds ?? {});
    this.#faults.add(rule);
  }

  /** Makes the resources of one more template; they are gone with the next reset. Resolves with its outputs. */
  async deployStack(order: StackOrder): Promise<Outputs[string]> {
    return await this.#pipelines.deployAnother(order);
  }

  async removeStack(stack: string): Promise<void> {
    await this.#pipelines.undeployOne(stack);
  }

  /** Forgets every event and resource, deploys the pipelines anew and returns to real time. */
  async reset(): Promise<void> {
    this.#faults.clear();
    await this.#supervisor.bringAllBack();
    await this.#pipelines.undeploy();
    for (const emulator of this.#emulators?.all ?? []) await emulator.reset?.();
    await this.clock.real();
    this.ledger.clear();
    await this.#pipelines.deploy((name) => this.#processes.follow(name));
  }

  /** The newest log lines of one component, or of all. */
  logs(component: string | undefined, lines: number): Promise<Record<string, readonly string[]>> {
    const domainServers = this.#domainServers;
    const sources = { supervisor: this.#supervisor, domainServers, processes: this.#processes, logBook: this.#logBook };
    return newestLogs(sources, component, lines);
  }

  /** Ends everything that was started and removes every file of the run; idempotent. */
  stop(): Promise<void> {
    this.#stop ??= this.#stopAll();
    return this.#stop;
  }

  async #stopAll(): Promise<void> {
    this.#ready = false;
    this.#abort.abort(new NaetmulError('INTERRUPTED', 'The bench was asked to stop.'));
    // First of all, so that they can still pass on what they hold.
    await this.#processes.stop();
    await this.#leaveNothingInForeignServers();
    for (const emulator of this.#emulators?.all ?? []) await emulator.stop?.();
    this.clock.close();
    this.#mirror.close();
    await this.#edge.close();
    await Promise.all([this.#supervisor.stop(), this.#domainServers?.stopAll()]);
    this.ledger[Symbol.dispose]();
    this.#run.close();
    this.#stopping.resolve();
  }

  async #loadEmulators(): Promise<void> {
    const { loadEmulators } = await import('./bench-emulators.ts');
    const { offline, inspect, firehose, kinesis, progress } = this.#options;
    const emulators = loadEmulators({
      run: this.#run,
      clock: this.clock,
      random: this.#random,
      ledger: this.ledger,
      aws: this.#edge.access,
      faults: this.#faults,
      logOf: (component) => this.#logBook.of(component),
      defaults: DEFAULTS,
      edgeUrl: () => this.#edgeUrl,
      clockFile: this.#clockFile,
      sqlServer: () => {
        const endpoint = this.#supervisor.get('mysql')?.endpoint;
        return endpoint === undefined ? undefined : mysqlAddress(endpoint);
      },
      openSearchServer: () => {
        const url = this.#supervisor.get('opensearch')?.endpoint;
        return url === undefined ? undefined : { url };
      },
      domainServers: this.#domainServers,
      tls: this.#edge.tlsNames,
      inspect,
      firehose,
      kinesis: this.#playsKinesis ? kinesis : undefined,
      offline,
      signal: this.#signal,
      progress,
    });
    for (const emulator of emulators.all) {
      this.#edge.register(emulator);
      await emulator.start?.();
    }
    for (const [path, handler] of Object.entries(emulators.upgrades)) this.#edge.onUpgrade(path, handler);
    this.#emulators = emulators;
  }

  async #loadPipelines(): Promise<void> {
    await this.#pipelines.load();
    await this.#processes.load(this.#pipelines.found());
  }

  /** Our own servers take everything with them when they end; one that runs on must not keep our resources. */
  async #leaveNothingInForeignServers(): Promise<void> {
    if (this.#supervisor.get('localstack')?.source !== 'external') return;
    try {
      await this.#pipelines.undeploy();
    } catch (error) {
      this.#options.progress('deploy', `some resources stay in LocalStack: ${(error as Error).message}`);
    }
  }

  get #playsKinesis(): boolean {
    return kinesisPlayer(this.#options.engines) === 'naetmul';
  }

  #noteDeath(name: EngineName): void {
    if (name !== 'localstack') return;
    this.#ready = false;
    // LocalStack keeps everything in memory. Places as the ledger names them.
    const places = this.#playsKinesis ? ['s3/*'] : ['kinesis/*', 's3/*'];
    this.ledger.append({
      where: 'localstack',
      what: 'destroyed',
      detail: { places, reason: 'LocalStack died, and with it all that it kept in memory' },
    });
  }
}
