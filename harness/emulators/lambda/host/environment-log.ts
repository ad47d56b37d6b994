import type { Readable } from 'node:stream';
import type { Clock } from '../../../clock/index.ts';
import type { LogSink } from '../../../edge/sinks.ts';
import { LOG_TAIL_BYTES } from './limits.ts';
import { LogFrames } from './log-frames.ts';
import { LogLines } from './log-lines.ts';

/** What Node says about its debugger, which nobody's function has printed. */
const DEBUGGER_CHATTER =
  /^(Debugger listening on |For help, see: https:\/\/nodejs\.org|Debugger (attached|ending)|Waiting for the debugger)/;
const DEBUGGER_ADDRESS = /^Debugger listening on (ws:\/\/\S+)/;
const DEBUGGER_FAILURE = /^Starting inspector on (.+) failed: (.+)/;

export interface InspectionNews {
  /** Told `ws://127.0.0.1:9229/…` whenever a process has opened its debugger. */
  readonly listens: (address: string) => void;
  /** Told that a process runs without a debugger, and why: `127.0.0.1:9229: address already in use`. */
  readonly fails: (why: string) => void;
}

export interface EnvironmentLogOptions {
  readonly sink: LogSink;
  readonly clock: Clock;
  readonly group: string;
  readonly stream: string;
  /** Told what the process says of its debugger. */
  readonly inspection?: InspectionNews | undefined;
}

/** An environment's log stream. A line's event ends with a newline, as those of AWS do; a frame's is what it holds. */
export class EnvironmentLog {
  readonly #options: EnvironmentLogOptions;
  readonly #unfinished = new Set<LogLines>();
  #tail: string[] = [];
  #tailLength = 0;

  constructor(options: EnvironmentLogOptions) {
    this.#options = options;
  }

  /** Events, oldest first, as they are. */
  put(messages: readonly string[]): void {
    for (const message of messages) this.#remember(message);
    this.#send(messages);
  }

  /** An event about the environment's own start: AWS has it in the stream, but in no invocation's log tail. */
  putInit(message: string): void {
    this.#send([message]);
  }

  /** Everything that comes out of the stream, line by line or frame by frame. */
  follow(stream: Readable, kind: 'lines' | 'frames'): void {
    // A pipe of a process that was killed may break; that the process ended is told elsewhere.
    stream.on('error', () => undefined);
    if (kind === 'frames') {
      const frames = new LogFrames();
      stream.on('data', (chunk: Buffer) => this.put(frames.add(chunk)));
      return;
    }
    const lines = new LogLines();
    this.#unfinished.add(lines);
    stream.on('data', (chunk: Buffer) => this.#putLines(lines.add(chunk)));
    stream.once('close', () => {
      this.#putLines(lines.flush());
      this.#unfinished.delete(lines);
    });
  }

  /** Lines that have no end yet are events too: nothing more comes for now. */
  flush(): void {
    for (const lines of this.#unfinished) this.#putLines(lines.flush());
  }

  /** The last 4 KB since the last call. */
  takeTail(): Buffer {
    const tail = Buffer.from(this.#tail.join(''));
    this.#tail = [];
    this.#tailLength = 0;
    return tail.subarray(Math.max(0, tail.length - LOG_TAIL_BYTES));
  }

  #send(messages: readonly string[]): void {
    if (messages.length === 0) return;
    const { sink, clock, group, stream } = this.#options;
    const timestamp = clock.now();
    sink.put(
      group,
      stream,
      messages.map((message) => ({ timestamp, message })),
    );
  }

  #putLines(lines: readonly string[]): void {
    this.put(this.#withoutChatter(lines).map((line) => `${line}\n`));
  }

  #remember(message: string): void {
    this.#tail.push(message.endsWith('\n') ? message : `${message}\n`);
    this.#tailLength += message.length;
    // A message has at least as many bytes as characters, so enough is left.
    while (this.#tailLength - (this.#tail[0]?.length ?? 0) >= LOG_TAIL_BYTES) {
      this.#tailLength -= this.#tail.shift()?.length ?? 0;
    }
  }

  #withoutChatter(lines: readonly string[]): readonly string[] {
    const { inspection } = this.#options;
    if (inspection === undefined) return lines;
    return lines.filter((line) => {
      const address = DEBUGGER_ADDRESS.exec(line)?.[1];
      if (address !== undefined) inspection.listens(address);
      const failure = DEBUGGER_FAILURE.exec(line);
      if (failure !== null) inspection.fails(`${failure[1]}: ${failure[2]}`);
      return failure === null && !DEBUGGER_CHATTER.test(line);
    });
  }
}
