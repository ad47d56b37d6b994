import { mkdir, rm } from 'node:fs/promises';
import { type Clock, machine, type Random } from '../../../clock/index.ts';
import type { LogSink } from '../../../edge/sinks.ts';
import { NaetmulError } from '../../../errors.ts';
import type { FunctionRevision } from '../model.ts';
import type { Launch, LaunchPlace } from '../runtimes/launch.ts';
import { type Ending, KILLED } from './endings.ts';
import { EnvironmentLog, type InspectionNews } from './environment-log.ts';
import { Happenings } from './happenings.ts';
import { MemoryWatch } from './memory.ts';
import { RuntimeApi, type RuntimeEvent } from './runtime-api.ts';
import { RuntimeProcess, TELEMETRY_FD } from './runtime-process.ts';

/** The part of a `LaunchPlace` that the host decides. */
export type HostPlace = Pick<LaunchPlace, 'tmpDir' | 'runtimeApi' | 'logStream' | 'inspectPort' | 'telemetryFd'>;

export interface EnvironmentParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly logs: LogSink;
  /** Processes stand still between invocations. */
  readonly freezes: boolean;
  launch(revision: FunctionRevision, place: HostPlace): Promise<Launch>;
  registerChild(child: { readonly pid: number; readonly name: string }): (() => void) | undefined;
}

/** A debugger is let in: the process is never frozen, and nothing it does is limited in time or memory. */
export interface Inspection extends InspectionNews {
  readonly port: number;
}

export interface EnvironmentOptions {
  readonly revision: FunctionRevision;
  /** Of the code when the environment was made; see code-stamp.ts. */
  readonly stamp: string;
  readonly tmpDir: string;
  readonly inspection: Inspection | undefined;
  /** What has to be over before a process may start. */
  readonly after: Promise<unknown>;
}

/** How the start of a process ended. `final`: it would end no better a second time. */
export type InitEnd =
  | { readonly ready: true; readonly ms: number }
  | { readonly ready: false; readonly ms: number; readonly ending: Ending; readonly final: boolean };

/**
 * An execution environment: a folder, a log stream, a Runtime API, and a process most of the time. When the process
 * has failed, AWS resets the environment rather than throwing it away: folder and log stream stay, and the next
 * invocation starts a process anew (AWS docs, lambda-runtime-environment).
 */
export class Environment {
  readonly revision: FunctionRevision;
  readonly stamp: string;
  readonly log: EnvironmentLog;
  readonly memory: MemoryWatch;
  readonly happenings = new Happenings();
  readonly inspected: boolean;
  /** False until the first process was started. */
  begun = false;
  readonly #parts: EnvironmentParts;
  readonly #options: EnvironmentOptions;
  readonly #logStream: string;
  #api: RuntimeApi | undefined;
  #launching: Promise<Launch> | undefined;
  #followsClock = true;
  #process: RuntimeProcess | undefined;
  #ready = false;
  #ending: Promise<void> | undefined;

  constructor(parts: EnvironmentParts, options: EnvironmentOptions) {
    const { revision, inspection } = options;
    this.#parts = parts;
    this.#options = options;
    this.revision = revision;
    this.stamp = options.stamp;
    this.inspected = inspection !== undefined;
    const day = new Date(parts.clock.now()).toISOString().slice(0, 10).replaceAll('-', '/');
    this.#logStream = `${day}/[$LATEST]${parts.random.bytes(16).toString('hex')}`;
    this.log = new EnvironmentLog({
      sink: parts.logs,
      clock: parts.clock,
      group: revision.logGroup,
      stream: this.#logStream,
      inspection,
    });
    this.memory = new MemoryWatch(this.inspected ? undefined : revision.memoryMb * 1024 ** 2);
  }

  /** True when a process waits for an invocation. */
  get ready(): boolean {
    return this.#ready && this.#process?.alive === true;
  }

  /** What the process takes for now, in ms since the epoch. */
  get now(): number {
    return this.#followsClock ? this.#parts.clock.now() : machine.now();
  }

  get ended(): boolean {
    return this.#ending !== undefined;
  }

  /** Starts a process, and waits until it asks for its first invocation. */
  async initialise(limitMs: number): Promise<InitEnd> {
    this.begun = true;
    if (this.#process !== undefined) await this.reset();
    let launch: Launch;
    try {
      this.#launching = this.#launch();
      launch = await this.#launching;
    } catch (error) {
      return { ready: false, ms: 0, ending: { kind: 'exited', end: { failed: describe(error) } }, final: true };
    }
    if (this.ended) return { ready: false, ms: 0, ending: KILLED, final: true };
    this.#followsClock = launch.followsClock;
    const began = machine.monotonic();
    this.#process = new RuntimeProcess(launch, {
      name: `lambda/${this.revision.name}`,
      registerChild: this.#parts.registerChild,
      output: (stream, kind) => this.log.follow(stream, kind),
      ended: (end) => this.happenings.push({ kind: 'exit', end }),
    });
    this.#watchMemory();
    const happening = await this.happenings.next(limitMs);
    const ms = machine.monotonic() - began;
    if (happening.kind === 'ready') {
      this.settle();
      this.#ready = true;
      return { ready: true, ms };
    }
    // What it printed before it told of its error is on its way.
    await machine.turn();
    await this.reset();
    switch (happening.kind) {
      case 'init-error':
        return { ready: false, ms, ending: { kind: 'failed', error: happening.error, init: true }, final: false };
      case 'exit':
        return { ready: false, ms, ending: { kind: 'exited', end: happening.end }, final: false };
      case 'out-of-memory':
        return { ready: false, ms, ending: { kind: 'out-of-memory' }, final: false };
      default:
        return { ready: false, ms, ending: { kind: 'timed-out' }, final: false };
    }
  }

  async #launch(): Promise<Launch> {
    const { tmpDir, after, inspection } = this.#options;
    await after;
    await mkdir(tmpDir, { recursive: true });
    this.#api ??= await RuntimeApi.listen(this.happenings);
    return this.#parts.launch(this.revision, {
      tmpDir,
      runtimeApi: this.#api.address,
      logStream: this.#logStream,
      telemetryFd: TELEMETRY_FD,
      inspectPort: inspection?.port,
    });
  }

  /** Lets the process go on, and hands it an invocation. */
  deliver(event: RuntimeEvent): void {
    this.happenings.clear();
    this.#process?.thaw();
    this.#watchMemory();
    this.#ready = false;
    this.#api?.deliver(event);
  }

  /** The process has asked for its next invocation. */
  becomeReady(): void {
    this.#ready = true;
  }

  /** Looks at the memory a last time: nothing runs for now. */
  settle(): void {
    this.memory.stop();
    if (this.#process?.pid !== undefined && this.#process.alive) this.memory.finish(this.#process.pid);
  }

  /** Nothing is to be done for a while. */
  rest(): void {
    this.memory.stop();
    if (this.#parts.freezes && !this.inspected) this.#process?.freeze();
  }

  /** Kills the process; another may be started. */
  async reset(): Promise<void> {
    this.settle();
    this.#ready = false;
    await this.#process?.kill();
    this.#process = undefined;
    this.#api?.reset();
    this.happenings.clear();
  }

  /** The end of process, port and folder. Idempotent. */
  end(): Promise<void> {
    this.#ending ??= this.#end();
    return this.#ending;
  }

  async #end(): Promise<void> {
    this.memory.stop();
    this.#ready = false;
    await this.#launching?.catch(() => undefined);
    await this.#process?.kill();
    await this.#api?.close();
    await rm(this.#options.tmpDir, { recursive: true, force: true, maxRetries: 3 });
  }

  #watchMemory(): void {
    const pid = this.#process?.pid;
    if (pid !== undefined) this.memory.start(pid, () => this.happenings.push({ kind: 'out-of-memory' }));
  }
}

/** What the developer needs to read. The text of a missing entry point is AWS's own, and complete. */
function describe(error: unknown): string {
  if (!(error instanceof NaetmulError)) return error instanceof Error ? error.message : String(error);
  return error.remedy === undefined || error.code === 'LAMBDA_ENTRYPOINT'
    ? error.message
    : `${error.message} ${error.remedy}`;
}
