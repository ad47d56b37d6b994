import { styleText } from 'node:util';
import { formatDuration, machine } from '../clock/index.ts';
import { NaetmulError } from '../errors.ts';

/** What `naetmul` ends with. */
export const exitCode = {
  ok: 0,
  /** A scenario failed, or a check did. */
  failed: 1,
  /** The command was not understood, or asked for something that does not exist. */
  usage: 2,
  /** No running bench was found. */
  notRunning: 3,
  /** The bench could not be set up, booted or deployed. */
  notStarted: 4,
  interrupted: 130,
} as const;

/** Who reads no further, as `head` does, has read enough: what is still written goes nowhere, and all else goes on. */
export function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}

/** Data: what a program may read. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2));
}

/** Messages: what a person reads. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Colours only where somebody sees them: `styleText` looks at the stream, `NO_COLOR` and `FORCE_COLOR`. */
export function paint(style: 'green' | 'red' | 'yellow' | 'dim' | 'bold', text: string): string {
  return styleText(style, text, { stream: process.stderr });
}

/** Explains an error to a person, with what to do about it; an interrupt needs no explanation. */
export function sayError(error: unknown): void {
  if (error instanceof NaetmulError && error.code === 'INTERRUPTED') return;
  if (!(error instanceof NaetmulError)) {
    say(
      `${paint('red', 'naetmul failed:')} ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
    return;
  }
  say(`${paint('red', 'error')} ${error.message}`);
  if (error.remedy !== undefined) say(`      ${error.remedy.replaceAll('\n', '\n      ')}`);
  if (error.blame === 'naetmul' && error.cause instanceof Error)
    say(paint('dim', error.cause.stack ?? error.cause.message));
}

export function exitCodeOf(error: unknown): number {
  if (!(error instanceof NaetmulError)) return exitCode.failed;
  if (error.code === 'NOT_RUNNING' || error.code === 'NOT_NAETMUL') return exitCode.notRunning;
  if (error.code === 'INTERRUPTED') return exitCode.interrupted;
  if (error.code === 'NOT_STARTED') return exitCode.notStarted;
  return error.blame === 'user' ? exitCode.usage : exitCode.failed;
}

/** Something silent for longer than this is asked for a sign of life. */
const SIGN_OF_LIFE_MS = 10_000;

export interface Progress {
  /** One line: `LocalStack   installing Python packages`. */
  step(component: string, message: string): void;
  /** No more signs of life; lines are still written. */
  settle(): void;
}

/** Tells progress as plain lines on stderr, the same on a terminal and in a CI log; never silent for long. */
export function createProgress(write: (line: string) => void = say): Progress {
  const started = machine.monotonic();
  let last: { component: string; message: string } | undefined;
  let timer: { cancel(): void } | undefined;
  let settled = false;

  function elapsed(): string {
    return paint('dim', formatDuration(machine.monotonic() - started).padStart(9));
  }
  function arm(): void {
    timer?.cancel();
    if (settled) return;
    timer = machine.setTimer(SIGN_OF_LIFE_MS, () => {
      if (last) write(`${elapsed()}  ${last.component.padEnd(11)} still: ${last.message}`);
      arm();
    });
  }
  return {
    step(component, message) {
      last = { component, message };
      write(`${elapsed()}  ${component.padEnd(11)} ${message}`);
      arm();
    },
    settle() {
      settled = true;
      timer?.cancel();
    },
  };
}
