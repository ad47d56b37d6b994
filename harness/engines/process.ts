import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, type WriteStream } from 'node:fs';
import { machine } from '../clock/machine.ts';
import { NaetmulError } from '../errors.ts';
import type { EngineExit } from './engine.ts';
import { groupIsAlive, signalGroup } from './identity.ts';
import { LogTail } from './log-tail.ts';
import { likelyRemedy } from './remedy.ts';

/** Lines of the log that an error shows. */
export const LOG_LINES_IN_ERROR = 50;
/** Pause between two looks at whether a server answers, in milliseconds. */
const PROBE_INTERVAL_MS = 20;
/** How long the kernel is given to take away a group that was killed, in milliseconds. */
const KILL_GRACE_MS = 5_000;

export interface ServerOptions {
  /** The name that messages call it by, such as `OpenSearch`. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** The user and group to run as; only root may give them. */
  readonly owner?: { readonly uid: number; readonly gid: number } | undefined;
  /** Everything the server prints is also written here. */
  readonly logFile: string;
  /** Aborts the start. */
  readonly signal: AbortSignal;
  /** Called as soon as the process exists. */
  registerChild(child: { readonly pid: number; readonly name: string }): void;
  /** Resolves to true once the server answers; a throw counts as "not yet". */
  probe(signal: AbortSignal): Promise<boolean>;
  /** From spawn to the first good answer, in milliseconds. */
  readonly readyWithinMs: number;
  /** How long a polite SIGTERM is given before SIGKILL, in milliseconds. */
  readonly stopWithinMs: number;
}

const running = new Set<number>();
let exitHookInstalled = false;

/** The last resort: whatever way the harness ends, short of `kill -9`, no server outlives it. */
function killOnExit(pid: number): void {
  running.add(pid);
  if (exitHookInstalled) return;
  exitHookInstalled = true;
  process.on('exit', () => {
    for (const leader of running) signalGroup(leader, 'SIGKILL');
  });
}

/** A server in a process group of its own, from its first answer to the end of the last process of its group. */
export class ServerProcess implements AsyncDisposable {
  readonly name: string;
  readonly pid: number;
  readonly exited: Promise<EngineExit>;
  readonly #child: ChildProcess;
  readonly #tail: LogTail;
  readonly #file: WriteStream;
  readonly #stopWithinMs: number;
  #stopping: Promise<void> | undefined;
  #exit: EngineExit | undefined;

  private constructor(options: ServerOptions, child: ChildProcess, pid: number) {
    this.name = options.name;
    this.pid = pid;
    this.#child = child;
    this.#stopWithinMs = options.stopWithinMs;
    this.#file = createWriteStream(options.logFile, { flags: 'a' });
    // The file is a convenience (`naetmul logs`); a full disk must not bring down the harness through it.
    this.#file.on('error', () => undefined);
    this.#tail = new LogTail((line) => this.#file.write(`${line}\n`));
    if (child.stdout) this.#tail.follow(child.stdout);
    if (child.stderr) this.#tail.follow(child.stderr);
    this.exited = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        this.#exit = { code, signal, expected: this.#stopping !== undefined };
        // Whatever the server had started must not outlive it, also when it was killed from outside.
        signalGroup(pid, 'SIGKILL');
        running.delete(pid);
        resolve(this.#exit);
      });
    });
  }

  /**
   * Spawns the server and resolves when the probe says that it answers.
   * Errors: `SERVER_NOT_STARTED` with the last 50 log lines; the signal's reason when aborted.
   */
  static async start(options: ServerOptions): Promise<ServerProcess> {
    options.signal.throwIfAborted();
    const child = spawn(options.command, [...options.args], {
      cwd: options.cwd,
      env: options.env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(options.owner ?? {}),
    });
    const pid = child.pid;
    if (pid === undefined) throw await spawnFailure(options, child);
    killOnExit(pid);
    child.once('error', () => undefined);
    const server = new ServerProcess(options, child, pid);
    options.registerChild({ pid, name: options.name });
    try {
      await server.#untilReady(options);
      return server;
    } catch (error) {
      await server.stop();
      throw error;
    }
  }

  async #untilReady(options: ServerOptions): Promise<void> {
    const deadline = machine.monotonic() + options.readyWithinMs;
    while (this.#exit === undefined) {
      options.signal.throwIfAborted();
      if (await answers(options)) return;
      if (machine.monotonic() > deadline) {
        throw this.#failure(`${this.name} did not answer within ${options.readyWithinMs / 1000} s.`);
      }
      await Promise.race([machine.sleep(PROBE_INTERVAL_MS), this.exited]);
    }
    // The last lines are still on their way through the pipe when 'exit' comes.
    await this.#drained();
    throw this.#failure(`${this.name} ended while it was starting (${describeExit(this.#exit)}).`);
  }

  #failure(what: string): NaetmulError {
    return notStarted(what, this.#tail.last(LOG_LINES_IN_ERROR));
  }

  async #drained(): Promise<void> {
    if (this.#child.stdout?.destroyed && this.#child.stderr?.destroyed) return;
    const closed = new Promise<void>((resolve) => this.#child.once('close', () => resolve()));
    await Promise.race([closed, machine.sleep(500)]);
  }

  /** The newest lines that the server printed, oldest first. */
  logs(lines = 200): readonly string[] {
    return this.#tail.last(lines);
  }

  /** As a crash would end it. */
  async kill(): Promise<void> {
    process.kill(this.pid, 'SIGKILL');
  }

  /** SIGTERM, then SIGKILL to the whole group; resolves when no process of it is left. Idempotent. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    if (this.#exit === undefined) {
      try {
        process.kill(this.pid, 'SIGTERM');
      } catch {
        // It ended between the two lines; the group is looked at below all the same.
      }
      const patience = new AbortController();
      await Promise.race([this.exited, machine.sleep(this.#stopWithinMs, patience.signal).catch(() => undefined)]);
      patience.abort();
    }
    signalGroup(this.pid, 'SIGKILL');
    const deadline = machine.monotonic() + KILL_GRACE_MS;
    while (groupIsAlive(this.pid) && machine.monotonic() < deadline) await machine.sleep(PROBE_INTERVAL_MS);
    running.delete(this.pid);
    await new Promise<void>((resolve) => this.#file.end(() => resolve()));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}

/** The error for a server that does not come up, with what it printed last. */
export function notStarted(what: string, lines: readonly string[]): NaetmulError {
  const log = lines.length === 0 ? 'It printed nothing.' : `Its last lines:\n${lines.map((l) => `  ${l}`).join('\n')}`;
  const remedy = likelyRemedy(lines);
  return new NaetmulError('SERVER_NOT_STARTED', `${what} ${log}`, remedy === undefined ? {} : { remedy });
}

async function answers(options: ServerOptions): Promise<boolean> {
  try {
    return await options.probe(options.signal);
  } catch {
    return false;
  }
}

function describeExit(exit: EngineExit): string {
  return exit.signal === null ? `exit code ${exit.code}` : `signal ${exit.signal}`;
}

async function spawnFailure(options: ServerOptions, child: ChildProcess): Promise<NaetmulError> {
  const cause = await new Promise<Error>((resolve) => child.once('error', resolve));
  const remedy = likelyRemedy([cause.message]);
  return new NaetmulError('SERVER_NOT_STARTED', `${options.name} could not be run: ${cause.message}.`, {
    cause,
    ...(remedy === undefined ? {} : { remedy }),
  });
}
