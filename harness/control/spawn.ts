import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { NaetmulError } from '../errors.ts';

/** What a bench in a process of its own tells the process that started it. */
export type BenchMessage =
  | { readonly step: string }
  /** Its edge. */
  | { readonly ready: string }
  | { readonly failed: string };

export interface SpawnBenchOptions {
  /** The options of `naetmul up`. */
  readonly arguments: readonly string[];
  /** A file descriptor for what it prints. */
  readonly output: number | 'ignore';
  readonly environment?: Readonly<Record<string, string>>;
  /** Outlive this process. */
  readonly detached: boolean;
  onStep?(step: string): void;
  /** Called at once, so that an interrupt can be passed on. */
  onSpawn?(child: ChildProcess): void;
}

/** Starts `naetmul up` in a process of its own and resolves when it is ready. */
export async function spawnBench(
  options: SpawnBenchOptions,
): Promise<{ readonly edge: string; readonly child: ChildProcess }> {
  const naetmul = fileURLToPath(new URL('../cli/naetmul.js', import.meta.url));
  const child = spawn(process.execPath, [naetmul, 'up', ...options.arguments], {
    detached: options.detached,
    stdio: ['ignore', options.output, options.output, 'ipc'],
    env: { ...process.env, ...options.environment },
  });
  options.onSpawn?.(child);
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const fail = (message: string) => reject(new NaetmulError('NOT_STARTED', message));
  child.on('message', (message: BenchMessage) => {
    if ('step' in message) options.onStep?.(message.step);
    else if ('ready' in message) resolve(message.ready);
    else fail(message.failed);
  });
  child.once('error', (error) => fail(`The bench's process could not be started: ${error.message}`));
  child.once('exit', (code, signal) => fail(`The bench ended while starting (${signal ?? `exit code ${code}`}).`));
  return { edge: await promise, child };
}
