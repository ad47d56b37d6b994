import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { machine } from '../../../clock/index.ts';
import type { Launch } from '../runtimes/launch.ts';
import { DRAIN_LIMIT_MS } from './limits.ts';
import { forgetGroup, killOnExit, signalGroup } from './process-groups.ts';

/** The child's descriptor for framed log events, when it has one. */
export const TELEMETRY_FD = 3;

/** How a process ended, or why there never was one. */
export type ProcessEnd =
  | { readonly code: number | null; readonly signal: NodeJS.Signals | null }
  | { readonly failed: string };

export interface ProcessHooks {
  /** What people see in lists of processes and messages. */
  readonly name: string;
  /** Returns the way to say that the process has ended, with all that it had started. */
  registerChild(child: { readonly pid: number; readonly name: string }): (() => void) | undefined;
  /** The child's standard output, its standard error, and its framed log. */
  output(stream: Readable, kind: 'lines' | 'frames'): void;
  /** Called once, after the last output. */
  ended(end: ProcessEnd): void;
}

/** A function's process, which leads a process group of its own. */
export class RuntimeProcess {
  readonly pid: number | undefined;
  /** Resolves when the process has ended and its output has been read. */
  readonly ended: Promise<void>;
  #alive = true;
  #frozen = false;

  constructor(launch: Launch, hooks: ProcessHooks) {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.ended = promise;
    const end = (how: ProcessEnd): void => {
      this.#alive = false;
      hooks.ended(how);
      resolve();
    };
    const child = start(launch);
    if (child instanceof Error) {
      machine.turn().then(() => end({ failed: `fork/exec ${launch.command}: ${child.message}` }));
      return;
    }
    this.pid = child.pid;
    const { pid } = child;
    child.once('error', (error) => {
      // Without a pid it has never run; other errors of a child's handle do not end it.
      if (pid === undefined) end({ failed: `fork/exec ${launch.command}: ${reasonOf(error)}` });
    });
    if (pid === undefined) return;
    killOnExit(pid);
    const forgetChild = hooks.registerChild({ pid, name: hooks.name });
    for (const stream of [child.stdout, child.stderr]) if (stream) hooks.output(stream, 'lines');
    const frames = child.stdio[TELEMETRY_FD];
    if (frames) hooks.output(frames as Readable, 'frames');
    child.once('exit', (code, signal) => {
      this.#alive = false;
      // What it had started must not outlive it, also when it was killed from outside.
      signalGroup(pid, 'SIGKILL');
      forgetGroup(pid);
      forgetChild?.();
      void drained(child).then(() => end({ code, signal }));
    });
  }

  /** False as soon as it is known that the process has ended, or never began. */
  get alive(): boolean {
    return this.#alive;
  }

  /** The process stands still until `thaw`. */
  freeze(): void {
    if (this.pid === undefined || this.#frozen || !this.#alive) return;
    this.#frozen = true;
    signalGroup(this.pid, 'SIGSTOP');
  }

  thaw(): void {
    if (this.pid === undefined || !this.#frozen) return;
    this.#frozen = false;
    signalGroup(this.pid, 'SIGCONT');
  }

  /** Ends the whole group; resolves when the process is gone. */
  async kill(): Promise<void> {
    if (this.pid !== undefined && this.#alive) signalGroup(this.pid, 'SIGKILL');
    await this.ended;
  }
}

function start(launch: Launch): ChildProcess | Error {
  try {
    return spawn(launch.command, [...launch.args], {
      cwd: launch.cwd,
      env: { ...launch.env },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', ...(launch.framesLog ? ['pipe' as const] : [])],
    });
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** The words that Go, and so AWS, has for why a program could not be run. */
function reasonOf(error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case 'ENOENT':
      return 'no such file or directory';
    case 'EACCES':
      return 'permission denied';
    case 'ENOEXEC':
      return 'exec format error';
    default:
      return error.message;
  }
}

/** The last lines are still on their way through the pipes when a process ends. */
async function drained(child: ChildProcess): Promise<void> {
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const limit = new AbortController();
  await Promise.race([closed, machine.sleep(DRAIN_LIMIT_MS, limit.signal).catch(() => undefined)]);
  limit.abort();
  for (const stream of child.stdio) stream?.destroy();
}
