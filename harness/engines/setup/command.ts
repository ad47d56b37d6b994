import { spawn } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { NaetmulError } from '../../errors.ts';
import { signalGroup } from '../identity.ts';
import { LogTail } from '../log-tail.ts';
import { likelyRemedy } from '../remedy.ts';

/** Lines of a failed command's output that its error shows. */
const LINES_IN_ERROR = 20;

export interface CommandOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly owner?: { readonly uid: number; readonly gid: number } | undefined;
  /** Text for its standard input, which is closed otherwise. */
  readonly input?: string;
  readonly signal: AbortSignal;
  /** What it was run for: `Installing LocalStack 4.9.2`. */
  readonly purpose: string;
  /** Called with each line that it prints. */
  onLine?(line: string): void;
}

/**
 * Runs a program of the set-up to its end and returns what it printed on stdout and stderr, line by line.
 * Errors: `SETUP_FAILED` with its last lines and a likely remedy; the signal's reason when aborted.
 */
export async function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<readonly string[]> {
  options.signal.throwIfAborted();
  const tail = new LogTail(options.onLine);
  const child = spawn(command, [...args], {
    env: options.env ?? process.env,
    stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    // A group of its own, so that an abort also ends the programs that it started.
    detached: true,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.owner ?? {}),
  });
  const kill = (): void => {
    if (child.pid !== undefined) signalGroup(child.pid, 'SIGKILL');
  };
  options.signal.addEventListener('abort', kill, { once: true });
  process.once('exit', kill);
  try {
    if (child.stdout) tail.follow(child.stdout);
    if (child.stderr) tail.follow(child.stderr);
    child.stdin?.end(options.input);
    const code = await new Promise<number | string>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (exitCode, signal) => resolve(exitCode ?? signal ?? 1));
    });
    options.signal.throwIfAborted();
    if (code === 0) return tail.last(Number.POSITIVE_INFINITY);
    const lines = tail.last(LINES_IN_ERROR);
    throw failure(`${options.purpose} failed: ${command} ended with ${code}.`, lines);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall?.startsWith('spawn')) {
      throw failure(`${options.purpose} failed: ${(error as Error).message}.`, [(error as Error).message], error);
    }
    throw error;
  } finally {
    options.signal.removeEventListener('abort', kill);
    process.off('exit', kill);
  }
}

function failure(what: string, lines: readonly string[], cause?: unknown): NaetmulError {
  const remedy = likelyRemedy(lines);
  const shown = lines.length === 0 ? '' : ` Its last lines:\n${lines.map((line) => `  ${line}`).join('\n')}`;
  return new NaetmulError('SETUP_FAILED', `${what}${shown}`, {
    ...(remedy === undefined ? {} : { remedy }),
    ...(cause === undefined ? {} : { cause }),
  });
}

/** The first program of that name on the PATH, as an absolute path. */
export function findOnPath(name: string, env: NodeJS.ProcessEnv = process.env): string | undefined {
  for (const folder of (env.PATH ?? '').split(delimiter)) {
    if (folder === '') continue;
    const file = join(folder, process.platform === 'win32' ? `${name}.exe` : name);
    if (isExecutable(file)) return file;
  }
  return undefined;
}

export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
