import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { machine } from '../harness/clock/index.ts';
import { type ControlClient, createControlClient } from '../harness/control/client.ts';
import { spawnBench } from '../harness/control/spawn.ts';
import {
  cacheFolder,
  createEngines,
  type Engine,
  type EngineContext,
  type EngineName,
  type KinesisPlayer,
  openRun,
  type Run,
  runsRoot,
  sweepLeftovers,
} from '../harness/engines/index.ts';
import { type LoadClient, startLoadClient } from './load/client.ts';

export interface StartedBench {
  readonly edge: string;
  readonly control: ControlClient;
  /** Of the harness's process. */
  readonly pid: number;
  /** From the start of its process until it said that it is ready. */
  readonly readyMs: number;
  stop(): Promise<void>;
}

export interface SpawnOptions {
  /** Further options of `naetmul up`. */
  readonly arguments?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** The servers and clients of one measurement. All of them end when it does, in the reverse order of their start. */
export class Parts implements AsyncDisposable {
  readonly #stack = new AsyncDisposableStack();
  readonly #run: Run;
  readonly #signal: AbortSignal;
  readonly #progress: (message: string) => void;
  #folders = 0;

  /** @param run where its folders are, and where the processes are noted that must not outlive it */
  constructor(run: Run, signal: AbortSignal, progress: (message: string) => void) {
    this.#run = run;
    this.#signal = signal;
    this.#progress = progress;
  }

  /** Boots one engine by itself, stops it, and returns how long it took to answer, in ms. */
  async timeEngine(name: EngineName): Promise<number> {
    // The folder of a usual run: OpenSearch starts faster where it has started before.
    using run = openRun();
    const { engine, context } = this.#engine(name, run);
    await engine.setup(context);
    const started = machine.monotonic();
    const running = await engine.start(context);
    const ms = machine.monotonic() - started;
    await running.stop();
    return ms;
  }

  /** A LocalStack of its own, which plays Kinesis, too. Returns its address. */
  async localStack(): Promise<string> {
    const run = { ...this.#run, dir: this.folder('localstack') };
    const { engine, context } = this.#engine('localstack', run, 'localstack');
    await engine.setup(context);
    const running = this.#stack.use(await engine.start(context));
    return running.endpoint;
  }

  /** `naetmul up` in a process of its own, on free ports; resolves when it is ready. */
  async naetmul(options: SpawnOptions = {}): Promise<StartedBench> {
    this.#signal.throwIfAborted();
    this.#progress('starting naetmul');
    const own = this.#stack.use(new AsyncDisposableStack());
    const started = machine.monotonic();
    const { edge, child } = await spawnBench({
      arguments: ['--port', '0', '--mqtt-port', '0', ...(options.arguments ?? [])],
      output: 'ignore',
      // The same servers on every machine, with Docker and without.
      environment: { NAETMUL_STACK: 'native', ...options.environment },
      // In a process group of its own it hears of Ctrl-C from us, once, and is killed with the run if we are.
      detached: true,
      onStep: this.#progress,
      onSpawn: (spawned) => this.ownProcess(spawned, 'naetmul', own),
    });
    return {
      edge,
      control: createControlClient(edge),
      pid: child.pid as number,
      readyMs: machine.monotonic() - started,
      stop: () => own.disposeAsync(),
    };
  }

  /**
   * Ends a process politely at Ctrl-C and with the measurement, and waits for it. It must lead a process group: the
   * next run kills that one, should this process be killed before it can do so itself.
   */
  ownProcess(child: ChildProcess, name: string, stack: AsyncDisposableStack = this.#stack): void {
    if (child.pid === undefined) return;
    this.#run.addChild({ pid: child.pid, name });
    const ended = once(child, 'exit');
    const interrupt = () => child.kill('SIGTERM');
    this.#signal.addEventListener('abort', interrupt, { once: true });
    stack.defer(async () => {
      this.#signal.removeEventListener('abort', interrupt);
      // A second signal would make it leave without cleaning up.
      if (!child.killed) child.kill('SIGTERM');
      if (child.exitCode === null && child.signalCode === null) await ended;
    });
  }

  /** A process that puts load on what it is told to. */
  loadClient(): LoadClient {
    return this.#stack.use(startLoadClient(this.#signal));
  }

  /** A temporary folder. */
  folder(name: string): string {
    const folder = join(this.#run.dir, `${++this.#folders}-${name}`);
    mkdirSync(folder);
    this.#stack.defer(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
    return folder;
  }

  /** Ends `thing` with the measurement. */
  use<T extends Disposable | AsyncDisposable>(thing: T): T {
    return this.#stack.use(thing);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#stack.disposeAsync();
  }

  #engine(
    name: EngineName,
    run: Pick<Run, 'dir' | 'addChild'>,
    kinesis?: KinesisPlayer,
  ): { engine: Engine; context: EngineContext } {
    const engines = createEngines({ mqttPort: 0, overrides: kinesis === undefined ? {} : { kinesis } });
    const engine = engines.find((candidate) => candidate.name === name) as Engine;
    const dataDir = join(run.dir, name);
    mkdirSync(dataDir);
    return {
      engine,
      context: {
        dataDir,
        cacheDir: cacheFolder(),
        offline: false,
        progress: this.#progress,
        registerChild: (child) => run.addChild(child),
        signal: this.#signal,
      },
    };
  }
}

/** A run whose folder is not among those of `naetmul up`, so that what is measured starts where it would alone. */
export function openBenchRun(): Run {
  const root = join(runsRoot(), 'bench');
  mkdirSync(root, { recursive: true, mode: 0o711 });
  sweepLeftovers(root);
  return openRun(root);
}

/** The resident memory of a process in MiB, as Linux counts it: `VmRSS` now, `VmHWM` at its highest. */
export function residentMiB(pid: number, field: 'VmRSS' | 'VmHWM'): number {
  const kib = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  if (kib === undefined) throw new Error(`/proc/${pid}/status has no ${field}.`);
  return Number(kib) / 1024;
}

/** The CPU time that a process has used, in ms, as Linux counts it: in steps of 10 ms. */
export function cpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // After the name, which may have spaces: state is the first; utime and stime are the 12th and 13th.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
